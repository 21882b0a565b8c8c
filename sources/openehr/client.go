package openehr

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"onelondon/sources"
	"onelondon/sources/web"
)

// client speaks HTTP with one server. It is safe for concurrent use.
type client struct {
	query       string // the address that queries are sent to
	credentials Credentials
	http        *http.Client
	largest     int // bytes of one reply
}

// errRedirected refuses redirects: a token goes nowhere but to the server it is for.
var errRedirected = errors.New("redirects are not followed")

// newClient makes a client out of options that are filled.
func newClient(options *Options) (*client, error) {
	base, err := url.Parse(options.Base)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.RawQuery != "" || base.Fragment != "" || base.User != nil {
		return nil, errors.New("the address of the openEHR server is not http(s)://host/path without a query, a fragment or a user")
	}
	secure := &tls.Config{MinVersion: tls.VersionTLS12}
	if options.TLS != nil {
		secure = options.TLS.Clone()
		secure.MinVersion = max(secure.MinVersion, tls.VersionTLS12)
	}
	transport := &http.Transport{TLSClientConfig: secure, Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 2 * atOnce,
		MaxResponseHeaderBytes: 64 << 10}
	return &client{query: strings.TrimSuffix(base.String(), "/") + "/v1/query/aql", credentials: options.Credentials, largest: options.Read.Bytes,
		http: &http.Client{Transport: transport, Timeout: options.Timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirected }}}, nil
}

// statement is a query with its parameters, as the REST API takes it.
type statement struct {
	Q          string         `json:"q"`
	Parameters map[string]any `json:"query_parameters,omitempty"`
}

// result is what of a RESULT_SET matters here, numbers as they are written.
type result struct {
	Rows [][]any `json:"rows"`
}

// ask sends a query and returns its rows, each of so many columns, and how many bytes came.
func (c *client) ask(ctx context.Context, caller *sources.Caller, s *statement, columns int) (rows [][]any, size int, err error) {
	body, err := json.Marshal(s)
	if err != nil {
		return nil, 0, server.Garbled("a query that cannot be written")
	}
	sent, err := http.NewRequestWithContext(ctx, http.MethodPost, c.query, bytes.NewReader(body))
	if err != nil {
		return nil, 0, server.Garbled("no address")
	}
	sent.Header.Set("Content-Type", "application/json")
	sent.Header.Set("Accept", "application/json")
	web.HandOn(sent.Header, caller)
	c.sign(sent)
	reply, err := c.http.Do(sent)
	if err != nil {
		return nil, 0, server.Unreached(ctx)
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return nil, 0, server.Refused(reply.StatusCode)
	}
	read, err := io.ReadAll(io.LimitReader(reply.Body, int64(c.largest)+1))
	switch {
	case err != nil:
		return nil, 0, server.Unreached(ctx)
	case len(read) > c.largest:
		return nil, 0, server.Garbled("larger than may be read")
	}
	rows, err = rowsOf(read, columns)
	return rows, len(read), err
}

// sign proves who asks.
func (c *client) sign(sent *http.Request) {
	switch {
	case c.credentials.Token != "":
		sent.Header.Set("Authorization", "Bearer "+c.credentials.Token)
	case c.credentials.User != "":
		sent.SetBasicAuth(c.credentials.User, c.credentials.Password)
	}
}

// rowsOf reads the rows of a reply.
func rowsOf(body []byte, columns int) ([][]any, error) {
	reading := json.NewDecoder(bytes.NewReader(body))
	reading.UseNumber()
	var read result
	if err := reading.Decode(&read); err != nil {
		return nil, server.Garbled("no JSON of the form expected") // the decoder's words may quote a value
	}
	if read.Rows == nil {
		return nil, server.Garbled("no rows")
	}
	for _, row := range read.Rows {
		if len(row) != columns {
			return nil, server.Garbled("a row of another number of columns than was asked for")
		}
	}
	return read.Rows, nil
}
