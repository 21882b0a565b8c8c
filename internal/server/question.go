package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/go-json-experiment/json/jsontext"
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
	// The body is UTF-8 by now; half of a surrogate pair, escaped, is a value that fits nothing and not a fault of the form.
	decoder := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowInvalidUTF8(true))
	switch decoder.PeekKind() {
	case jsontext.KindBeginArray:
		return nil, batch
	case jsontext.KindBeginObject:
	default:
		return nil, malformed
	}
	whole, err := readValue(decoder)
	if err != nil {
		return nil, err
	}
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, malformed
	}
	object, _ := whole.(map[string]any)
	return question(object)
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

// readValue reads a value of any type. A key that stands twice in an object is the decoder's to refuse.
func readValue(decoder *jsontext.Decoder) (any, error) {
	token, err := decoder.ReadToken()
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return nil, repeatedKey
	case err != nil:
		return nil, malformed
	case decoder.StackDepth() > deepest:
		return nil, tooNested
	}
	switch token.Kind() {
	case jsontext.KindBeginObject:
		return readObject(decoder)
	case jsontext.KindBeginArray:
		return readArray(decoder)
	case jsontext.KindString:
		return token.String(), nil
	case jsontext.KindNumber:
		return json.Number(token.String()), nil
	case jsontext.KindTrue, jsontext.KindFalse:
		return token.Bool(), nil
	}
	return nil, nil // null
}

// readObject reads the rest of an object whose brace has been read.
func readObject(decoder *jsontext.Decoder) (map[string]any, error) {
	object := map[string]any{}
	for decoder.PeekKind() != jsontext.KindEndObject {
		name, err := readValue(decoder)
		if err != nil {
			return nil, err
		}
		value, err := readValue(decoder)
		if err != nil {
			return nil, err
		}
		key, _ := name.(string) // the decoder takes nothing else
		object[key] = value
	}
	return object, end(decoder)
}

// readArray reads the rest of an array whose bracket has been read.
func readArray(decoder *jsontext.Decoder) ([]any, error) {
	array := []any{}
	for decoder.PeekKind() != jsontext.KindEndArray {
		value, err := readValue(decoder)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	return array, end(decoder)
}

func end(decoder *jsontext.Decoder) error {
	if _, err := decoder.ReadToken(); err != nil {
		return malformed
	}
	return nil
}
