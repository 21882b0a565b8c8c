package embedded

import (
	"context"
	"crypto/hmac"
	"fmt"
	"math"
)

// pageRows is how many rows are read, and proved, at a time.
const pageRows = 512

// walk proves every row after one that is known to hold, page by page, and the head at the end. It returns the last row
// that holds; visit may end it.
func (l *Log) walk(ctx context.Context, last Receipt, visit func([]Row) error) (Receipt, error) {
	for {
		rows, head, err := l.page(ctx, last.Sequence)
		if err != nil {
			return last, err
		}
		proved, fault := l.prove(last, rows)
		if err := visit(proved); err != nil {
			return last, err
		}
		if len(proved) > 0 {
			last = proved[len(proved)-1].Receipt
		}
		if fault != nil {
			return last, fault
		}
		if len(rows) < pageRows {
			return last, l.proveHead(last, head)
		}
	}
}

func (l *Log) page(ctx context.Context, after uint64) ([]StoredRow, StoredHead, error) {
	if l.shared != nil {
		var leave context.CancelFunc
		ctx, leave = context.WithTimeout(ctx, lookLimit)
		defer leave()
	}
	return l.store.Page(ctx, after, pageRows)
}

// prove returns the leading rows that hold, with their bodies opened, and what is wrong with the next.
func (l *Log) prove(last Receipt, rows []StoredRow) ([]Row, error) {
	proved := make([]Row, 0, len(rows))
	for _, row := range rows {
		next := last.Sequence + 1
		if row.Sequence != int64(next) {
			return proved, brokenAt{next, "it is missing"}
		}
		person, known := personFrom(row.Person)
		where := place(next, person)
		hash := l.keys.link(last.Hash, where, row.Body)
		if !known || !hmac.Equal(hash[:], row.Hash) {
			return proved, brokenAt{next, "it does not follow from the entry before it: it was changed, moved or put in"}
		}
		body, err := l.keys.unseal(where, row.Body)
		if err != nil {
			return proved, brokenAt{next, "it cannot be opened"}
		}
		last = Receipt{Sequence: next, Hash: hash}
		proved = append(proved, Row{last, Item{person, body}})
	}
	return proved, nil
}

// proveHead holds the head against the last row.
func (l *Log) proveHead(last Receipt, stored StoredHead) error {
	head, ours := l.keys.open(stored)
	switch {
	case !ours:
		return brokenAt{last.Sequence + 1, "the head was changed: entries may be missing from the end"}
	case head.Sequence > last.Sequence:
		return brokenAt{last.Sequence + 1, fmt.Sprintf("it is missing, and all after it up to %d", head.Sequence)}
	case head != last:
		return brokenAt{head.Sequence + 1, "the head does not know it: the head was put back or the entry put in"}
	}
	return nil
}

// ending returns the last row's receipt, read outside of a transaction: for when nobody writes.
func (l *Log) ending(ctx context.Context) (Receipt, error) {
	_, head, err := l.store.Page(ctx, math.MaxInt64, 1)
	if err != nil {
		return Receipt{}, err
	}
	// The row that the head names, and any that it does not know of.
	rows, head, err := l.store.Page(ctx, uint64(max(head.Sequence-1, 0)), 2)
	if err != nil {
		return Receipt{}, err
	}
	ending := Ending{Head: head}
	if len(rows) > 0 {
		ending.Last = rows[len(rows)-1]
	}
	return l.proveEnding(ending)
}

// proveEnding returns the last row's receipt, once the head is proved to be ours and to name it.
func (l *Log) proveEnding(ending Ending) (Receipt, error) {
	head, ours := l.keys.open(ending.Head)
	if !ours {
		return Receipt{}, fmt.Errorf("%w: the head was changed or is gone", ErrBroken)
	}
	last := Receipt{Sequence: uint64(max(ending.Last.Sequence, 0)), Hash: l.keys.first()}
	if last.Sequence != 0 {
		last.Hash = Hash{}
		copy(last.Hash[:], ending.Last.Hash)
	}
	if last != head {
		return Receipt{}, fmt.Errorf("%w: the head names entry %d, the last is %d", ErrBroken, head.Sequence, last.Sequence)
	}
	return last, nil
}
