package embedded

import (
	"context"
	"fmt"
	"runtime"
)

// batchItems is about how many items share one transaction; one call's items are never split.
const batchItems = 1024

// submission is one caller's items on their way to the disk.
type submission struct {
	items    []Item
	receipts []Receipt
	done     chan error // of capacity 1, so that nobody waits for a caller who has left
}

// Append writes the items, all or none, and returns their receipts, in their order, once they are on the disk. Callers that
// come while a transaction is being written share the next one, and share its fate. Whatever goes wrong comes with
// [ErrUnavailable], and then the items may or may not be kept: a context that ends while they are queued does not take them
// back, and a disk may fail after it has written.
func (l *Log) Append(ctx context.Context, items ...Item) ([]Receipt, error) {
	if len(items) == 0 {
		return nil, nil
	}
	s := &submission{items: items, done: make(chan error, 1)}
	if err := l.submit(ctx, s); err != nil {
		return nil, unavailable("append", err)
	}
	select {
	case err := <-s.done:
		if err != nil {
			return nil, unavailable("append", err)
		}
		return s.receipts, nil
	case <-ctx.Done():
		return nil, unavailable("append", ctx.Err())
	}
}

func (l *Log) submit(ctx context.Context, s *submission) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.closing.RLock()
	defer l.closing.RUnlock()
	if l.closed {
		return ErrClosed
	}
	if l.writer == nil {
		return ErrReadOnly
	}
	select {
	case l.queue <- s:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run is the one goroutine that writes.
func (l *Log) run() {
	defer close(l.finished)
	for first := range l.queue {
		batch := l.gather(first)
		err := l.write(batch)
		for _, s := range batch {
			s.done <- err
		}
		l.tidy(context.Background())
	}
}

// gather takes what is queued behind the first submission, and waits for nothing.
func (l *Log) gather(first *submission) []*submission {
	batch, items := []*submission{first}, len(first.items)
	// Callers woken by the last commit may be about to queue: let them run once. A lone caller loses nothing by it.
	runtime.Gosched()
	for items < batchItems {
		select {
		case next, open := <-l.queue:
			if !open {
				return batch
			}
			batch, items = append(batch, next), items+len(next.items)
		default:
			return batch
		}
	}
	return batch
}

// write stores a batch. After a failure the disk may hold more than we know, or less than we told: what it holds is read
// again before anything more is written.
func (l *Log) write(batch []*submission) error {
	// Not a caller's context: nobody's leaving may undo what others wait for.
	ctx := context.Background()
	if l.lost {
		if err := l.catchUp(ctx); err != nil {
			return err
		}
	}
	rows, err := l.store(ctx, batch)
	if err == nil {
		return l.tell(ctx, rows)
	}
	if again := l.catchUp(ctx); again != nil {
		l.lose(ctx, again)
	}
	l.options.Log.ErrorContext(ctx, "could not append", "purpose", l.options.Purpose, "callers", len(batch), "error", err)
	return err
}

// tell gives the follower what is now on the disk. Only then does the log count it as seen.
func (l *Log) tell(ctx context.Context, rows []Row) error {
	if l.options.Follower != nil {
		if err := l.options.Follower.Committed(rows); err != nil {
			l.lose(ctx, err)
			return err
		}
	}
	l.tail = rows[len(rows)-1].Receipt
	l.untidied += len(rows)
	return nil
}

func (l *Log) lose(ctx context.Context, err error) {
	l.lost = true
	if l.options.Follower != nil {
		l.options.Follower.Lost(err)
	}
	l.options.Log.ErrorContext(ctx, "lost sight of the log", "purpose", l.options.Purpose, "error", err)
}

// store writes one transaction. The head on the disk must be the one we know, or the chain would go on from a wrong link.
func (l *Log) store(ctx context.Context, batch []*submission) (rows []Row, err error) {
	err = l.session.within(ctx, func() error {
		tail, err := readTail(l.session.ending.QueryRowContext(ctx), l.keys)
		if err != nil {
			return err
		}
		if tail != l.tail {
			return fmt.Errorf("%w: the head moved from entry %d to %d behind our back", ErrBroken, l.tail.Sequence, tail.Sequence)
		}
		if rows, err = l.insert(ctx, batch); err != nil {
			return err
		}
		head := rows[len(rows)-1].Receipt
		proof := l.keys.sign(head)
		if _, err = l.session.head.ExecContext(ctx, int64(head.Sequence), head.Hash[:], proof[:]); err != nil {
			return fmt.Errorf("write the head: %w", err)
		}
		return nil
	})
	return rows, err
}

func (l *Log) insert(ctx context.Context, batch []*submission) ([]Row, error) {
	rows := make([]Row, 0, len(batch))
	last := l.tail
	for _, s := range batch {
		s.receipts = make([]Receipt, len(s.items))
		for i, item := range s.items {
			sequence := last.Sequence + 1
			where := place(sequence, item.Person)
			sealed := l.keys.seal(where, item.Body)
			last = Receipt{Sequence: sequence, Hash: l.keys.link(last.Hash, where, sealed)}
			var person []byte
			if item.Person != (Person{}) {
				person = item.Person[:]
			}
			if _, err := l.session.insertion.ExecContext(ctx, int64(sequence), person, sealed, last.Hash[:]); err != nil {
				return nil, fmt.Errorf("write entry %d: %w", sequence, err)
			}
			s.receipts[i] = last
			rows = append(rows, Row{Receipt: last, Item: item})
		}
	}
	return rows, nil
}
