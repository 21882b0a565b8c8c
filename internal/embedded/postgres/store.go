package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"onelondon/internal/embedded"
)

// Options say which database to open. DSN and Log are required.
type Options struct {
	DSN    string // a URL or keywords, as libpq takes them; secret: it may hold a password
	Create bool   // make the log where the database has none; otherwise that is [embedded.ErrMissing]
	Log    *slog.Logger
}

// Store is a log's place in one database.
type Store struct{ pool *pgxpool.Pool }

var _ embedded.Shared = (*Store)(nil)

// connections are one that listens, one that writes, and two that read.
const connections = 4

// Open connects to the database and brings it to the present form.
func Open(ctx context.Context, options Options) (*Store, error) {
	config, err := pgxpool.ParseConfig(options.DSN)
	if err != nil {
		return nil, errors.New("open the log: not a PostgreSQL DSN") // the cause may quote it
	}
	config.MaxConns = connections
	config.ConnConfig.ConnectTimeout = 2 * time.Second
	config.ConnConfig.RuntimeParams["application_name"] = "onelondon"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	if err := prepare(ctx, pool, options); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return &Store{pool}, nil
}

func prepare(ctx context.Context, pool *pgxpool.Pool, options Options) error {
	if err := migrate(ctx, pool, options.Create); err != nil {
		return err
	}
	var flushes string
	if err := pool.QueryRow(ctx, "SHOW fsync").Scan(&flushes); err != nil {
		return fmt.Errorf("ask whether the server flushes: %w", err)
	}
	if flushes != "on" {
		options.Log.WarnContext(ctx, "the database server does not flush (fsync is off): with its power, what was acknowledged may go")
	}
	return nil
}

// Origin returns the log's identity; the first replica gives birth to it.
func (s *Store) Origin(ctx context.Context, birth func() (embedded.Origin, embedded.StoredHead, error)) (embedded.Origin, error) {
	if err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return beBorn(ctx, tx, birth) }); err != nil {
		return embedded.Origin{}, err
	}
	var origin embedded.Origin
	err := s.pool.QueryRow(ctx, "SELECT purpose, chain, proof FROM log_origin").Scan(&origin.Purpose, &origin.Chain, &origin.Proof)
	if err != nil {
		return embedded.Origin{}, fmt.Errorf("read the origin: %w", err)
	}
	return origin, nil
}

func beBorn(ctx context.Context, tx pgx.Tx, birth func() (embedded.Origin, embedded.StoredHead, error)) error {
	// Whoever deletes the row is the one; the others wait here, and then find none.
	first, err := tx.Exec(ctx, "DELETE FROM log_unborn")
	if err != nil {
		return fmt.Errorf("look whether the log is new: %w", err)
	}
	if first.RowsAffected() == 0 {
		return nil
	}
	origin, head, err := birth()
	if err != nil {
		return err
	}
	_, originErr := tx.Exec(ctx, "INSERT INTO log_origin VALUES (1, $1, $2, $3)", origin.Purpose, origin.Chain, origin.Proof)
	_, headErr := tx.Exec(ctx, "INSERT INTO log_head VALUES (1, $1, $2, $3)", head.Sequence, head.Hash, head.Proof)
	if err := errors.Join(originErr, headErr); err != nil {
		return fmt.Errorf("write the origin: %w", err)
	}
	return nil
}

// pageText reads the head and the rows in one statement, and so as they were at one moment.
const pageText = `SELECT h.sequence, h.hash, h.proof, e.sequence, e.person, e.body, e.hash
	FROM log_head h LEFT JOIN LATERAL (
		SELECT sequence, person, body, hash FROM log_entry WHERE sequence > $1 ORDER BY sequence LIMIT $2) e ON true
	ORDER BY e.sequence`

// Page reads the rows that follow.
func (s *Store) Page(ctx context.Context, after uint64, limit int) ([]embedded.StoredRow, embedded.StoredHead, error) {
	rows, err := s.pool.Query(ctx, pageText, bounded(after), limit)
	if err != nil {
		return nil, embedded.StoredHead{}, fmt.Errorf("ask for entries: %w", err)
	}
	defer rows.Close()
	var stored []embedded.StoredRow
	var head embedded.StoredHead
	for rows.Next() {
		var row embedded.StoredRow
		var sequence *int64
		if err := rows.Scan(&head.Sequence, &head.Hash, &head.Proof, &sequence, &row.Person, &row.Body, &row.Hash); err != nil {
			return nil, embedded.StoredHead{}, fmt.Errorf("read an entry: %w", err)
		}
		if sequence != nil {
			row.Sequence = *sequence
			stored = append(stored, row)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, embedded.StoredHead{}, fmt.Errorf("read entries: %w", err)
	}
	return stored, head, nil
}

func bounded(sequence uint64) int64 { return int64(min(sequence, math.MaxInt64)) }

// Select reads what the query asks for.
func (s *Store) Select(ctx context.Context, query embedded.Query) ([]embedded.StoredRow, error) {
	text := "SELECT sequence, person, body, hash FROM log_entry WHERE sequence "
	after, order := bounded(query.After), " ORDER BY sequence"
	if query.NewestFirst {
		if after == 0 {
			after = math.MaxInt64
		}
		text, order = text+"< $1", " ORDER BY sequence DESC"
	} else {
		text += "> $1"
	}
	arguments := []any{after}
	if query.Person != (embedded.Person{}) {
		text, arguments = text+" AND person = $2", append(arguments, query.Person[:])
	}
	rows, err := s.pool.Query(ctx, text+order+" LIMIT "+strconv.Itoa(query.Limit), arguments...)
	if err != nil {
		return nil, fmt.Errorf("ask for entries: %w", err)
	}
	stored, err := pgx.CollectRows(rows, pgx.RowToStructByPos[embedded.StoredRow])
	if err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	return stored, nil
}

// Close lets go of every connection.
func (s *Store) Close() error {
	s.pool.Close()
	return nil
}
