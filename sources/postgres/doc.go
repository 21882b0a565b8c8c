// Package postgres asks PostgreSQL databases, version 12 or later, through pgx.
//
// Every session is read-only by its own setting. For the duration of a statement the caller's identity is set as
// application_name, cut to the length that PostgreSQL keeps, and in full as onelondon.caller, by a first row of the
// statement itself: it appears in logs and in pg_stat_activity and costs no round trip. The DSN is a URL or a keyword
// string in the form of libpq.
//
//	source, err := postgres.Open(ctx, sqlsource.Options{ID: "barts", DSN: "postgres://reader@db/millennium", Mapping: cerner})
//
// What to ask, and in which SQL, is decided by package sqlsource.
package postgres
