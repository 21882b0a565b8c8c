package onelondon

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"onelondon/sources"
	"onelondon/sources/onelondon/wire"
)

// client speaks HTTP/2 with one OneLondon. It is safe for concurrent use.
type client struct {
	base     string
	instance string
	http     *http.Client
}

var errRedirected = errors.New("redirects are not followed")

// newClient goes straight to the other: what lies between could read what passes, or pretend to be either end.
func newClient(base string, options *Options) *client {
	secured := options.TLS.Clone()
	secured.MinVersion = tls.VersionTLS13
	var protocols http.Protocols
	protocols.SetHTTP2(true)
	transport := &http.Transport{TLSClientConfig: secured, Protocols: &protocols, ForceAttemptHTTP2: true,
		DisableCompression: true, TLSHandshakeTimeout: 5 * time.Second, IdleConnTimeout: 5 * time.Minute,
		MaxResponseHeaderBytes: 16 << 10,
		// A connection that died without a word is found out while nobody waits for it.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 5 * time.Second}}
	return &client{base: base, instance: options.Instance, http: &http.Client{Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirected }}}
}

// send sends a request and returns a reply that is no refusal. Its body is to be closed.
func (c *client) send(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, sources.ErrUnavailable
	}
	request.Header.Set("Accept", wire.Media)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", wire.Media)
	} else {
		request.Header.Set(wire.HopsHeader, strings.Join(append(append([]string(nil), sources.Hops(ctx)...), c.instance), ","))
	}
	reply, err := c.http.Do(request)
	if err != nil {
		return nil, unreached(ctx, err)
	}
	if reply.StatusCode == http.StatusOK && reply.Header.Get("Content-Type") == wire.Media {
		return reply, nil
	}
	_ = reply.Body.Close()
	if why := reply.Header.Get(wire.RefusalHeader); why != "" {
		return nil, refusal(wire.Refusal(why))
	}
	if reply.StatusCode == http.StatusOK {
		return nil, sources.ErrMalformed
	}
	return nil, sources.WithCode(sources.ErrUnavailable, fmt.Sprintf("HTTP %d", reply.StatusCode))
}

// unreached says that there was no reply, and no more: what a library says may hold an address.
func unreached(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var alert tls.AlertError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &alert), strings.Contains(err.Error(), "remote error: tls:"):
		return sources.WithCode(sources.ErrUnavailable, "TLS refused us")
	case errors.As(err, &certificate):
		return sources.WithCode(sources.ErrUnavailable, "TLS certificate")
	}
	return sources.ErrUnavailable
}

// small bounds what a OneLondon says of itself.
const small = 256 << 10

func (c *client) get(ctx context.Context, path string) ([]byte, error) {
	reply, err := c.send(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	return whole(ctx, reply, small)
}

// post sends a question, and says by which About it was answered; "" where the other does not say.
func (c *client) post(ctx context.Context, path string, body []byte, most int) (answer []byte, about string, err error) {
	reply, err := c.send(ctx, http.MethodPost, path, body)
	if err != nil {
		return nil, "", err
	}
	answer, err = whole(ctx, reply, most)
	return answer, reply.Header.Get(wire.AboutHeader), err
}

// whole reads a reply, which must not be larger than most, and closes it.
func whole(ctx context.Context, reply *http.Response, most int) ([]byte, error) {
	defer func() { _ = reply.Body.Close() }()
	if reply.ContentLength > int64(most) {
		return nil, sources.ErrMalformed
	}
	var whole bytes.Buffer
	whole.Grow(int(max(reply.ContentLength, 0)) + bytes.MinRead)
	read, err := whole.ReadFrom(io.LimitReader(reply.Body, int64(most)+1))
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, sources.ErrUnavailable
	case read > int64(most):
		return nil, sources.ErrMalformed
	}
	return whole.Bytes(), nil
}
