// Package postgres keeps the rows of a log in PostgreSQL, for several replicas that write to one. The chain, its keys and its
// proofs are those of package embedded: this package is believed in nothing.
//
//	store, err := postgres.Open(ctx, postgres.Options{DSN: dsn, Log: logger})
//	log, err := embedded.Open(ctx, embedded.Options{Store: store, Purpose: "consent", Key: key, Log: logger, Follower: follower})
//
// Writers take turns on the head's row, which each locks before it reads where the chain ends. Every commit notifies the
// channel of the log, by LISTEN and NOTIFY, so that the other replicas look at once; a proxy that pools by transaction does not
// carry that, and a log then sees by looking every quarter of a second. One database, or one schema of it, holds one log.
//
// Whatever the server is told, a commit is flushed before it is acknowledged (synchronous_commit), as far as the server
// flushes at all (fsync).
package postgres
