package executor_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	gqlgen "github.com/99designs/gqlgen/graphql/executor"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"onelondon/graph"
	"onelondon/graph/executor"
	"onelondon/resolvers"
)

// served is one executor over one gate.
type served struct {
	root   *resolvers.Resolver
	engine *gqlgen.Executor
}

func ours(g resolvers.Gate) (served, *executor.Schema) {
	root := resolvers.New(g, nil)
	schema := executor.New(root)
	return served{root, gqlgen.New(schema)}, schema
}

func reference(g resolvers.Gate) served {
	root := resolvers.New(g, nil)
	return served{root, gqlgen.New(graph.NewExecutableSchema(graph.Config{Resolvers: root}))}
}

func variables() map[string]any {
	return map[string]any{"yes": true, "no": false, "who": "9434765919"}
}

func (s served) operation(t testing.TB, document string) (context.Context, *graphql.OperationContext) {
	t.Helper()
	ctx := graphql.StartOperationTrace(context.Background())
	oc, errs := s.engine.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables()})
	if errs != nil {
		t.Fatalf("document refused: %v\n%s", errs, document)
	}
	return ctx, oc
}

func (s served) ask(t testing.TB, document string) *graphql.Response {
	t.Helper()
	ctx, oc := s.operation(t, document)
	responses, ctx := s.engine.DispatchOperation(s.root.Begin(ctx), oc)
	return responses(ctx)
}

// places lists where the errors of an answer belong. Their words differ by design, and package presenter hides both.
func places(errs gqlerror.List) []string {
	var all []string
	for _, err := range errs {
		path := err.Path
		if len(path) == 2 && path[1] == ast.PathName("nhsNumber") { // gqlgen names the argument, too
			path = path[:1]
		}
		all = append(all, path.String())
	}
	slices.Sort(all)
	return all
}

func demandEqual(t *testing.T, g *richGate, document string) {
	t.Helper()
	engine, schema := ours(g)
	if _, oc := engine.operation(t, document); !schema.Executes(oc) {
		t.Fatalf("left to the generated executor:\n%s", document)
	}
	got, want := engine.ask(t, document), reference(g).ask(t, document)
	if string(got.Data) != string(want.Data) {
		t.Errorf("document:\n%s\ngot:\n%s\nwant:\n%s", document, got.Data, want.Data)
	}
	if diff := cmp.Diff(places(want.Errors), places(got.Errors)); diff != "" {
		t.Errorf("document:\n%s\nerrors (-want +got):\n%s", document, diff)
	}
	if diff := cmp.Diff(want.Extensions, got.Extensions); diff != "" {
		t.Errorf("document:\n%s\nextensions (-want +got):\n%s", document, diff)
	}
}

func TestRandomDocumentsAreAnsweredAsByTheGeneratedExecutor(t *testing.T) {
	_, schema := ours(&richGate{})
	for seed := range uint64(600) {
		writer := &author{random: rand.New(rand.NewPCG(seed, 7)), schema: schema.Schema()}
		demandEqual(t, &richGate{seed: seed, faulty: seed%3 == 0}, writer.document())
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
