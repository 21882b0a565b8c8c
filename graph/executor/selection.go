package executor

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"onelondon/graph/scalars"
)

// outcome is what became of a value.
type outcome uint8

const (
	written outcome = iota
	null            // null was written because there is no value
	failed          // null was written because of an error, which has been reported
)

// write appends the value of one field of an object.
type write[T any] func(w *writer, object T) outcome

// build makes the function that writes a selected field.
type build[T any] func(c *compiler, field graphql.CollectedField) write[T]

// fields is the table of an object type's fields, by name.
type fields[T any] map[string]build[T]

// selection is a compiled selection set on objects of type T.
type selection[T any] []selected[T]

type selected[T any] struct {
	key     string // the response key
	prefix  string // the response key as JSON, with its colon
	nonNull bool
	write   write[T]
}

// compile compiles a selection set on an object of the named types, of which the first is its own.
func compile[T any](c *compiler, table fields[T], set ast.SelectionSet, satisfies ...string) selection[T] {
	collected := graphql.CollectFields(c.oc, set, satisfies)
	compiled := make(selection[T], 0, len(collected))
	for _, field := range collected {
		make, known := table[field.Name]
		if field.Name == "__typename" {
			make, known = typename[T](satisfies[0]), true
		}
		if !known {
			c.unknown = true
			continue
		}
		compiled = append(compiled, selected[T]{
			key:     field.Alias,
			prefix:  string(scalars.AppendString(nil, field.Alias)) + ":",
			nonNull: field.Definition.Type.NonNull,
			write:   make(c, field),
		})
	}
	return compiled
}

func typename[T any](name string) build[T] {
	return func(*compiler, graphql.CollectedField) write[T] {
		return func(w *writer, _ T) outcome {
			w.buf = scalars.AppendString(w.buf, name)
			return written
		}
	}
}

// write appends an object. A null in a non-null field makes the whole object null; the other fields are still written,
// so that all their errors are reported.
func (s selection[T]) write(w *writer, object T) outcome {
	start, valid := len(w.buf), true
	w.buf = append(w.buf, '{')
	for i := range s {
		field := &s[i]
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.buf = append(w.buf, field.prefix...)
		result := field.write(w, object)
		if result == written || !field.nonNull {
			continue
		}
		if result == null {
			w.reportNull(field.key)
		}
		valid = false
	}
	if !valid {
		return w.fail(start)
	}
	w.buf = append(w.buf, '}')
	return written
}
