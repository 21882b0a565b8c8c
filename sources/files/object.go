package files

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// deepest is how deep a document may be.
const deepest = 100

// The faults of JSON. The decoder's own words may quote a value.
var (
	errSyntax = errors.New("no JSON")
	errObject = errors.New("no JSON object")
	errTwice  = errors.New("a key stands twice in one object")
	errDeep   = errors.New("objects are too deep in each other")
	errBehind = errors.New("something stands behind the object")
)

// object reads one JSON object that is all there is. Within is on which line, from the first, a fault is.
func object(content []byte) (read Object, within int, err error) {
	r := &reader{decoder: json.NewDecoder(bytes.NewReader(content))}
	r.decoder.UseNumber()
	value, err := r.value(0)
	if err == nil {
		if _, more := r.decoder.Token(); !errors.Is(more, io.EOF) {
			err = errBehind
		}
	}
	read, isObject := value.(Object)
	if err == nil && !isObject {
		err = errObject
	}
	at := min(int(r.decoder.InputOffset()), len(content))
	return read, bytes.Count(content[:at], []byte("\n")), err
}

// reader reads values by tokens, so that a key that stands twice is seen.
type reader struct{ decoder *json.Decoder }

func (r *reader) value(deep int) (any, error) {
	token, err := r.decoder.Token()
	if err != nil {
		return nil, errSyntax
	}
	switch {
	case deep > deepest:
		return nil, errDeep
	case token == json.Delim('{'):
		return r.object(deep)
	case token == json.Delim('['):
		return r.list(deep)
	}
	return token, nil
}

func (r *reader) object(deep int) (Object, error) {
	read := Object{}
	for r.decoder.More() {
		token, err := r.decoder.Token()
		key, isText := token.(string)
		if err != nil || !isText {
			return nil, errSyntax
		}
		if _, twice := read[key]; twice {
			return nil, errTwice
		}
		if read[key], err = r.value(deep + 1); err != nil {
			return nil, err
		}
	}
	return read, r.end()
}

func (r *reader) list(deep int) ([]any, error) {
	read := []any{}
	for r.decoder.More() {
		value, err := r.value(deep + 1)
		if err != nil {
			return nil, err
		}
		read = append(read, value)
	}
	return read, r.end()
}

func (r *reader) end() error {
	if _, err := r.decoder.Token(); err != nil {
		return errSyntax
	}
	return nil
}
