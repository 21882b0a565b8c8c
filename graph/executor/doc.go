// Package executor executes queries over the generated schema several times faster than the generated code does, with the
// same answers.
//
// gqlgen spends some twelve allocations on each field of each record and starts a goroutine for each element of each list.
// Here an operation is compiled once to a tree of functions, one for each selected field, that append JSON to one buffer.
// Compiled operations are kept for as long as the parsed document is. Fields of records are read through accessors built
// from the clinical descriptors; the fields that need the gate call the same resolvers as the generated code.
//
// What the executor does not do, the generated one does: introspection, @defer, mutations, what citizens and overseers read,
// and any field that has been added to the schema and not yet to the tables here. The generated one is also the reference:
// tests run both and demand equal answers.
//
//	schema := executor.New(resolvers.New(g, nil))
//	server := handler.New(schema)
//
// Interceptors of root fields and of fields with resolvers are called. Interceptors of plain fields are not.
package executor
