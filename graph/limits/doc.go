// Package limits bounds what one document may cost, before anything of it is executed.
//
// Fragments are counted every time they are spread, and fields under @skip and @include whether or not they apply: what is
// bounded is the document, not the luck of its variables. Fields of introspection are not counted.
//
//	server.Use(limits.Default())
//	server.SetParserTokenLimit(limits.Tokens)
package limits
