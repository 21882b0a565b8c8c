// Package plans keeps what was worked out about an operation, so that the next request with the same document need not work
// it out again.
//
// What is selected depends on the document and, through @skip and @include, on the values of some variables. A plan is kept
// for each operation and each combination of those values, and never depends on any other argument:
//
//	cache := plans.New[*shape](1000)
//	s := cache.Plan(graphql.GetOperationContext(ctx), func() *shape { return compile(...) })
//
// Operations are told apart by the parsed document, so a server gains from this only where it keeps parsed documents.
package plans
