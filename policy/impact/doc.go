// Package impact says who would gain and who would lose what if one policy took the place of another: of the accesses that the
// ledger holds, of the questions that governance keeps, and of every question that the policy's words can make.
//
//	report, err := impact.Assess(ctx, impact.Options{From: inForce, To: proposed, Accesses: accesses})
//	report.Write(os.Stdout)
//
// The ledger keeps what was decided on, and such an access is asked again exactly. Entries of older versions do not say what was
// known of a person: the simplest state of a person is found under which the policy in force decides as the ledger says it did,
// and an access for which there is none is counted and left out. What is reported of people are counts in which small numbers are
// hidden, with others from which they could be worked out, and the rest rounded.
//
// The package reads no ledger, no register and no record: accesses are handed to it.
package impact
