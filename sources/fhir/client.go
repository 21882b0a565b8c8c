package fhir

import (
	"context"
	"net/http"
	"net/url"

	"onelondon/sources"
	"onelondon/sources/web"
)

const fhirType = "application/fhir+json"

// client speaks HTTP with one server. It is safe for concurrent use.
type client struct {
	base  *url.URL
	bases []base // the same server's, that first
	web   *web.Client
}

// newClient makes a client out of options that are filled.
func newClient(options *Options) (*client, error) {
	asking, err := server.Client(web.Connection{Base: options.Base, Credentials: options.Credentials, TLS: options.TLS, Transport: options.Transport,
		Timeout: options.Timeout, Idle: 4, Largest: options.Read.Bytes})
	if err != nil {
		return nil, err
	}
	own := asking.Base()
	bases, err := basesOf(&own, options.Aliases)
	if err != nil {
		return nil, err
	}
	return &client{base: &own, bases: bases, web: asking}, nil
}

// exchange is one request to the server.
type exchange struct {
	method, to  string
	contentType string
	body        []byte
}

// form is a search whose parameters stand in the body.
func (c *client) form(resource string, params url.Values) exchange {
	return exchange{http.MethodPost, c.base.String() + "/" + resource + "/_search", web.FormType, []byte(params.Encode())}
}

// do sends a request and decodes the reply into target, numbers as they are written. It returns how many bytes came.
func (c *client) do(ctx context.Context, caller *sources.Caller, r exchange, target any) (int, error) {
	header := map[string]string{"Accept": fhirType, "Prefer": "handling=strict"}
	if r.contentType != "" {
		header["Content-Type"] = r.contentType
	}
	body, err := c.web.Send(ctx, caller, &web.Request{Method: r.method, URL: r.to, Header: header, Body: r.body})
	if err != nil {
		return 0, err
	}
	return len(body), server.Decode(body, target)
}
