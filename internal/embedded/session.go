package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

var _ Writing = (*session)(nil)

// session is the one connection that writes, with everything a transaction runs compiled once. A transaction of database/sql
// would compile BEGIN and COMMIT each time and start a goroutine, a fifth of the memory and of the calls of a write.
type session struct {
	conn                    *sql.Conn
	begin, commit, rollback *sql.Stmt
	insertion, head, ending *sql.Stmt
	tagging, marking        *sql.Stmt
	version                 *sql.Stmt
	compiled                []*sql.Stmt // all of them
	untidied                int         // rows written since the write-ahead log was tidied

	// ended is how the log ends for as long as SQLite's data version stays as it was, which changes with every commit of
	// another connection and with none of this one.
	ended Ending
	known bool // ended is what the file holds
	asOf  int64
}

// openSession takes the writer's only connection for good.
func openSession(ctx context.Context, db *sql.DB) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	s := &session{conn: conn}
	for _, each := range []struct {
		statement **sql.Stmt
		text      string
	}{
		{&s.begin, "BEGIN IMMEDIATE"},
		{&s.commit, "COMMIT"},
		{&s.rollback, "ROLLBACK"},
		{&s.insertion, "INSERT INTO entry (sequence, person, body, hash) VALUES (?, ?, ?, ?)"},
		{&s.head, "UPDATE head SET sequence = ?, hash = ?, proof = ?"},
		{&s.ending, endingText},
		{&s.tagging, "INSERT OR IGNORE INTO tag (sequence, tag) VALUES (?, ?)" + strings.Repeat(", (?, ?)", tagsAtOnce-1)},
		{&s.marking, "UPDATE indexed SET sequence = ?"},
		{&s.version, "PRAGMA data_version"},
	} {
		if *each.statement, err = conn.PrepareContext(ctx, each.text); err != nil {
			return nil, errors.Join(fmt.Errorf("prepare a statement: %w", err), s.close())
		}
		s.compiled = append(s.compiled, *each.statement)
	}
	return s, nil
}

// close lets go of the connection. SQLite tidies its files up only once every statement has been let go of.
func (s *session) close() error {
	var faults []error
	for _, statement := range s.compiled {
		faults = append(faults, statement.Close())
	}
	return errors.Join(append(faults, s.conn.Close())...)
}

// within runs work in one transaction: all of it is on the disk when within returns, or none. A statement goes to this
// connection or fails: one that was lost is never replaced by another, on which a transaction would not be open.
func (s *session) within(ctx context.Context, work func() error) error {
	if _, err := s.begin.ExecContext(ctx); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	committed := false
	defer func() {
		if !committed {
			s.known = false
			// Where even this fails the next BEGIN does too, and nothing is written.
			_, _ = s.rollback.ExecContext(ctx)
		}
	}()
	if err := work(); err != nil {
		return err
	}
	if _, err := s.commit.ExecContext(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	committed = true
	return nil
}

// checkpoint copies what is in the write-ahead log into the file, as far as no reader holds it back, so that the next commit
// begins the log anew.
func (s *session) checkpoint(ctx context.Context) error {
	var busy, frames, copied int
	if err := s.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &frames, &copied); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

// endingText asks for the head and the last row together.
const endingText = `SELECT h.sequence, h.hash, h.proof, coalesce(e.sequence, 0), e.hash
	FROM head h LEFT JOIN entry e ON e.sequence = (SELECT max(sequence) FROM entry)`

// Ending reads the head and the last row, unless nobody else has written since this connection did. The transaction has held
// the file since it began.
func (s *session) Ending(ctx context.Context) (Ending, error) {
	var version int64
	if err := s.version.QueryRowContext(ctx).Scan(&version); err != nil {
		return Ending{}, fmt.Errorf("read whether others have written: %w", err)
	}
	if s.known && version == s.asOf {
		return s.ended, nil
	}
	var ending Ending
	err := s.ending.QueryRowContext(ctx).Scan(&ending.Head.Sequence, &ending.Head.Hash, &ending.Head.Proof,
		&ending.Last.Sequence, &ending.Last.Hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Ending{}, fmt.Errorf("read the head: %w", err)
	}
	s.ended, s.known, s.asOf = ending, true, version
	return ending, nil
}

// Insert adds rows.
func (s *session) Insert(ctx context.Context, rows []StoredRow) error {
	s.untidied += len(rows)
	for i := range rows {
		row := &rows[i]
		if _, err := s.insertion.ExecContext(ctx, row.Sequence, row.Person, row.Body, row.Hash); err != nil {
			return fmt.Errorf("write entry %d: %w", row.Sequence, err)
		}
		s.ended.Last = StoredRow{Sequence: row.Sequence, Hash: row.Hash}
	}
	return nil
}

// SetHead changes the head.
func (s *session) SetHead(ctx context.Context, head StoredHead) error {
	if _, err := s.head.ExecContext(ctx, head.Sequence, head.Hash, head.Proof); err != nil {
		return fmt.Errorf("write the head: %w", err)
	}
	s.ended.Head = head
	return nil
}
