package resolvers

import (
	"onelondon/graph"
	"onelondon/graph/plans"
)

// operationsKept is the number of documents whose look-ahead is cached.
const operationsKept = 1000

// Resolver is the root of all resolvers.
type Resolver struct {
	gate    Gate
	studies Analysts // nil if the site takes no questions about many people
	shapes  *plans.Cache[[]patientShape]
}

var (
	_ graph.ResolverRoot     = (*Resolver)(nil)
	_ graph.QueryResolver    = query{}
	_ graph.MutationResolver = mutation{}
	_ graph.MyRecordResolver = myRecord{}
	_ graph.PatientResolver  = patient{}
	_ graph.ConflictResolver = conflict{}
	_ graph.ReceiptResolver  = receipt{}
	_ graph.SourceResolver   = source{}

	_ graph.CohortFigureResolver  = figure{}
	_ graph.CohortMeasureResolver = measure{}
)

// New returns resolvers that ask gate, and studies unless it is nil.
func New(gate Gate, studies Analysts) *Resolver {
	return &Resolver{gate: gate, studies: studies, shapes: plans.New[[]patientShape](operationsKept)}
}

// Query resolves the queries.
func (r *Resolver) Query() graph.QueryResolver { return query{r} }

// Mutation resolves the mutations.
func (r *Resolver) Mutation() graph.MutationResolver { return mutation{r} }

// MyRecord resolves the fields of MyRecord.
func (r *Resolver) MyRecord() graph.MyRecordResolver { return myRecord{r} }

// Patient resolves the lists of a person's records.
func (r *Resolver) Patient() graph.PatientResolver { return patient{} }

// Conflict resolves the fields of Conflict.
func (r *Resolver) Conflict() graph.ConflictResolver { return conflict{} }

// Receipt resolves the fields of Receipt.
func (r *Resolver) Receipt() graph.ReceiptResolver { return receipt{} }

// Source resolves the fields of Source.
func (r *Resolver) Source() graph.SourceResolver { return source{} }

// CohortMeasure resolves the fields of CohortMeasure.
func (r *Resolver) CohortMeasure() graph.CohortMeasureResolver { return measure{} }

// CohortFigure resolves the fields of CohortFigure.
func (r *Resolver) CohortFigure() graph.CohortFigureResolver { return figure{} }
