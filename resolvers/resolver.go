package resolvers

import (
	"onelondon/graph"
	"onelondon/graph/plans"
)

// operationsKept is how many documents' look-ahead is kept.
const operationsKept = 1000

// Resolver is the root of all resolvers.
type Resolver struct {
	gate    Gate
	studies Analysts // nil where the site takes no questions about many people
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

// New returns resolvers that ask gate, and studies where it is not nil.
func New(gate Gate, studies Analysts) *Resolver {
	return &Resolver{gate: gate, studies: studies, shapes: plans.New[[]patientShape](operationsKept)}
}

// Query answers the root fields.
func (r *Resolver) Query() graph.QueryResolver { return query{r} }

// Mutation answers what is changed.
func (r *Resolver) Mutation() graph.MutationResolver { return mutation{r} }

// MyRecord answers what is read of a person's own side of their record.
func (r *Resolver) MyRecord() graph.MyRecordResolver { return myRecord{r} }

// Patient answers the lists of a person's records.
func (r *Resolver) Patient() graph.PatientResolver { return patient{} }

// Conflict answers which records contradict each other.
func (r *Resolver) Conflict() graph.ConflictResolver { return conflict{} }

// Receipt answers what proves the answer.
func (r *Resolver) Receipt() graph.ReceiptResolver { return receipt{} }

// Source answers what the catalogue knows of a source.
func (r *Resolver) Source() graph.SourceResolver { return source{} }

// CohortMeasure answers what a figure is.
func (r *Resolver) CohortMeasure() graph.CohortMeasureResolver { return measure{} }

// CohortFigure answers a number that may be shown.
func (r *Resolver) CohortFigure() graph.CohortFigureResolver { return figure{} }
