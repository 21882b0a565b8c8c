package embedded

import (
	"context"
	"errors"
	"fmt"
	"runtime"
)

// batchItems is about how many items share one transaction; one call's items are never split.
const batchItems = 1024

// submission is one caller's items on their way to the disk.
type submission struct {
	items    []Item
	stream   Stream // in place of items
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
	if err := l.await(ctx, s); err != nil {
		return nil, unavailable("append", err)
	}
	return s.receipts, nil
}

// await hands a submission over and waits for its fate.
func (l *Log) await(ctx context.Context, s *submission) error {
	if err := l.submit(ctx, s); err != nil {
		return err
	}
	select {
	case err := <-s.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
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
	if l.options.ReadOnly {
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
		for first != nil {
			batch := l.gather(first)
			l.crowded = len(batch) > 1
			err := l.write(batch)
			for _, s := range batch {
				s.done <- err
			}
			l.tidy()
			first, l.waiting = l.waiting, nil
		}
	}
}

// tidy does what nobody waits for, once there is enough of it.
func (l *Log) tidy() {
	tidier, is := l.store.(Tidier)
	if !is || !tidier.Due(l.awaited()) {
		return
	}
	ctx := context.Background()
	if err := l.index(ctx, l.awaited); err != nil {
		// The rows are on the disk all the same, and found by reading through them.
		l.options.Log.WarnContext(ctx, "could not tag rows", "purpose", l.options.Purpose, "error", err)
	}
	l.tidyStore(ctx)
}

// awaited reports whether callers wait for the goroutine that writes.
func (l *Log) awaited() bool { return l.waiting != nil || len(l.queue) > 0 }

func (l *Log) tidyStore(ctx context.Context) {
	tidier, is := l.store.(Tidier)
	if !is {
		return
	}
	if err := tidier.Tidy(ctx); err != nil {
		l.options.Log.WarnContext(ctx, "could not tidy the log", "purpose", l.options.Purpose, "error", err)
	}
}

// gather takes what is queued behind the first submission, and waits for nothing.
func (l *Log) gather(first *submission) []*submission {
	batch, items := []*submission{first}, len(first.items)
	if first.stream != nil {
		return batch // it has a transaction of its own
	}
	if l.crowded {
		runtime.Gosched() // callers woken by the last commit may be about to queue: let them run once
	}
	for items < batchItems {
		select {
		case next, open := <-l.queue:
			if !open {
				return batch
			}
			if next.stream != nil {
				l.waiting = next
				return batch
			}
			batch, items = append(batch, next), items+len(next.items)
		default:
			return batch
		}
	}
	return batch
}

// write stores a batch. After a failure the store may hold more than we know, or less than we told: what it holds is read
// again before anything more is written.
func (l *Log) write(batch []*submission) error {
	// Not a caller's context: nobody's leaving may undo what others wait for.
	ctx := context.Background()
	if l.shared != nil && batch[0].stream == nil {
		var leave context.CancelFunc
		ctx, leave = context.WithTimeout(ctx, writeLimit)
		defer leave()
	}
	w := &writing{log: l, batch: batch}
	defer w.release()
	if l.shared == nil {
		w.hold() // nobody else moves the follower on
		if l.lost {
			if err := l.catchUp(ctx); err != nil {
				return err
			}
		}
	}
	err := l.store.Write(ctx, func(store Writing) error { return w.run(ctx, store) })
	if err == nil {
		return w.tell(ctx)
	}
	w.hold()
	if again := l.catchUp(ctx); again != nil && (l.shared == nil || errors.Is(again, ErrBroken)) {
		l.lose(ctx, again)
	}
	l.options.Log.ErrorContext(ctx, "could not append", "purpose", l.options.Purpose, "callers", len(batch), "error", err)
	return err
}

func (l *Log) lose(ctx context.Context, err error) {
	l.lost = true
	if l.options.Follower != nil {
		l.options.Follower.Lost(err)
	}
	l.options.Log.ErrorContext(ctx, "lost sight of the log", "purpose", l.options.Purpose, "error", err)
}

// writing is one batch on its way into one transaction.
type writing struct {
	log   *Log
	batch []*submission
	held  bool // it holds the log's advance
	rows  []Row
	last  Receipt
}

func (w *writing) hold() {
	if !w.held {
		w.log.advance.Lock()
		w.held = true
	}
}

func (w *writing) release() {
	if w.held {
		w.log.advance.Unlock()
	}
}

// run writes the batch. Before it, the head in the store must be the one we know, or the chain would go on from a wrong link.
func (w *writing) run(ctx context.Context, store Writing) error {
	l := w.log
	ending, err := store.Ending(ctx)
	if err != nil {
		return err
	}
	tail, err := l.proveEnding(ending)
	if err != nil {
		return err
	}
	w.hold()
	if tail != l.tail && l.shared != nil {
		// Others have written. They no longer do: the transaction holds the head.
		if err := l.catchUp(ctx); err != nil {
			return err
		}
	}
	if tail != l.tail {
		return fmt.Errorf("%w: the head moved from entry %d to %d behind our back", ErrBroken, l.tail.Sequence, tail.Sequence)
	}
	w.last = l.tail
	for _, s := range w.batch {
		if err := w.insert(ctx, store, s); err != nil {
			return err
		}
	}
	return store.SetHead(ctx, l.keys.head(w.last))
}

func (w *writing) insert(ctx context.Context, store Writing, s *submission) error {
	if s.stream != nil {
		return w.insertStream(ctx, store, s)
	}
	s.receipts = make([]Receipt, len(s.items))
	stored := make([]StoredRow, len(s.items))
	for i, item := range s.items {
		stored[i] = w.link(item)
		s.receipts[i] = w.last
		w.rows = append(w.rows, Row{Receipt: w.last, Item: item})
	}
	return store.Insert(ctx, stored)
}

// link seals an item and chains it to the last.
func (w *writing) link(item Item) StoredRow {
	keys, sequence := w.log.keys, w.last.Sequence+1
	where := place(sequence, item.Person)
	sealed := keys.seal(where, item.Body)
	hash := keys.link(w.last.Hash, where, sealed)
	w.last = Receipt{Sequence: sequence, Hash: hash}
	row := StoredRow{Sequence: int64(sequence), Body: sealed, Hash: hash[:]}
	if item.Person != (Person{}) {
		row.Person = item.Person[:]
	}
	return row
}

// tell gives the follower what is now in the store. Only then does the log count it as seen.
func (w *writing) tell(ctx context.Context) error {
	l := w.log
	if w.batch[0].stream != nil {
		return l.catchUp(ctx) // its rows were not kept
	}
	if l.options.Follower != nil {
		if err := l.options.Follower.Committed(w.rows); err != nil {
			l.lose(ctx, err)
			return err
		}
	}
	l.tail = w.last
	return nil
}
