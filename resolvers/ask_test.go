package resolvers_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	gqlgen "github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"onelondon/graph"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
	"onelondon/resolvers"
)

const (
	jane = "9434765919"
	john = "9000000009"
)

// fakeGate remembers what it was asked. It knows everybody but those who are hidden, and nothing but records.
type fakeGate struct {
	resolvers.Gate
	asked  [][]gate.Question
	hidden map[string]bool
	err    error
}

func (g *fakeGate) Ask(_ context.Context, _ auth.Caller, questions []gate.Question) ([]gate.Answer, error) {
	g.asked = append(g.asked, questions)
	if g.err != nil {
		return nil, g.err
	}
	answers := make([]gate.Answer, len(questions))
	for i, question := range questions {
		if !g.hidden[question.Person.Reveal()] {
			answers[i].Person = person(question)
		}
	}
	return answers, nil
}

// person gives one record for every list, of the list's first kind, whose id tells the list's place.
func person(question gate.Question) *gate.Person {
	p := &gate.Person{NHSNumber: question.Person, Pages: make([]gate.Page, len(question.Lists))}
	for i, list := range question.Lists {
		record := list.Kinds[0].Descriptor().New()
		record.About().Source = "test"
		record.About().ID = clinical.Text(rune('A' + i))
		p.Pages[i].Records = []clinical.Record{record}
	}
	return p
}

func (g *fakeGate) Catalogue(context.Context, auth.Caller) ([]gate.SourceInfo, error) {
	return nil, g.err
}

type reply struct {
	Data       json.RawMessage
	Errors     gqlerror.List
	Extensions map[string]any
}

// ask executes a document with gqlgen's own executor, the resolvers' part around it.
func ask(t *testing.T, g resolvers.Gate, document string, variables map[string]any) reply {
	t.Helper()
	root := resolvers.New(g, nil)
	executor := gqlgen.New(graph.NewExecutableSchema(graph.Config{Resolvers: root}))
	ctx := graphql.StartOperationTrace(context.Background())
	oc, errs := executor.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables})
	if errs != nil {
		t.Fatalf("document refused: %v", errs)
	}
	responses, ctx := executor.DispatchOperation(root.Begin(ctx), oc)
	response := responses(ctx)
	return reply{Data: response.Data, Errors: response.Errors, Extensions: response.Extensions}
}

func TestAllPatientsOfADocumentAreAskedInOneCall(t *testing.T) {
	g := &fakeGate{}
	got := ask(t, g, `{
		a: patient(nhsNumber: "`+jane+`") { conditions { nodes { id code { display } } } again: conditions(first: 5) { nodes { id } } }
		b: patient(nhsNumber: "`+john+`") { medications { nodes { id } } }
	}`, nil)
	if len(got.Errors) > 0 {
		t.Fatal(got.Errors)
	}
	want := `{"a":{"conditions":{"nodes":[{"id":"test/A","code":null}]},"again":{"nodes":[{"id":"test/B"}]}},` +
		`"b":{"medications":{"nodes":[{"id":"test/A"}]}}}`
	if string(got.Data) != want {
		t.Errorf("got  %s\nwant %s", got.Data, want)
	}
	if len(g.asked) != 1 || len(g.asked[0]) != 2 {
		t.Errorf("asked in %d calls, want one with two questions", len(g.asked))
	}
}
