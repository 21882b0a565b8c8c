// Package executor executes queries over the generated schema several times faster than the generated code, with the
// same answers.
//
// gqlgen makes about twelve allocations for each field of each record, and starts a goroutine for each element of each
// list. Here an operation is compiled once to a tree of functions, one for each selected field, which append JSON to
// one buffer. Compiled operations are cached for as long as the parsed document. Fields of records are read through
// accessors built from the clinical descriptors; fields that need the gate call the same resolvers as the generated
// code.
//
// The generated executor handles everything else: introspection, @defer, mutations, what citizens and overseers read,
// and fields that have been added to the schema but not yet to the tables here. It is also the reference: tests run
// both and require equal answers.
//
//	schema := executor.New(resolvers.New(g, nil))
//	server := handler.New(schema)
//
// Interceptors of root fields and of fields with resolvers are called; interceptors of plain fields are not.
//
// Start reading with executor.go and selection.go; the fields of each type are in tables.go and the files it names.
package executor
