package executor

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"onelondon/graph/scalars"
	"onelondon/internal/clinical"
)

// leaf is a field that appends its value, or nothing for null.
func leaf[T any](add func(b []byte, object T) []byte) build[T] {
	value := func(w *writer, object T) outcome {
		before := len(w.buf)
		w.buf = add(w.buf, object)
		if len(w.buf) == before {
			return w.null()
		}
		return written
	}
	return func(*compiler, graphql.CollectedField) write[T] { return value }
}

// text is a field whose empty string means null.
func text[T any, S ~string](read func(T) S) build[T] {
	return leaf(func(b []byte, object T) []byte { return appendText(b, read(object)) })
}

func appendText[S ~string](b []byte, value S) []byte {
	if value == "" {
		return b
	}
	return scalars.AppendString(b, string(value))
}

// words is a field whose empty string is not null.
func words[T any](read func(T) string) build[T] {
	return leaf(func(b []byte, object T) []byte { return scalars.AppendString(b, read(object)) })
}

func date[T any](read func(T) clinical.DateTime) build[T] {
	return leaf(func(b []byte, object T) []byte { return appendDate(b, read(object)) })
}

func appendDate(b []byte, value clinical.DateTime) []byte {
	if value.IsZero() {
		return b
	}
	return append(value.AppendTo(append(b, '"')), '"')
}

func count[T any, N int | uint64](read func(T) N) build[T] {
	return leaf(func(b []byte, object T) []byte {
		value := read(object)
		if value < 0 {
			return strconv.AppendInt(b, int64(value), 10)
		}
		return strconv.AppendUint(b, uint64(value), 10)
	})
}

func truth[T any](read func(T) bool) build[T] {
	return leaf(func(b []byte, object T) []byte { return strconv.AppendBool(b, read(object)) })
}

// values is a list of leaves. A null in a list of non-null values makes the list null.
func values[T, E any](read func(T) []E, add func(b []byte, value E) []byte) build[T] {
	list := func(w *writer, object T) outcome {
		start := len(w.buf)
		w.buf = append(w.buf, '[')
		for i, value := range read(object) {
			if i > 0 {
				w.buf = append(w.buf, ',')
			}
			before := len(w.buf)
			w.buf = add(w.buf, value)
			if len(w.buf) == before {
				w.buf = w.buf[:start]
				return w.null()
			}
		}
		w.buf = append(w.buf, ']')
		return written
	}
	return func(*compiler, graphql.CollectedField) write[T] { return list }
}

// one is a field that is an object; nil is null.
func one[T, E any](read func(T) *E, name string, table fields[*E]) build[T] {
	return func(c *compiler, field graphql.CollectedField) write[T] {
		key, compiled := field.Alias, compile(c, table, field.Selections, name)
		return func(w *writer, object T) outcome {
			value := read(object)
			if value == nil {
				return w.null()
			}
			w.enter(key)
			result := compiled.write(w, value)
			w.leave()
			return result
		}
	}
}

// many is a field that is a list of objects, none of which may be null.
func many[T, E any](read func(T) []E, name string, table fields[*E]) build[T] {
	return func(c *compiler, field graphql.CollectedField) write[T] {
		key, compiled := field.Alias, compile(c, table, field.Selections, name)
		return func(w *writer, object T) outcome {
			list := read(object)
			return w.list(key, len(list), func(i int) outcome { return compiled.write(w, &list[i]) })
		}
	}
}

// list writes a list of objects under key. A failed element makes the list null; the others are still written, so that
// all their errors are reported.
func (w *writer) list(key string, length int, element func(i int) outcome) outcome {
	start, valid := len(w.buf), true
	w.enter(key)
	w.buf = append(w.buf, '[')
	for i := range length {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.enterItem(i)
		if element(i) != written {
			valid = false
		}
		w.leave()
	}
	w.leave()
	if !valid {
		return w.fail(start)
	}
	w.buf = append(w.buf, ']')
	return written
}
