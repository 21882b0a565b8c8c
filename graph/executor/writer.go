package executor

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// errNull reports a missing value where the schema promises one.
var errNull = errors.New("null where the schema promises a value")

// writer is the state of writing one answer.
type writer struct {
	ctx  context.Context // of the object being written; passed to resolvers
	oc   *graphql.OperationContext
	buf  []byte
	path []step
}

// step is one step of the path to what is being written: a response key, or a list index if key is empty.
type step struct {
	key   string
	index int
}

func (w *writer) enter(key string) { w.path = append(w.path, step{key: key}) }

func (w *writer) enterItem(index int) { w.path = append(w.path, step{index: index}) }

func (w *writer) leave() { w.path = w.path[:len(w.path)-1] }

// null writes null for a missing value.
func (w *writer) null() outcome {
	w.buf = append(w.buf, "null"...)
	return null
}

// fail discards what was written since start, and writes null instead.
func (w *writer) fail(start int) outcome {
	w.buf = append(w.buf[:start], "null"...)
	return failed
}

// reportNull reports that the field key of the object being written is null although it must not be.
func (w *writer) reportNull(key string) { w.report(key, nil, errNull) }

// report reports an error of the field key of the object being written. If the error has a path of its own, that is
// kept.
func (w *writer) report(key string, position *ast.Position, err error) {
	var placed *gqlerror.Error
	if !errors.As(err, &placed) {
		placed = gqlerror.Wrap(err)
		err = placed
	}
	if placed.Path == nil {
		placed.Path = append(w.here(), ast.PathName(key))
	}
	if placed.Locations == nil && position != nil {
		placed.Locations = []gqlerror.Location{{Line: position.Line, Column: position.Column}}
	}
	w.oc.Error(w.ctx, err)
}

// here is the path to the object being written.
func (w *writer) here() ast.Path {
	path := make(ast.Path, 0, len(w.path)+1)
	for _, step := range w.path {
		if step.key != "" {
			path = append(path, ast.PathName(step.key))
		} else {
			path = append(path, ast.PathIndex(step.index))
		}
	}
	return path
}
