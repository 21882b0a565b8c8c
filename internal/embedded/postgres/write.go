package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"onelondon/internal/embedded"
)

// channel is where every commit is told of. Channels belong to one database.
const channel = "onelondon_log"

// writing is one transaction.
type writing struct{ tx pgx.Tx }

var _ embedded.Writing = writing{}

// Write runs work in a transaction. Statements see what was committed before each of them, not before the first: what another
// committed while the head was waited for must be seen.
func (s *Store) Write(ctx context.Context, work func(embedded.Writing) error) error {
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error { return work(writing{tx}) })
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// Ending locks the head and reads it, and then the last row.
func (w writing) Ending(ctx context.Context) (embedded.Ending, error) {
	var ending embedded.Ending
	batch := &pgx.Batch{}
	batch.Queue("SET LOCAL synchronous_commit = on")
	batch.Queue("SELECT sequence, hash, proof FROM log_head FOR UPDATE").QueryRow(func(row pgx.Row) error {
		return orNone(row.Scan(&ending.Head.Sequence, &ending.Head.Hash, &ending.Head.Proof))
	})
	batch.Queue("SELECT sequence, hash FROM log_entry ORDER BY sequence DESC LIMIT 1").QueryRow(func(row pgx.Row) error {
		return orNone(row.Scan(&ending.Last.Sequence, &ending.Last.Hash))
	})
	if err := w.tx.SendBatch(ctx, batch).Close(); err != nil {
		return embedded.Ending{}, fmt.Errorf("read the head: %w", err)
	}
	return ending, nil
}

func orNone(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}

// Insert adds rows, all in one statement.
func (w writing) Insert(ctx context.Context, rows []embedded.StoredRow) error {
	sequences := make([]int64, len(rows))
	persons, bodies, hashes := make([][]byte, len(rows)), make([][]byte, len(rows)), make([][]byte, len(rows))
	for i := range rows {
		sequences[i], persons[i], bodies[i], hashes[i] = rows[i].Sequence, rows[i].Person, rows[i].Body, rows[i].Hash
	}
	_, err := w.tx.Exec(ctx, `INSERT INTO log_entry (sequence, person, body, hash)
		SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[])`, sequences, persons, bodies, hashes)
	if err != nil {
		return fmt.Errorf("write entries: %w", err)
	}
	return nil
}

// SetHead changes the head and has the commit told of.
func (w writing) SetHead(ctx context.Context, head embedded.StoredHead) error {
	batch := &pgx.Batch{}
	batch.Queue("UPDATE log_head SET sequence = $1, hash = $2, proof = $3", head.Sequence, head.Hash, head.Proof)
	batch.Queue("SELECT pg_notify($1, $2::bigint::text)", channel, head.Sequence)
	if err := w.tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("write the head: %w", err)
	}
	return nil
}

// listening is how long nothing may be heard before the connection is tried.
const listening = 10 * time.Second

// Watch listens for commits.
func (s *Store) Watch(ctx context.Context, moved func()) error {
	held, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect to listen: %w", err)
	}
	// Not back to the pool: whoever took it next would be told of commits as well.
	conn := held.Hijack()
	defer func() {
		closing, leave := context.WithTimeout(context.Background(), time.Second)
		defer leave()
		_ = conn.Close(closing)
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	moved() // by whom wrote before we listened
	for {
		if err := hear(ctx, conn); err != nil {
			return err
		}
		moved()
	}
}

// hear waits for a commit, and every so often makes sure that one would be heard.
func hear(ctx context.Context, conn *pgx.Conn) error {
	for {
		patience, leave := context.WithTimeout(ctx, listening)
		_, err := conn.WaitForNotification(patience)
		leave()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil || patience.Err() == nil:
			return fmt.Errorf("listen: %w", err)
		}
		if err := conn.Ping(ctx); err != nil {
			return fmt.Errorf("listen: %w", err)
		}
	}
}
