package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client asks one server for one caller. Its fields are not changed while it is in use; then it may be used by several at once.
type Client struct {
	Server  string        // where the server is, without /graphql
	Token   string        // a bearer token
	Purpose string        // a code of HL7 PurposeOfUse
	HTTP    *http.Client  // nil for one of its own
	Every   time.Duration // between questions about a run; half a second where 0
}

// largestAnswer is how much of an answer is read.
const largestAnswer = 64 << 20

// ErrServer reports an address to which no token is sent.
var ErrServer = errors.New("a server is https://..., or http:// on this machine")

// Error is what the server says instead of an answer.
type Error struct {
	Status    int    // of HTTP
	Code      string // of the closed set in extensions.code; empty where the server gave none
	Message   string
	RequestID string // by which the server's operators find it
}

// Error gives the message, the code and the request.
func (e *Error) Error() string {
	text := "the server says: " + e.Message
	if e.Code != "" {
		text += " (" + e.Code + ")"
	}
	if e.RequestID != "" {
		text += ", request " + e.RequestID
	}
	return text
}

// ask puts a document and reads its data into told.
func (c *Client) ask(ctx context.Context, document string, variables map[string]any, told any) error {
	request, err := c.request(ctx, document, variables)
	if err != nil {
		return err
	}
	response, body, err := c.send(request)
	if err != nil {
		return err
	}
	return read(response, body, told)
}

// send sends a request and reads its answer whole.
func (c *Client) send(request *http.Request) (*http.Response, []byte, error) {
	client := c.HTTP
	if client == nil {
		client = &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, nil, fmt.Errorf("ask the server: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, largestAnswer+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read the server's answer: %w", err)
	}
	if len(body) > largestAnswer {
		return nil, nil, fmt.Errorf("the server's answer has more than %d MB", largestAnswer>>20)
	}
	return response, body, nil
}

func (c *Client) request(ctx context.Context, document string, variables map[string]any) (*http.Request, error) {
	server, err := place(c.Server, "graphql")
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return nil, fmt.Errorf("write the question: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json")
	request.Header.Set("X-Purpose-Of-Use", c.Purpose)
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	return request, nil
}

// place is where a server has something.
func place(server, name string) (string, error) {
	at, err := url.Parse(server)
	if err != nil || at.Host == "" || at.User != nil || at.RawQuery != "" {
		return "", ErrServer
	}
	if at.Scheme != "https" && (at.Scheme != "http" || !thisMachine(at.Hostname())) {
		return "", ErrServer
	}
	return at.JoinPath(name).String(), nil
}

func thisMachine(host string) bool {
	address := net.ParseIP(host)
	return host == "localhost" || address != nil && address.IsLoopback()
}

// read takes an answer apart.
func read(response *http.Response, body []byte, told any) error {
	answer := struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code, RequestID string }
		}
		Title, Detail string // of a problem, RFC 9457: what no GraphQL answers
		Data          any
	}{Data: told}
	err := json.Unmarshal(body, &answer)
	switch {
	case err == nil && len(answer.Errors) > 0:
		first := answer.Errors[0]
		return &Error{response.StatusCode, first.Extensions.Code, first.Message, first.Extensions.RequestID}
	case response.StatusCode >= 300 && err == nil && answer.Title != "":
		return &Error{Status: response.StatusCode, Message: strings.TrimSpace(answer.Title + " " + answer.Detail)}
	case err != nil || response.StatusCode >= 300:
		return &Error{Status: response.StatusCode, Message: fmt.Sprintf("%s, and nothing that could be read", http.StatusText(response.StatusCode))}
	}
	return nil
}
