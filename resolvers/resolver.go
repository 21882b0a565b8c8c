package resolvers

import (
	"context"

	"onelondon/graph"
	"onelondon/graph/plans"
	"onelondon/internal/auth"
	"onelondon/internal/gate"
)

// Gate is what resolvers need of the gate. Its errors are those of package gate, or the context's.
type Gate interface {
	// Ask answers questions, one answer each, in their order.
	Ask(ctx context.Context, caller auth.Caller, questions []gate.Question) ([]gate.Answer, error)
	// Catalogue lists the sources that the server can ask.
	Catalogue(ctx context.Context, caller auth.Caller) ([]gate.SourceInfo, error)
}

// operationsKept is how many documents' look-ahead is kept.
const operationsKept = 1000

// Resolver is the root of all resolvers.
type Resolver struct {
	gate   Gate
	shapes *plans.Cache[[]patientShape]
}

var (
	_ graph.ResolverRoot     = (*Resolver)(nil)
	_ graph.QueryResolver    = query{}
	_ graph.PatientResolver  = patient{}
	_ graph.ConflictResolver = conflict{}
	_ graph.ReceiptResolver  = receipt{}
	_ graph.SourceResolver   = source{}
)

// New returns resolvers that ask gate.
func New(gate Gate) *Resolver {
	return &Resolver{gate: gate, shapes: plans.New[[]patientShape](operationsKept)}
}

// Query answers the root fields.
func (r *Resolver) Query() graph.QueryResolver { return query{r} }

// Patient answers the lists of a person's records.
func (r *Resolver) Patient() graph.PatientResolver { return patient{} }

// Conflict answers which records contradict each other.
func (r *Resolver) Conflict() graph.ConflictResolver { return conflict{} }

// Receipt answers what proves the answer.
func (r *Resolver) Receipt() graph.ReceiptResolver { return receipt{} }

// Source answers what the catalogue knows of a source.
func (r *Resolver) Source() graph.SourceResolver { return source{} }
