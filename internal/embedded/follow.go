package embedded

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A change must bite within a second wherever a log is followed. So a follower that has not looked for 900 ms is not believed
// any more, which leaves a tenth of a second to answer in; it looks whenever the store says that somebody wrote, and four
// times a second besides, so that three looks in a row must fail before anybody notices.
const (
	usualStaleness = 900 * time.Millisecond
	looks          = 4                // how often it looks by itself in its time
	lookLimit      = 2 * time.Second  // for one page, lest a dead connection be waited for
	writeLimit     = 15 * time.Second // for one batch to a shared store; an import may hold it for longer
	longestBackoff = 2 * time.Second  // before watching is tried again
)

var errUnseen = errors.New("the store has been out of sight for too long")

// follow keeps the follower of a shared store up with it, until the log is closed.
func (l *Log) follow() {
	if l.shared == nil || l.options.Follower == nil {
		return
	}
	ctx, leave := context.WithCancel(context.Background())
	l.leave = leave
	moved := make(chan struct{}, 1)
	l.following.Go(func() { l.watch(ctx, moved) })
	l.following.Go(func() {
		tick := time.NewTicker(l.options.Staleness / looks)
		defer tick.Stop()
		fine := true
		for {
			select {
			case <-ctx.Done():
				return
			case <-moved:
			case <-tick.C:
			}
			fine = l.look(ctx, fine)
		}
	})
}

// watch listens for the writing of others, and begins again where the store was out of sight.
func (l *Log) watch(ctx context.Context, moved chan<- struct{}) {
	wait := 50 * time.Millisecond
	for ctx.Err() == nil {
		began := time.Now()
		err := l.shared.Watch(ctx, func() {
			select {
			case moved <- struct{}{}:
			default: // it has been told and has not looked yet
			}
		})
		if ctx.Err() != nil {
			return
		}
		l.options.Log.WarnContext(ctx, "watching the log ended", "purpose", l.options.Purpose, "error", err)
		if time.Since(began) > longestBackoff {
			wait = 50 * time.Millisecond
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait = min(2*wait, longestBackoff)
	}
}

// look takes in what others have written, and reports whether it could. Only the first of several failures is logged.
func (l *Log) look(ctx context.Context, fine bool) bool {
	l.advance.Lock()
	defer l.advance.Unlock()
	err := l.catchUp(ctx)
	switch {
	case ctx.Err() != nil:
	case errors.Is(err, ErrBroken):
		l.lose(ctx, err)
	case err != nil && fine:
		l.options.Log.ErrorContext(ctx, "cannot see the log", "purpose", l.options.Purpose, "error", err)
	case err == nil && !fine:
		l.options.Log.InfoContext(ctx, "the log is in sight again", "purpose", l.options.Purpose)
	}
	return err == nil
}

// catchUp gives the follower every row after those it has, and proves them. Advance is held.
func (l *Log) catchUp(ctx context.Context) error {
	// Each page is asked for when the one before it has been taken in; the last says that there is no more.
	asked, next := time.Now(), time.Now()
	last, err := l.walk(ctx, l.tail, func(rows []Row) error {
		asked = next
		defer func() { next = time.Now() }()
		if l.options.Follower == nil || len(rows) == 0 {
			return nil
		}
		if err := l.options.Follower.Committed(rows); err != nil {
			return err
		}
		l.tail = rows[len(rows)-1].Receipt
		return nil
	})
	if err == nil && l.shared == nil {
		// A walk that finds nothing new has not looked at the row it started from. Where others write as well, the head that
		// the walk proved names that row, and whoever writes next looks at it.
		_, err = l.ending(ctx)
	}
	if err != nil {
		return fmt.Errorf("read the log again: %w", err)
	}
	l.tail, l.lost = last, false
	l.seen.Store(int64(asked.Sub(l.opened)))
	if l.options.Follower != nil {
		l.options.Follower.Found()
	}
	return nil
}

// Fresh reports, as an error that is [ErrUnavailable], that what a follower of a shared store knows is too old to be believed.
func (l *Log) Fresh() error {
	if l.shared == nil {
		return nil
	}
	if since := time.Since(l.opened) - time.Duration(l.seen.Load()); since > l.options.Staleness {
		return unavailable("follow", errUnseen)
	}
	return nil
}
