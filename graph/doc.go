// Package graph is the GraphQL schema as Go: gqlgen generates its types, its resolver interfaces and a reference
// executor from schema.graphqls. Only this file and the tests are written by hand; the tests hold the schema to its
// conventions (every part described, lists as connections) and show every change of it in schema.golden.txt.
//
// The packages below it surround the generated code: executor runs most queries and leaves the rest to gqlgen's, plans
// caches what was worked out about a document, limits refuses documents that cost too much, scalars and view are the Go
// types of the schema that package clinical does not have, and refusal and presenter are its errors. The fields
// themselves are answered by the package resolvers.
package graph
