// Package disclosure decides what of an exact answer about many people may leave, so that nobody is given away: by one table
// ([Protect]), and by all the questions that a project ever asked ([Ledger]).
//
//	result, err := disclosure.Protect(counted, definition, rules)
//
// Of one table: numbers of 0 to 7 people are redacted and the rest rounded to the nearest 5; totals and rates are made of what is
// shown; a further cell is redacted where the people of redacted ones could be had by subtraction; a row is there, redacted,
// whether or not anybody is in it; events and quantiles are shown only where enough people contributed and none of them most.
//
// Of a project:
//
//	counted, known := count(definition), count(disclosure.Known(definition)) // by the engine, over the same data
//	reservation, err := ledger.Reserve(ctx, disclosure.Question{Definition: definition, Digest: digest, Counted: counted, Known: known, Rules: rules})
//	err = reservation.Commit(ctx, answer) // on the disk; now it may leave
//
// A question is refused, with a [Refusal], where it would with all before it tell few people from all others by what is known of
// people (span.go), where a sum of its cells differs by few people from a sum of an earlier one's (cut.go), or where the project has
// asked enough. docs/decisions/0008-disclosure.md has the reasons, and what remains.
//
// The numbers are the policy's and come as [Rules]. The same exact answer always gives the same result: there is no noise, so
// nothing is gained by asking again.
package disclosure
