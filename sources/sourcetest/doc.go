// Package sourcetest is the conformance suite that every driver must pass completely. Its people and records ([Sample])
// contain the traps of real systems, and it requires a driver to give the same answers as [onelondon/sources/memory].
//
// A driver for SQL is tested over the suite's own tables and mapping; its test provides a way to run statements and a
// way to open the source:
//
//	sourcetest.RunSQL(t, sourcetest.SQL{Dialect: sourcetest.SQLite, Exec: exec, Open: open})
//
// The tables are hostile on purpose: their columns have reserved words and capitals in their names, and ignore case in
// comparisons where the server allows that, so that a driver which forgets to quote or to compare exactly fails here.
package sourcetest
