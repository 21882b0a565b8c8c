package openehr

import (
	"context"
	"encoding/json"
	"net/http"

	"onelondon/sources"
	"onelondon/sources/web"
)

// client speaks HTTP with one server. It is safe for concurrent use.
type client struct {
	base string // that the resources of the REST API hang below
	web  *web.Client
}

// newClient makes a client out of options that are filled.
func newClient(options *Options) (*client, error) {
	asking, err := server.Client(web.Connection{Base: options.Base, Credentials: options.Credentials, TLS: options.TLS, Transport: options.Transport,
		Timeout: options.Timeout, Idle: 2 * atOnce, Largest: options.Read.Bytes})
	if err != nil {
		return nil, err
	}
	base := asking.Base()
	return &client{base: base.String() + "/v1", web: asking}, nil
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
	read, err := c.web.Send(ctx, caller, &web.Request{Method: http.MethodPost, URL: c.base + "/query/aql", Body: body,
		Header: map[string]string{"Content-Type": "application/json", "Accept": "application/json"}})
	if err != nil {
		return nil, 0, err
	}
	rows, err = rowsOf(read, columns)
	return rows, len(read), err
}

// rowsOf reads the rows of a reply.
func rowsOf(body []byte, columns int) ([][]any, error) {
	var read result
	if err := server.Decode(body, &read); err != nil {
		return nil, err
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
