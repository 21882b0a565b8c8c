package web

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onelondon/sources"
)

// FormType is the media type of a form.
const FormType = "application/x-www-form-urlencoded"

// Connection says how to reach a server.
type Connection struct {
	// Base is an http or https address without a query, a fragment or a user.
	Base        string
	Credentials Credentials
	// TLS holds the trusted authorities, by default the system's, and a client certificate if one is needed. The
	// minimum version is TLS 1.2.
	TLS *tls.Config
	// Transport answers instead of the network, see [InProcess]; nil for the network.
	Transport http.RoundTripper
	Timeout   time.Duration
	Idle      int // maximum idle connections
	Largest   int // maximum bytes of a reply
}

// Client asks one server. It is safe for concurrent use.
type Client struct {
	server  Server
	base    *url.URL
	http    *http.Client
	tokens  *tokens
	largest int
}

// errRedirected refuses redirects, so that a token is sent only to the server for which it is meant.
var errRedirected = errors.New("redirects are not followed")

// Client makes a client. An unusable key file is reported now, instead of with the first question.
func (s Server) Client(to Connection) (*Client, error) {
	base, err := url.Parse(to.Base)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.RawQuery != "" || base.Fragment != "" || base.User != nil {
		return nil, fmt.Errorf("the address of the %s server is not http(s)://host/path without a query, a fragment or a user", string(s))
	}
	base.Path = strings.TrimSuffix(base.Path, "/")
	if to.Credentials.KeyFile != "" {
		if _, err := to.Credentials.signer(); err != nil {
			return nil, err
		}
	}
	transport := to.Transport
	if transport == nil {
		transport = network(&to)
	}
	asking := &http.Client{Transport: transport, Timeout: to.Timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirected }}
	return &Client{server: s, base: base, http: asking, largest: to.Largest,
		tokens: &tokens{server: s, credentials: to.Credentials, http: asking, place: make(chan struct{}, 1)}}, nil
}

func network(to *Connection) *http.Transport {
	secure := &tls.Config{}
	if to.TLS != nil {
		secure = to.TLS.Clone()
	}
	secure.MinVersion = max(secure.MinVersion, tls.VersionTLS12)
	return &http.Transport{TLSClientConfig: secure, Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: to.Idle,
		MaxResponseHeaderBytes: 64 << 10}
}

// Base is the server's address, without a slash at its end.
func (c *Client) Base() url.URL { return *c.base }

// Close closes idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Request is one request to a server.
type Request struct {
	Method, URL string
	Header      map[string]string
	Body        []byte
}

// Send sends a request on behalf of a caller, and returns the body of a reply with status 200. Any other status is an
// error.
func (c *Client) Send(ctx context.Context, caller *sources.Caller, r *Request) ([]byte, error) {
	sent, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return nil, c.server.Garbled("a link that is no address")
	}
	for name, value := range r.Header {
		sent.Header.Set(name, value)
	}
	HandOn(sent.Header, caller)
	if err := c.tokens.sign(ctx, sent); err != nil {
		return nil, err
	}
	reply, err := c.http.Do(sent)
	if err != nil {
		return nil, c.server.Unreached(ctx)
	}
	defer reply.Body.Close()
	if reply.StatusCode == http.StatusUnauthorized {
		c.tokens.forget()
	}
	if reply.StatusCode != http.StatusOK {
		return nil, c.server.Refused(reply.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(reply.Body, int64(c.largest)+1))
	switch {
	case err != nil:
		return nil, c.server.Unreached(ctx)
	case len(body) > c.largest:
		return nil, c.server.Garbled("larger than may be read")
	}
	return body, nil
}

// Decode decodes JSON into target, keeping numbers as they are written.
func (s Server) Decode(body []byte, target any) error {
	reading := json.NewDecoder(bytes.NewReader(body))
	reading.UseNumber()
	if err := reading.Decode(target); err != nil {
		return s.Garbled("no JSON of the form expected") // the decoder's error may quote a value
	}
	return nil
}
