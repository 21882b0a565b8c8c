package server

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	documentsKept = 1000
	// longestKept bounds what the documents kept may cost together; an application's own documents are far shorter.
	longestKept = 16 << 10
)

// documents keeps parsed and validated documents, by their text.
type documents struct {
	kept *lru.Cache[string, *ast.QueryDocument]
}

var _ graphql.Cache[*ast.QueryDocument] = documents{}

func newDocuments() (documents, error) {
	kept, err := lru.New[string, *ast.QueryDocument](documentsKept)
	return documents{kept}, err
}

// Get returns the document of a text.
func (d documents) Get(_ context.Context, text string) (*ast.QueryDocument, bool) {
	if len(text) > longestKept {
		return nil, false
	}
	return d.kept.Get(text)
}

// Add keeps the document of a text, unless it is too long to be kept.
func (d documents) Add(_ context.Context, text string, document *ast.QueryDocument) {
	if len(text) <= longestKept {
		d.kept.Add(text, document)
	}
}
