package embedded

import "context"

// Stream gives items one after another to yield, whose error ends it. It is called while nobody else can write, after
// everything there is has been told to the follower.
type Stream func(yield func(Item) error) error

// AppendStream writes what a stream gives, all or none, in a transaction of its own and without holding it in memory. It returns
// the first and the last of their receipts, both zero where there were none. An error of the stream is returned as it is, and
// then nothing is kept; anything else that goes wrong comes with [ErrUnavailable], as with Append. Other writers wait for it.
func (l *Log) AppendStream(ctx context.Context, stream Stream) (first, last Receipt, err error) {
	var broken, unwritten error
	s := &submission{done: make(chan error, 1), receipts: make([]Receipt, 2)}
	s.stream = func(yield func(Item) error) error {
		broken = stream(func(item Item) error {
			if unwritten = ctx.Err(); unwritten == nil {
				unwritten = yield(item)
			}
			return unwritten
		})
		return broken
	}
	if err := l.submit(ctx, s); err != nil {
		return Receipt{}, Receipt{}, unavailable("append", err)
	}
	// Not until the context ends: the stream reads what is the caller's, and ends with the context itself.
	err = <-s.done
	if broken != nil && unwritten == nil {
		return Receipt{}, Receipt{}, broken
	}
	if err != nil {
		return Receipt{}, Receipt{}, unavailable("append", err)
	}
	return s.receipts[0], s.receipts[1], nil
}

// streamRows is how many rows of a stream are written at a time.
const streamRows = 1024

func (w *writing) insertStream(ctx context.Context, store Writing, s *submission) error {
	stored := make([]StoredRow, 0, streamRows)
	flush := func() error {
		err := store.Insert(ctx, stored)
		stored = stored[:0]
		return err
	}
	err := s.stream(func(item Item) error {
		stored = append(stored, w.link(item))
		if s.receipts[1] = w.last; s.receipts[0].Sequence == 0 {
			s.receipts[0] = w.last
		}
		if len(stored) < streamRows {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}
