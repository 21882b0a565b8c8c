// Package feed writes what the ledger holds for other systems of a site, one JSON object a line: the accesses of which somebody
// asked to be told, for the service that tells them, and every entry, for a trust's own audit.
//
//	last, err := feed.Notices(ctx, ledger, out, feed.NoticeOptions{After: 1042, Roles: engine.RoleName})
//	last, err = feed.Export(ctx, ledger, out, feed.ExportOptions{Organisation: "R1H"})
//
// Both are read from a sequence on and return the sequence up to which they read, which is where the next reading begins: nothing
// is sent twice, nothing is lost, and either can be made again.
//
// No NHS number is in either, since none is in the ledger: a person is the pseudonym that stands for them under the site's key. A
// citizen's own id and name are a patient's too and are left out, as is what a person chose. What somebody typed may name a
// patient; it is left out unless it is asked for.
package feed
