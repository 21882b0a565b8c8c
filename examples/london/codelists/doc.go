// Package codelists holds the code lists that the demo site has registered, in the form of package codelist.
//
//	registry, err := codelist.Load(codelists.Files)
//
// They are short and written by hand, for a made-up population; real lists are registered as their keepers export them.
package codelists

import "embed"

// Files holds the index and the lists. It is never written to.
//
//go:embed index.yaml *.csv
var Files embed.FS
