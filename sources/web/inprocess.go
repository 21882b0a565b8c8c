package web

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"net/http"
)

// InProcess is a transport whose requests are answered by a handler in this process: there is no port and no
// connection, and nobody else can ask.
func InProcess(handler http.Handler) http.RoundTripper { return inProcess{handler} }

type inProcess struct{ handler http.Handler }

var (
	_ http.RoundTripper   = inProcess{}
	_ http.ResponseWriter = (*kept)(nil)
)

// errPanicked replaces the panic of a handler, whose value may quote a record.
var errPanicked = errors.New("the handler panicked")

// RoundTrip calls the handler, and waits no longer than the request's context lasts.
func (p inProcess) RoundTrip(request *http.Request) (*http.Response, error) {
	asked := request.Clone(request.Context())
	asked.Host, asked.RequestURI = cmp.Or(request.Host, request.URL.Host), request.URL.RequestURI()
	if asked.Body == nil {
		asked.Body = http.NoBody
	}
	answered := make(chan error, 1)
	reply := &kept{header: http.Header{}, status: http.StatusOK}
	go func() {
		err := errPanicked
		defer func() {
			_ = recover()
			_ = asked.Body.Close() // a transport closes the body it is given
			answered <- err
		}()
		p.handler.ServeHTTP(reply, asked)
		err = nil
	}()
	select {
	case err := <-answered:
		if err != nil {
			return nil, err
		}
		return reply.response(request), nil
	case <-request.Context().Done():
		return nil, request.Context().Err()
	}
}

// kept is a reply in memory.
type kept struct {
	header  http.Header
	status  int
	written bool
	body    bytes.Buffer
}

// Header returns the headers of the reply.
func (k *kept) Header() http.Header { return k.header }

// WriteHeader sets the status, once.
func (k *kept) WriteHeader(status int) {
	if !k.written {
		k.status, k.written = status, true
	}
}

// Write appends to the body.
func (k *kept) Write(part []byte) (int, error) {
	k.written = true
	return k.body.Write(part)
}

func (k *kept) response(to *http.Request) *http.Response {
	return &http.Response{Status: http.StatusText(k.status), StatusCode: k.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: k.header,
		Body: io.NopCloser(&k.body), ContentLength: int64(k.body.Len()), Request: to}
}
