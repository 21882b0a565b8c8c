package executor

import (
	"context"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"onelondon/graph"
	"onelondon/graph/plans"
	"onelondon/internal/clinical"
)

// Resolvers is what the executor calls.
type Resolvers interface {
	graph.ResolverRoot
	// Begin is called once for each operation, before its first field.
	Begin(ctx context.Context) context.Context
}

// operationsKept is the number of operations that stay compiled.
const operationsKept = 1000

// Schema is the executable schema. It may be used from several goroutines at once.
type Schema struct {
	generated graphql.ExecutableSchema
	resolvers Resolvers
	tables    *tables
	plans     *plans.Cache[*plan]
}

var _ graphql.ExecutableSchema = (*Schema)(nil)

// plan is a compiled operation.
type plan struct {
	query selection[struct{}] // nil if the generated executor must be used
	size  atomic.Int64        // length of the last answer, for allocating the next buffer
}

// New returns the schema answered by resolvers.
func New(resolvers Resolvers) *Schema {
	return &Schema{
		generated: graph.NewExecutableSchema(graph.Config{Resolvers: resolvers}),
		resolvers: resolvers,
		tables:    newTables(resolvers),
		plans:     plans.New[*plan](operationsKept),
	}
}

// Schema returns the parsed schema.
func (s *Schema) Schema() *ast.Schema { return s.generated.Schema() }

// Complexity always returns zero; package limits computes costs.
func (s *Schema) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

// Executes reports whether this executor answers the operation itself, rather than leaving it to the generated one.
func (s *Schema) Executes(oc *graphql.OperationContext) bool { return s.plan(oc).query != nil }

// Exec returns the handler that answers the operation in ctx.
func (s *Schema) Exec(ctx context.Context) graphql.ResponseHandler {
	oc := graphql.GetOperationContext(ctx)
	compiled := s.plan(oc)
	if compiled.query == nil {
		answer := s.generated.Exec(ctx)
		return func(ctx context.Context) *graphql.Response { return answer(s.resolvers.Begin(ctx)) }
	}
	answered := false
	return func(ctx context.Context) *graphql.Response {
		if answered {
			return nil
		}
		answered = true
		return compiled.run(s.resolvers.Begin(ctx), oc)
	}
}

func (p *plan) run(ctx context.Context, oc *graphql.OperationContext) *graphql.Response {
	ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: "Query"})
	w := &writer{ctx: ctx, oc: oc, buf: make([]byte, 0, p.size.Load()+p.size.Load()/8+64)}
	p.query.write(w, struct{}{})
	p.size.Store(int64(len(w.buf)))
	return &graphql.Response{Data: w.buf}
}

// plan returns the compiled operation, compiling it if necessary.
func (s *Schema) plan(oc *graphql.OperationContext) *plan {
	return s.plans.Plan(oc, func() *plan {
		if oc.Operation.Operation != ast.Query || plans.Defers(oc.Doc) {
			return &plan{}
		}
		c := &compiler{oc: oc, schema: s.Schema(), tables: s.tables}
		query := compile(c, s.tables.query, oc.Operation.SelectionSet, "Query")
		if c.unknown {
			return &plan{}
		}
		return &plan{query: query}
	})
}

// compiler compiles one operation.
type compiler struct {
	oc      *graphql.OperationContext
	schema  *ast.Schema
	tables  *tables
	unknown bool // a selected field is in no table
}

// records compiles a selection on records, for each of kinds; entries of other kinds are nil.
func (c *compiler) records(set ast.SelectionSet, kinds []clinical.Kind) []selection[item] {
	all := make([]selection[item], len(clinical.Kinds()))
	for _, kind := range kinds {
		all[kind] = compile(c, c.tables.records[kind], set, kind.String(), "Record")
	}
	return all
}
