// Package resolvers answers the fields of the schema, one file a topic, by asking the gate. It cannot see a source or the
// policy.
//
// All of one operation is asked at once. Before the first root field is answered, the selection beneath every root field
// `patient` is read ahead: which lists, which fields of their records, which page. Their questions go to a data loader that is
// told how many keys the level has, so that it goes off with the last of them, as one call of the gate, and never waits on its
// timer. The fields then find their part of the answer by response key; a field that cannot be asked because an argument is
// wrong keeps no other waiting.
//
//	schema := executor.New(resolvers.New(g, nil))
package resolvers
