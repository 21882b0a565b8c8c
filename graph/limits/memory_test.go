package limits_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	gqlgen "github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"

	"onelondon/graph"
	"onelondon/graph/limits"
	"onelondon/graph/refusal"
)

// A document that came before is remembered with its cost, and yet pages are as long as this request's variables say.
func TestARememberedDocumentIsStillHeldToItsVariables(t *testing.T) {
	engine := gqlgen.New(graph.NewExecutableSchema(graph.Config{}))
	engine.SetQueryCache(graphql.MapCache[*ast.QueryDocument]{})
	l := limits.Default()
	l.Complexity = 1000
	engine.Use(l)
	document := "query($n: Int!, $b: Boolean!) " + patient("nhsNumber @include(if: $b) "+wide())
	for _, step := range []struct {
		page      int
		condition any
		want      string
	}{{1, true, ""}, {200, true, string(refusal.TooComplex)}, {1, nil, string(refusal.BadRequest)}, {1, false, ""}, {200, false, string(refusal.TooComplex)}} {
		ctx := graphql.StartOperationTrace(context.Background())
		_, errs := engine.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: map[string]any{"n": step.page, "b": step.condition}})
		got := ""
		if errs != nil {
			got = fmt.Sprint(errs[0].Extensions["code"])
		}
		if got != step.want && (step.condition != nil || got == "") {
			t.Errorf("a page of %d, %v: %q, want %q", step.page, step.condition, got, step.want)
		}
	}
}
