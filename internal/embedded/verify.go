package embedded

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
)

// pageRows is how many rows one reading transaction takes, so that a long walk never holds back the writer's checkpoints.
const pageRows = 512

// Report says whether a chain holds.
type Report struct {
	Entries uint64  // how many rows hold, counted from the first
	Head    Receipt // the last row that holds
	Broken  uint64  // sequence of the first row that does not; 0 when all do
	Fault   string  // what is wrong there, in words; empty when nothing is
}

// Intact reports whether the whole chain holds.
func (r Report) Intact() bool { return r.Broken == 0 }

// Verify walks the whole chain, also while it is being written, and checks that every receipt noted elsewhere is in it. The
// error says that the file could not be read; what the file says is in the report.
func (l *Log) Verify(ctx context.Context, noted ...Receipt) (Report, error) {
	l.closing.RLock()
	defer l.closing.RUnlock()
	if l.closed {
		return Report{}, unavailable("verify", ErrClosed)
	}
	expected := make(map[uint64]Hash, len(noted))
	furthest := uint64(0)
	for _, receipt := range noted {
		expected[receipt.Sequence] = receipt.Hash
		furthest = max(furthest, receipt.Sequence)
	}
	last, err := l.walk(ctx, Receipt{Hash: l.keys.first()}, func(rows []Row) error {
		for _, row := range rows {
			if hash, found := expected[row.Sequence]; found && hash != row.Hash {
				return brokenAt{row.Sequence, "it is not the entry for which a receipt was given"}
			}
		}
		return nil
	})
	report := Report{Entries: last.Sequence, Head: last}
	if err == nil && furthest > last.Sequence {
		err = brokenAt{last.Sequence + 1, "it is missing, though a receipt was given for it or a later one"}
	}
	var broken brokenAt
	if errors.As(err, &broken) {
		report.Broken, report.Fault = broken.sequence, broken.fault
		report.Entries = min(report.Entries, broken.sequence-1)
		return report, nil
	}
	if err != nil {
		return Report{}, unavailable("verify", err)
	}
	return report, nil
}

// brokenAt names the first row that does not hold. It is an [ErrBroken].
type brokenAt struct {
	sequence uint64
	fault    string
}

func (b brokenAt) Error() string {
	return fmt.Sprintf("%v at entry %d: %s", ErrBroken, b.sequence, b.fault)
}

func (b brokenAt) Is(target error) bool { return target == ErrBroken }

// catchUp gives the follower every row after those it has, and proves them.
func (l *Log) catchUp(ctx context.Context) error {
	last, err := l.walk(ctx, l.tail, func(rows []Row) error {
		if l.options.Follower == nil {
			return nil
		}
		if err := l.options.Follower.Committed(rows); err != nil {
			return err
		}
		if len(rows) > 0 {
			l.tail = rows[len(rows)-1].Receipt
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the log again: %w", err)
	}
	// A walk that finds nothing new has not looked at the row it started from.
	if _, err := readTail(l.reader.QueryRowContext(ctx, tailText), l.keys); err != nil {
		return fmt.Errorf("read the log again: %w", err)
	}
	l.tail, l.lost = last, false
	if l.options.Follower != nil {
		l.options.Follower.Found()
	}
	return nil
}

// walk proves every row after one that is known to hold, page by page, and the head at the end. It returns the last row
// that holds; visit may end it.
func (l *Log) walk(ctx context.Context, last Receipt, visit func([]Row) error) (Receipt, error) {
	for {
		rows, head, err := l.readPage(ctx, last)
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

// prove returns the leading rows that hold, with their bodies opened, and what is wrong with the next.
func (l *Log) prove(last Receipt, rows []storedRow) ([]Row, error) {
	proved := make([]Row, 0, len(rows))
	for _, row := range rows {
		next := last.Sequence + 1
		if row.sequence != int64(next) {
			return proved, brokenAt{next, "it is missing"}
		}
		person, known := personFrom(row.person)
		where := place(next, person)
		hash := l.keys.link(last.Hash, where, row.body)
		if !known || !hmac.Equal(hash[:], row.hash) {
			return proved, brokenAt{next, "it does not follow from the entry before it: it was changed, moved or put in"}
		}
		body, err := l.keys.unseal(where, row.body)
		if err != nil {
			return proved, brokenAt{next, "it cannot be opened"}
		}
		last = Receipt{Sequence: next, Hash: hash}
		proved = append(proved, Row{last, Item{person, body}})
	}
	return proved, nil
}

// proveHead holds the head against the last row.
func (l *Log) proveHead(last Receipt, head storedHead) error {
	proof := l.keys.sign(head.receipt)
	switch {
	case !head.found || !hmac.Equal(proof[:], head.proof):
		return brokenAt{last.Sequence + 1, "the head was changed: entries may be missing from the end"}
	case head.receipt.Sequence > last.Sequence:
		return brokenAt{last.Sequence + 1, fmt.Sprintf("it is missing, and all after it up to %d", head.receipt.Sequence)}
	case head.receipt != last:
		return brokenAt{head.receipt.Sequence + 1, "the head does not know it: the head was put back or the entry put in"}
	}
	return nil
}
