// Package postgres asks PostgreSQL databases, from version 12 on, through pgx.
//
// Every session is read-only by its own setting. The caller's identity is set for the length of the statement as
// application_name, cut to what PostgreSQL keeps of it, and whole as onelondon.caller, by a first row of the statement
// itself: logs and pg_stat_activity show it and it costs no round trip. The DSN is a URL or a keyword string as libpq reads it.
//
//	source, err := postgres.Open(ctx, sqlsource.Options{ID: "barts", DSN: "postgres://reader@db/millennium", Mapping: cerner})
//
// What is asked and how is the business of package sqlsource.
package postgres
