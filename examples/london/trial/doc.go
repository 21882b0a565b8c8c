// Package trial wires the whole product over databases that a test has made, as the binary does: the policy that ships, a
// register and a ledger on disk, the index of who is where, the gate, GraphQL and the HTTP server. Tests alone use it; it is
// no part of the product.
//
//	house := trial.Open(t, trial.Options{Entries: entries})
//	token := house.Token(t, trial.GP("F84022"))
//	reply := house.Ask(t, token, `{ sources { id } }`, nil)
package trial
