// Package sources is the contract between OneLondon and the record systems it asks: what a source can be asked, what it
// answers, and how an answer may fall short. Drivers implement [Source]; only the gate uses it.
//
// A source is an existing database, which is never changed. One question to it is one [Query]: several kinds of record
// for several people, in one round trip if the system allows that.
//
//	answer, err := source.Fetch(ctx, sources.Query{Caller: caller, Parts: []sources.Part{{
//		Kind: clinical.KindCondition, Person: person, Fields: fields, Condition: released, Limit: 21,
//	}}})
//
// The package decides nothing about who may see what: conditions and fields arrive decided.
//
// Start reading with source.go (the contract for questions about people) and counter.go (for counting). [Catalogue]
// asks all sources at once (fanout.go), each within its limits (member.go), and validates what comes back (check.go).
// The drivers are in folders of their own: sqlsource with postgres, mysql, sqlite and sqlserver, fhir, openehr and
// onelondon, and memory as their reference. The suite that all of them pass is sourcetest.
package sources
