// Package limits limits the cost of a document before any part of it is executed.
//
// Fragments count every time they are spread, and fields under @skip and @include count whether or not they apply: the
// limit is on the document, not on what its variables select. Introspection fields do not count.
//
//	server.Use(limits.Default())
//	server.SetParserTokenLimit(limits.Tokens)
package limits
