// Package sources is the contract between OneLondon and the record systems it asks: what a source can be asked, what it
// answers, and how an answer may fall short. Drivers implement [Source]; the gate alone uses it.
//
// A source is an existing database that is never changed and never written to. One question to it is one [Query]: several
// kinds of record for several people, in one round trip where the system allows that.
//
//	answer, err := source.Fetch(ctx, sources.Query{Caller: caller, Parts: []sources.Part{{
//		Kind: clinical.KindCondition, Person: person, Fields: fields, Condition: released, Limit: 21,
//	}}})
//
// The package decides nothing about who may see what; conditions and fields arrive decided.
package sources
