// Package refusal holds the closed set of codes under which a caller learns that something was not done, and the error that
// carries one. What policy withholds and what a source fails to give are data of the answer, not refusals.
//
//	return refusal.New(refusal.BadRequest, "first is a number from 1 to 200")
//
// The message of a refusal is shown to the caller as it is: it must not quote what the caller gave.
package refusal
