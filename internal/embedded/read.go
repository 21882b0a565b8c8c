package embedded

import (
	"context"
	"crypto/hmac"
	"database/sql"
	"errors"
	"fmt"
	"math"
)

// maxRead is how many rows one Read gives at most, and how many it gives when not told.
const maxRead = 1000

// Query says which rows to read. The zero value reads the oldest.
type Query struct {
	Person      Person // only rows about this person; the zero value means everybody
	After       uint64 // only rows that come after this sequence in the direction of reading; 0 starts at the beginning
	NewestFirst bool
	Limit       int // at most 1,000, which is also what 0 means
}

// Read returns rows in the order of their sequence. Each is proved to stand where it was written and to be whole; that none
// is missing only [Log.Verify] can tell.
func (l *Log) Read(ctx context.Context, query Query) ([]Row, error) {
	l.closing.RLock()
	defer l.closing.RUnlock()
	if l.closed {
		return nil, unavailable("read", ErrClosed)
	}
	text, arguments := query.statement()
	stored, err := queryRows(ctx, l.reader, text, arguments...)
	if err != nil {
		return nil, unavailable("read", err)
	}
	rows := make([]Row, len(stored))
	for i, row := range stored {
		if rows[i], err = l.openRow(row); err != nil {
			return nil, fmt.Errorf("read: %w", err)
		}
	}
	return rows, nil
}

func (q Query) statement() (text string, arguments []any) {
	text = "SELECT sequence, person, body, hash FROM entry WHERE sequence "
	after := int64(min(q.After, math.MaxInt64))
	order := " ORDER BY sequence"
	if q.NewestFirst {
		if after == 0 {
			after = math.MaxInt64
		}
		text, order = text+"< ?", " ORDER BY sequence DESC"
	} else {
		text += "> ?"
	}
	arguments = append(arguments, after)
	if q.Person != (Person{}) {
		text, arguments = text+" AND person = ?", append(arguments, q.Person[:])
	}
	limit := q.Limit
	if limit <= 0 || limit > maxRead {
		limit = maxRead
	}
	return text + order + " LIMIT ?", append(arguments, limit)
}

// openRow opens a row on its own.
func (l *Log) openRow(row storedRow) (Row, error) {
	person, known := personFrom(row.person)
	sequence := uint64(max(row.sequence, 0))
	body, err := l.keys.unseal(place(sequence, person), row.body)
	var hash Hash
	if !known || err != nil || copy(hash[:], row.hash) != len(row.hash) || len(row.hash) != len(hash) {
		return Row{}, brokenAt{max(sequence, 1), "it was changed or moved"}
	}
	return Row{Receipt{sequence, hash}, Item{person, body}}, nil
}

// storedRow is a row as the file has it, believed in nothing.
type storedRow struct {
	sequence           int64
	person, body, hash []byte
}

type storedHead struct {
	found   bool
	receipt Receipt
	proof   []byte
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, arguments ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, arguments ...any) *sql.Row
}

func queryRows(ctx context.Context, from querier, text string, arguments ...any) (stored []storedRow, err error) {
	rows, err := from.QueryContext(ctx, text, arguments...)
	if err != nil {
		return nil, fmt.Errorf("ask for entries: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var row storedRow
		if err := rows.Scan(&row.sequence, &row.person, &row.body, &row.hash); err != nil {
			return nil, fmt.Errorf("read an entry: %w", err)
		}
		stored = append(stored, row)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	return stored, nil
}

// readPage reads the rows that follow, and the head as it was at the same moment.
func (l *Log) readPage(ctx context.Context, after Receipt) ([]storedRow, storedHead, error) {
	tx, err := l.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, storedHead{}, fmt.Errorf("begin reading: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	head, err := readHead(ctx, tx)
	if err != nil {
		return nil, storedHead{}, err
	}
	rows, err := queryRows(ctx, tx,
		"SELECT sequence, person, body, hash FROM entry WHERE sequence > ? ORDER BY sequence LIMIT ?", int64(after.Sequence), pageRows)
	return rows, head, err
}

func readHead(ctx context.Context, from querier) (head storedHead, err error) {
	var sequence int64
	var hash []byte
	err = from.QueryRowContext(ctx, "SELECT sequence, hash, proof FROM head").Scan(&sequence, &hash, &head.proof)
	if errors.Is(err, sql.ErrNoRows) {
		return storedHead{}, nil
	}
	if err != nil {
		return storedHead{}, fmt.Errorf("read the head: %w", err)
	}
	head.found = sequence >= 0 && len(hash) == len(head.receipt.Hash)
	head.receipt.Sequence = uint64(max(sequence, 0))
	copy(head.receipt.Hash[:], hash)
	return head, nil
}

// tailText asks for the head and the last row together.
const tailText = `SELECT h.sequence, h.hash, h.proof, coalesce(e.sequence, 0), e.hash
	FROM head h LEFT JOIN entry e ON e.sequence = (SELECT max(sequence) FROM entry)`

// readTail returns the head, from the row that tailText gives, once it is proved to be ours and to name the last row.
func readTail(row *sql.Row, keys *keyring) (Receipt, error) {
	var headSequence, lastSequence int64
	var headHash, proof, lastHash []byte
	err := row.Scan(&headSequence, &headHash, &proof, &lastSequence, &lastHash)
	if errors.Is(err, sql.ErrNoRows) {
		return Receipt{}, fmt.Errorf("%w: the head is gone", ErrBroken)
	}
	if err != nil {
		return Receipt{}, fmt.Errorf("read the head: %w", err)
	}
	head, last := Receipt{Sequence: uint64(headSequence)}, Receipt{Sequence: uint64(lastSequence), Hash: keys.first()}
	copy(head.Hash[:], headHash)
	if lastSequence != 0 {
		last.Hash = Hash{}
		copy(last.Hash[:], lastHash)
	}
	if expected := keys.sign(head); !hmac.Equal(expected[:], proof) {
		return Receipt{}, fmt.Errorf("%w: the head was changed", ErrBroken)
	}
	if last != head {
		return Receipt{}, fmt.Errorf("%w: the head names entry %d, the last is %d", ErrBroken, headSequence, lastSequence)
	}
	return last, nil
}

// personFrom reads a person's column; it reports false for what this program never writes there.
func personFrom(column []byte) (person Person, known bool) {
	return person, column == nil || copy(person[:], column) == len(column) && len(column) == len(person)
}
