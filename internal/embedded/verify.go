package embedded

import (
	"context"
	"errors"
	"fmt"
)

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
		return l.proveTags(ctx, rows)
	})
	report := Report{Entries: last.Sequence, Head: last}
	if err == nil && furthest > last.Sequence {
		err = brokenAt{last.Sequence + 1, "it is missing, though a receipt was given for it or a later one"}
	}
	if err == nil {
		err = l.proveIndex(ctx)
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
