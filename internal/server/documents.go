package server

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
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

// refuseDefer is the name of our rule against @defer.
const refuseDefer = "NoDeferredFields"

// documentRules are the rules of the GraphQL specification and one of ours: @defer is refused. An answer here is one whole;
// a field put off would be missing from it, and a list of allergies that is missing reads as one that is empty.
func documentRules() *rules.Rules {
	all := rules.NewDefaultRules()
	all.AddRule(refuseDefer, func(observers *core.Events, addError core.AddErrFunc) {
		observers.OnDirective(func(_ *core.Walker, directive *ast.Directive) {
			if directive.Name == "defer" || directive.Name == "stream" {
				addError(core.Message("deferred"), core.At(directive.Position))
			}
		})
	})
	return all
}

// withoutWords says what is wrong with a document by rule and place. The words of parser and validator repeat the document,
// and what stands in it may be a patient's.
func withoutWords(faults gqlerror.List) gqlerror.List {
	told := make(gqlerror.List, 0, len(faults))
	for _, fault := range faults {
		code, _ := fault.Extensions["code"].(string)
		said := &gqlerror.Error{Locations: fault.Locations, Extensions: map[string]any{"code": code}}
		switch {
		case fault.Rule == refuseDefer:
			said.Message = "@defer and @stream are not offered: every answer comes whole."
		case fault.Rule != "":
			said.Message = "The document breaks the rule " + fault.Rule + " of the GraphQL specification at the place given."
		case code == errcode.ParseFailed:
			said.Message = "The document cannot be parsed at the place given."
		case code == errcode.ValidationFailed:
			said.Message = "The operation to run is not in the document, or a variable is missing or not of its type."
		default:
			said.Message, said.Path = fault.Message, fault.Path // a limit of ours, in our words
		}
		told = append(told, said)
		if len(told) == mostFaults {
			break
		}
	}
	return told
}

// mostFaults is how many faults of one document are told.
const mostFaults = 20
