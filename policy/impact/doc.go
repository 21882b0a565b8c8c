// Package impact says who would gain and who would lose what if one policy replaced another. It compares them on the
// accesses in the ledger, on the questions that governance keeps, and on every question that can be made from the
// policies' words.
//
//	report, err := impact.Assess(ctx, impact.Options{From: inForce, To: proposed, Accesses: accesses})
//	report.Write(os.Stdout)
//
// The ledger keeps the input of each decision, so an access can be replayed exactly. Entries of older versions do not
// contain what was known about the person: for those, the simplest state of a person is assumed under which the policy
// in force decides as the ledger says; an access for which there is no such state is counted and left out. What is
// reported about people are counts, in which small numbers are hidden together with others from which they could be
// computed, and the rest are rounded.
//
// The package reads no ledger, no register and no record: accesses are passed to it.
package impact
