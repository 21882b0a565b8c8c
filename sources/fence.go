package sources

import (
	"context"
	"sync"
)

// place is one place among those that count, held by the question and by every call of the driver under way.
type place struct {
	mutex   sync.Mutex
	holders int
	release func()
}

func (p *place) take() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.holders++
}

func (p *place) leave() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.holders--; p.holders == 0 {
		p.release()
	}
}

// guardedCounter stands between a driver and the question. The driver runs in a goroutine of its own, and each is called while the
// question waits, never afterwards.
type guardedCounter struct {
	driver Counter
	place  *place
	rows   int64
	own    bool // the last error was of the question's own
}

var _ Counter = (*guardedCounter)(nil)

// Events asks the driver; an event of a set that was not asked for fails the answer.
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

// call runs the driver until it returns or the context is done, whichever is first.
func (g *guardedCounter) call(ctx context.Context, ask func(context.Context, *fence) error) error {
	f := &fence{}
	ended := make(chan error, 1)
	g.place.take()
	go guarded(func() error { return ask(ctx, f) }, func(err error) {
		g.place.leave()
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

// fence lets rows through until it is closed. Closing waits for a row on its way.
type fence struct {
	mutex   sync.Mutex
	closed  bool
	rows    int64
	stopped error // what each returned
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
