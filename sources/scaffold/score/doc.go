// Package score counts how much of a mapping [onelondon/sources/scaffold] guesses: it drafts systems whose mapping was written by hand, blind,
// from databases with all their published tables, and holds draft against mapping. It is for tests and for bench; nothing is served by it.
//
//	score.Each(t, t.TempDir(), func(s score.Subject, r *score.Result) { t.Log(r.Row(s.File, s.Words)) })
package score
