// Package study is the gate for questions about many people. In order, each step failing closed: who asks, for what purpose and
// within which registered project; what the policy allows the project to ask; who is left out, before anything is joined; asking
// the sources, under a key of the project's own; protecting the figures; the project's ledger, which refuses what would tell too
// much beside what was told before; and a durable entry in the ledger of accesses before anything leaves.
//
//	run, err := studies.Start(ctx, caller, "example-diabetes", definition)
//	run, err = studies.Run(caller, run.ID)     // how far it is, and in the end the answer
//
// Nobody's number leaves a driver: it becomes a stand-in there, by [Studies]'s own function, which also leaves out whoever opted
// out. What comes out of the engine is seen by package disclosure alone.
//
// A refusal is no error: it says why in the policy's words, and what would be allowed.
package study
