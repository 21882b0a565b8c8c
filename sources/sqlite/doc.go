// Package sqlite asks SQLite files, through the driver modernc.org/sqlite, which is written in Go.
//
// A file is read-only in two ways: it is opened in that mode, and a setting of every connection refuses to write. The
// DSN is the path of the file. The caller's identity is not passed on, since only this process sees the statements.
//
//	source, err := sqlite.Open(ctx, sqlsource.Options{ID: "maple", DSN: "emis-maple.db", Mapping: emis})
//
// What to ask, and in which SQL, is decided by package sqlsource.
package sqlite
