// Package mysql asks MariaDB, version 10.6 or later, and MySQL, version 8.0 or later, through go-sql-driver.
//
// Every session is read-only by SET SESSION TRANSACTION READ ONLY. Its sql_mode makes double quotes quote names, ||
// join text, and a backslash an ordinary character, which is what sqlsource expects. The caller's identity is bound to
// @onelondon_caller by a first row of every statement, so that it appears in the server's log of statements and costs
// no round trip. The DSN is in the form of go-sql-driver.
//
//	source, err := mysql.Open(ctx, sqlsource.Options{ID: "compass", DSN: "reader@tcp(db:3306)/compass", Mapping: compass})
//
// What to ask, and in which SQL, is decided by package sqlsource.
package mysql
