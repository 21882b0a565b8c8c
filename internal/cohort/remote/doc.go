// Package remote puts definitions to a server over HTTP, as analysts' programs do: it starts a run, follows it, ends it, and reads
// what a project has asked before and what everybody has.
//
//	client := remote.Client{Server: "https://onelondon.example", Token: token, Purpose: "HOPERAT"}
//	run, err := client.Start(ctx, definition, "example-diabetes")
//	run, err = client.Follow(ctx, run, func(run *remote.Run) { fmt.Println(run.Fraction) })
//
// A token goes over TLS or to this machine alone. Nothing is asked twice but what changes nothing: a question about a run whose
// answer did not arrive is put again for a while, starting and cancelling are not.
//
// The package knows GraphQL's answers and package cohort's; it prints nothing.
package remote
