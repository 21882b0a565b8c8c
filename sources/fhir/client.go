package fhir

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"onelondon/sources"
	"onelondon/sources/web"
)

const (
	formType = "application/x-www-form-urlencoded"
	fhirType = "application/fhir+json"
)

// client speaks HTTP with one server. It is safe for concurrent use.
type client struct {
	base    *url.URL
	http    *http.Client
	tokens  *tokens
	largest int // bytes of one reply
}

// errRedirected refuses redirects: a token goes nowhere but to the server it is for.
var errRedirected = errors.New("redirects are not followed")

// newClient makes a client out of options that are filled.
func newClient(options *Options) (*client, error) {
	base, err := url.Parse(options.Base)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.RawQuery != "" || base.Fragment != "" || base.User != nil {
		return nil, errors.New("the address of the FHIR server is not http(s)://host/path without a query, a fragment or a user")
	}
	base.Path = strings.TrimSuffix(base.Path, "/")
	if options.Credentials.KeyFile != "" {
		if _, err := options.Credentials.signer(); err != nil {
			return nil, err // now, rather than with the first question
		}
	}
	transport := &http.Transport{TLSClientConfig: tlsOf(options), Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 4,
		MaxResponseHeaderBytes: 64 << 10}
	asking := &http.Client{Transport: transport, Timeout: options.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirected }}
	return &client{base: base, http: asking, largest: options.Read.Bytes, tokens: &tokens{credentials: options.Credentials, http: asking, place: make(chan struct{}, 1)}}, nil
}

// exchange is one request to the server.
type exchange struct {
	method, to  string
	contentType string
	body        []byte
}

// form is a search whose parameters stand in the body.
func (c *client) form(resource string, params url.Values) exchange {
	return exchange{http.MethodPost, c.base.String() + "/" + resource + "/_search", formType, []byte(params.Encode())}
}

// do sends a request and decodes the reply into target, numbers as they are written. It returns how many bytes came.
func (c *client) do(ctx context.Context, caller *sources.Caller, r exchange, target any) (int, error) {
	sent, err := http.NewRequestWithContext(ctx, r.method, r.to, bytes.NewReader(r.body))
	if err != nil {
		return 0, server.Garbled("a link that is no address")
	}
	if r.contentType != "" {
		sent.Header.Set("Content-Type", r.contentType)
	}
	sent.Header.Set("Accept", fhirType)
	sent.Header.Set("Prefer", "handling=strict")
	web.HandOn(sent.Header, caller)
	if err := c.tokens.sign(ctx, sent); err != nil {
		return 0, err
	}
	reply, err := c.http.Do(sent)
	if err != nil {
		return 0, server.Unreached(ctx)
	}
	defer reply.Body.Close()
	if reply.StatusCode == http.StatusUnauthorized {
		c.tokens.forget()
	}
	if reply.StatusCode != http.StatusOK {
		return 0, server.Refused(reply.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(reply.Body, int64(c.largest)+1))
	switch {
	case err != nil:
		return 0, server.Unreached(ctx)
	case len(body) > c.largest:
		return 0, server.Garbled("larger than may be read")
	}
	return len(body), decode(body, target)
}

func decode(body []byte, target any) error {
	reading := json.NewDecoder(bytes.NewReader(body))
	reading.UseNumber()
	if err := reading.Decode(target); err != nil {
		return server.Garbled("no JSON of the form expected") // the decoder's words may quote a value
	}
	return nil
}
