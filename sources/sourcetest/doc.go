// Package sourcetest is the conformance suite that every driver passes whole. It brings people and records with the traps
// that real systems hold, in [Sample], and demands of a driver what [onelondon/sources/memory] answers to the same question.
//
// A driver that reads SQL is tested over the suite's own tables and mapping; its test brings a way to run statements and a
// way to open the source:
//
//	sourcetest.RunSQL(t, sourcetest.SQL{Dialect: sourcetest.SQLite, Exec: exec, Open: open})
//
// The tables are hostile on purpose: columns carry reserved words and capitals as names, and compare without regard to case
// where the server lets them, so that a driver that forgets to quote or to compare exactly fails here.
package sourcetest
