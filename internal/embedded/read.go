package embedded

import (
	"context"
	"fmt"
)

// maxRead is how many rows one Read gives at most, and how many it gives when not told.
const maxRead = 1000

// Query says which rows to read. The zero value reads the oldest.
type Query struct {
	Person      Person                     // only rows about this person; the zero value means everybody
	Terms       [][]Term                   // only rows that have, of each group of terms, at least one
	Lacking     func(sequence uint64) Term // only rows for which no row has this term
	After       uint64                     // only rows that come after this sequence in the direction of reading; 0 starts at the beginning
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
	if query.Limit <= 0 || query.Limit > maxRead {
		query.Limit = maxRead
	}
	if query.Person != (Person{}) && l.tagged != nil || len(query.Terms) > 0 || query.Lacking != nil {
		return l.find(ctx, query)
	}
	stored, err := l.store.Select(ctx, query)
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

// openRow opens a row on its own.
func (l *Log) openRow(row StoredRow) (Row, error) {
	person, known := personFrom(row.Person)
	sequence := uint64(max(row.Sequence, 0))
	body, err := l.keys.unseal(place(sequence, person), row.Body)
	var hash Hash
	if !known || err != nil || copy(hash[:], row.Hash) != len(row.Hash) || len(row.Hash) != len(hash) {
		return Row{}, brokenAt{max(sequence, 1), "it was changed or moved"}
	}
	return Row{Receipt{sequence, hash}, Item{person, body}}, nil
}

// personFrom reads a person's column; it reports false for what this program never writes there.
func personFrom(column []byte) (person Person, known bool) {
	return person, column == nil || copy(person[:], column) == len(column) && len(column) == len(person)
}
