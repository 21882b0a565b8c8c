package executor

import (
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// AppendResponse appends a response as JSON. The data is appended unchanged: it is JSON already, and compacting it
// again would take most of the time it took to write it. Errors come first; a refused request has no member data. Both
// follow the GraphQL specification.
func AppendResponse(b []byte, response *graphql.Response) ([]byte, error) {
	rest, err := json.Marshal(struct {
		Label      string         `json:"label,omitempty"`
		Path       ast.Path       `json:"path,omitempty"`
		HasNext    *bool          `json:"hasNext,omitempty"`
		Extensions map[string]any `json:"extensions,omitempty"`
	}{response.Label, response.Path, response.HasNext, response.Extensions})
	if err != nil {
		return b, err
	}
	b = append(b, '{')
	if len(response.Errors) > 0 {
		errors, err := json.Marshal(response.Errors)
		if err != nil {
			return b, err
		}
		b = append(append(append(b, `"errors":`...), errors...), ',')
	}
	if len(response.Data) > 0 {
		b = append(append(append(b, `"data":`...), response.Data...), ',')
	}
	b = append(b, rest[1:]...)
	if end := len(b) - 2; b[end] == ',' { // nothing followed
		b = append(b[:end], '}')
	}
	return b, nil
}
