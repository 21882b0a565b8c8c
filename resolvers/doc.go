// Package resolvers answers the fields of the schema, one file a topic, by asking the gate. It cannot see a source or the
// policy.
//
// All of one operation is asked at once. Before the first root field is answered, the selection beneath every root field
// `patient` is read ahead: which lists, which fields of their records, which page. They become one call of the gate, and the
// fields then find their part of its answer by response key. Nothing waits on a timer, and a field that cannot be asked
// because an argument is wrong keeps no other waiting. A general data loader would have to be told how many keys to wait for,
// which is what look-ahead knows already, and costs some 170 allocations for each request.
//
//	schema := executor.New(resolvers.New(g))
package resolvers
