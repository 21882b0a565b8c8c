// Package plans caches what was computed for an operation, for further requests with the same document.
//
// What is selected depends on the document and, through @skip and @include, on the values of some variables. A plan is
// cached for each operation and each combination of those values; it must not depend on any other argument:
//
//	cache := plans.New[*shape](1000)
//	s := cache.Plan(graphql.GetOperationContext(ctx), func() *shape { return compile(...) })
//
// Operations are identified by the parsed document, so the cache is only useful on a server that caches parsed
// documents.
package plans
