package server

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	documentsKept = 1000
	// longestKept is the maximum total size of cached documents; an application's own documents are far smaller.
	longestKept = 16 << 10
)

// documents caches parsed and validated documents, by their text.
type documents struct {
	kept *lru.Cache[string, *ast.QueryDocument]
}

var _ graphql.Cache[*ast.QueryDocument] = documents{}

func newDocuments() (documents, error) {
	kept, err := lru.New[string, *ast.QueryDocument](documentsKept)
	return documents{kept}, err
}

// Get returns the cached document for a text.
func (d documents) Get(_ context.Context, text string) (*ast.QueryDocument, bool) {
	if len(text) > longestKept {
		return nil, false
	}
	return d.kept.Get(text)
}

// Add caches the document for a text, unless it is too long.
func (d documents) Add(_ context.Context, text string, document *ast.QueryDocument) {
	if len(text) <= longestKept {
		d.kept.Add(text, document)
	}
}
