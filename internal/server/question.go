package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

// deepest is how far variables may be nested.
const deepest = 32

// readBody reads a request's body up to the limit. The error is a problem.
func readBody(w http.ResponseWriter, r *http.Request, limit int) ([]byte, error) {
	if r.Header.Get("Content-Encoding") != "" {
		return nil, notJSON
	}
	if r.ContentLength > int64(limit) {
		return nil, tooLarge
	}
	body := bytes.NewBuffer(make([]byte, 0, max(512, int(r.ContentLength)+bytes.MinRead)))
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, int64(limit)))
	if over := (*http.MaxBytesError)(nil); errors.As(err, &over) {
		return nil, tooLarge
	}
	if err != nil {
		return nil, unread
	}
	if !utf8.Valid(body.Bytes()) {
		return nil, notUTF8
	}
	return body.Bytes(), nil
}

// readQuestion reads the body of a request (GraphQL over HTTP, section 5.2). It is stricter than JSON needs to be: a key that
// stands twice or that nobody knows is refused, since two programs on the way might read it differently. The error is a
// problem.
func readQuestion(body []byte) (*graphql.RawParams, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	first, err := decoder.Token()
	switch {
	case err != nil:
		return nil, malformed
	case first == json.Delim('['):
		return nil, batch
	case first != json.Delim('{'):
		return nil, malformed
	}
	whole, err := readObject(decoder, 0)
	if err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, malformed
	}
	return question(whole)
}

func question(whole map[string]any) (*graphql.RawParams, error) {
	read := &graphql.RawParams{}
	for key, value := range whole {
		var ok bool
		var fault error
		switch key {
		case "query":
			read.Query, ok = value.(string)
			fault = badQuery
		case "operationName":
			read.OperationName, ok = value.(string)
			fault = badOperation
		case "variables":
			read.Variables, ok = value.(map[string]any)
			fault = badVariables
		case "extensions":
			read.Extensions, ok = value.(map[string]any)
			fault = badExtensions
		default:
			return nil, unknownKey
		}
		if !ok && (value != nil || key == "query") {
			return nil, fault
		}
	}
	if read.Query == "" {
		return nil, badQuery
	}
	return read, nil
}

// readObject reads the rest of an object whose brace has been read.
func readObject(decoder *json.Decoder, depth int) (map[string]any, error) {
	object := map[string]any{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, malformed
		}
		name, ok := key.(string)
		if !ok {
			return nil, malformed
		}
		if _, twice := object[name]; twice {
			return nil, repeatedKey
		}
		if object[name], err = readValue(decoder, depth+1); err != nil {
			return nil, err
		}
	}
	return object, end(decoder)
}

func readArray(decoder *json.Decoder, depth int) ([]any, error) {
	array := []any{}
	for decoder.More() {
		value, err := readValue(decoder, depth+1)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	return array, end(decoder)
}

func readValue(decoder *json.Decoder, depth int) (any, error) {
	token, err := decoder.Token()
	switch {
	case err != nil:
		return nil, malformed
	case depth > deepest:
		return nil, tooNested
	case token == json.Delim('{'):
		return readObject(decoder, depth)
	case token == json.Delim('['):
		return readArray(decoder, depth)
	}
	return token, nil
}

func end(decoder *json.Decoder) error {
	if _, err := decoder.Token(); err != nil {
		return malformed
	}
	return nil
}
