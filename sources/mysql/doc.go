// Package mysql asks MariaDB, from version 10.6 on, and MySQL, from version 8.0 on, through go-sql-driver.
//
// Every session reads only, by SET SESSION TRANSACTION READ ONLY, and has an sql_mode of its own under which names are quoted
// with double quotes, || joins text, and a backslash is a character like any other; sqlsource writes for exactly that. The
// caller's identity is bound to @onelondon_caller by a first row of every statement, where the server's logs of executed
// statements show it; it costs no round trip. The DSN is written as go-sql-driver reads it.
//
//	source, err := mysql.Open(ctx, sqlsource.Options{ID: "compass", DSN: "reader@tcp(db:3306)/compass", Mapping: compass})
//
// What is asked and how is the business of package sqlsource.
package mysql
