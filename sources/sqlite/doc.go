// Package sqlite asks SQLite files, through the driver modernc.org/sqlite, which is written in Go.
//
// A file is opened read-only twice over: by its mode and by a setting of every connection that refuses to write. The DSN is
// the path of the file. Nobody but this process sees a statement, so the caller's identity is not handed on.
//
//	source, err := sqlite.Open(ctx, sqlsource.Options{ID: "maple", DSN: "emis-maple.db", Mapping: emis})
//
// What is asked and how is the business of package sqlsource.
package sqlite
