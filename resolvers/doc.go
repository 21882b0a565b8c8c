// Package resolvers answers the fields of the schema by asking the gate. It has one file per topic of the schema, and
// can see neither a source nor the policy.
//
// Everything that one operation asks is put to the gate in one call. Before the first root field is resolved, the
// selections beneath every root field `patient` are read ahead (lookahead.go): which lists, which fields of their
// records, which page. Their questions go to a data loader (gather.go), which is told how many to expect, so that it
// dispatches with the last of them and never waits for its timer. Each field then finds its part of the answer by
// response key. A field that cannot be asked because an argument is wrong does not hold up the others.
//
//	schema := executor.New(resolvers.New(g, nil))
//
// Start reading at resolver.go, which lists the types that have resolvers; gates.go is all they know of the gate.
package resolvers
