// Package enact keeps one policy in force while the server runs: it finds out what is on offer, takes it where everything is
// in order, remembers what it took, and goes back when it is told to.
//
//	keeper, err := enact.Open(ctx, enact.Options{URL: "https://rules.example/london.tar.gz", Keys: keys, Approval: rules,
//		History: "/var/lib/onelondon/policy"})
//	go keeper.Run(ctx)
//	engine := keeper.Engine()
//
// A policy is the one that the program carries, a plain folder, or a bundle in OPA's format in a file or on a bundle server. A
// bundle must be signed, be approved by enough people, be newer than every one before it, compile and be proved. Whatever
// goes wrong, the policy in force stays, and what went wrong is logged and shown until it is put right. A server without any
// valid policy does not start: no policy means no data.
//
// The [History] is a folder of its own: the bundles that were in force, who approved them, and the pin, by which a rollback
// holds one of them. The server and the commands read and write the same folder, so a rollback works whether or not the server
// runs.
//
// The package decides nothing about records; package policy does.
package enact
