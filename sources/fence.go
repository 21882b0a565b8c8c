package sources

import (
	"context"
	"sync"
)

// slot is one counting slot, shared by the question and by every driver call under way.
type slot struct {
	mutex   sync.Mutex
	holders int
	release func()
}

func (s *slot) take() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.holders++
}

func (s *slot) leave() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.holders--; s.holders == 0 {
		s.release()
	}
}

// guardedCounter stands between a driver and the question. The driver runs in a goroutine of its own; each is called
// only while the question waits, never afterwards.
type guardedCounter struct {
	driver Counter
	slot   *slot
	rows   int64
	own    bool // the last error came from the question itself
}

var _ Counter = (*guardedCounter)(nil)

// Events asks the driver. An event of a set that was not asked for fails the answer.
func (g *guardedCounter) Events(ctx context.Context, query EventQuery, each func(set int, event Event) error) error {
	return g.call(ctx, func(ctx context.Context, f *fence) error {
		return g.driver.Events(ctx, query, func(set int, event Event) error {
			return f.pass(func() error {
				if set < 0 || set >= len(query.Sets) {
					return ErrMalformed
				}
				return f.asked(each(set, event))
			})
		})
	})
}

// Facts asks the driver.
func (g *guardedCounter) Facts(ctx context.Context, query FactQuery, each func(Facts) error) error {
	return g.call(ctx, func(ctx context.Context, f *fence) error {
		return g.driver.Facts(ctx, query, func(facts Facts) error {
			return f.pass(func() error { return f.asked(each(facts)) })
		})
	})
}

// call runs the driver until it returns or the context is done, whichever comes first.
func (g *guardedCounter) call(ctx context.Context, ask func(context.Context, *fence) error) error {
	f := &fence{}
	ended := make(chan error, 1)
	g.slot.take()
	go guarded(func() error { return ask(ctx, f) }, func(err error) {
		g.slot.leave()
		ended <- err
	})
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		err = ctx.Err()
	}
	f.close()
	g.rows += f.rows
	g.own = f.stopped != nil
	if g.own {
		return f.stopped
	}
	return err
}

// fence lets rows through until it is closed. Closing waits for a row that is passing.
type fence struct {
	mutex   sync.Mutex
	closed  bool
	rows    int64
	stopped error // the error returned by each
}

func (f *fence) pass(row func() error) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.closed {
		return context.Canceled
	}
	f.rows++
	return row()
}

func (f *fence) asked(err error) error {
	f.stopped = err
	return err
}

func (f *fence) close() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.closed = true
}
