package sources

import (
	"context"
	"log/slog"
	"time"

	"github.com/sony/gobreaker/v2"

	"onelondon/internal/clinical"
)

// CountReply is how a source did on a question that counts.
type CountReply struct {
	Source  clinical.SourceID
	Outcome Outcome
	Class   Class
	Code    string // what the database called its error; empty where it did not say
	Elapsed time.Duration
	Rows    int64 // handed over, those of a reading that broke off included
	// Err is what the question returned: nil where the outcome is OutcomeAnswered. It is for whoever asked, since it may be theirs.
	Err error
}

// Count asks one source to count. The question is called once, with a counter that keeps to the source's limits for studies, and
// may ask it several things; it is not called where the source is not asked. A source counts few questions at once, with a
// deadline of its own that includes the wait for a place. A driver that ignores its context is left behind and nothing of it is
// handed over any more; its place is taken until it returns.
func (c *Catalogue) Count(ctx context.Context, id clinical.SourceID, question func(context.Context, Counter) error) CountReply {
	begun := time.Now()
	reply := CountReply{Source: id, Outcome: OutcomeNotAsked, Class: ClassUnknown}
	m := c.byID[id]
	if m == nil || c.closed.Load() {
		reply.Err = ErrUnavailable
		return reply
	}
	driver, counts := m.source.(Counter)
	if !counts {
		reply.Err = ErrUnavailable
		c.reportCount(ctx, &reply)
		return reply
	}
	ctx, cancel := context.WithTimeout(ctx, m.spec.Study.Deadline)
	defer cancel()
	go func() {
		select {
		case <-c.closing: // a study is not waited for
			cancel()
		case <-ctx.Done():
		}
	}()
	m.count(ctx, driver, question, &reply)
	reply.Elapsed = time.Since(begun)
	c.reportCount(ctx, &reply)
	return reply
}

// count asks where the circuit is closed and a place is free in time. A study is no way to find out whether a source is back.
func (m *member) count(ctx context.Context, driver Counter, question func(context.Context, Counter) error, reply *CountReply) {
	reply.Class, reply.Err = ClassCircuit, ErrUnavailable
	if m.breaker.State() != gobreaker.StateClosed {
		return
	}
	select {
	case m.studies <- struct{}{}:
	case <-ctx.Done():
		reply.Class, reply.Err = ClassBusy, ctx.Err()
		return
	}
	places := &place{release: func() { <-m.studies }, holders: 1}
	defer places.leave()
	judge, err := m.breaker.Allow()
	if err != nil {
		return
	}
	counter := &guardedCounter{driver: driver, place: places}
	reply.Err = question(ctx, counter)
	reply.Rows = counter.rows
	reply.Outcome, reply.Class = classify(ctx, reply.Err)
	if reply.Err != nil && counter.own {
		reply.Outcome, reply.Class = OutcomeFailed, ClassCancelled
	}
	reply.Code = codeOf(reply.Err)
	judge(countVerdict(reply.Class))
	if reply.Class != ClassTimeout {
		m.note(reply.Outcome, reply.Class, 0)
	}
}

// countVerdict is what the breaker is told. That a source took too long to count says nothing of how it answers for one person.
func countVerdict(class Class) error {
	switch class {
	case ClassNone, ClassSchema, ClassRefused:
		return nil
	case ClassUnavailable, ClassPanic:
		return ErrUnavailable
	}
	return errUnjudged
}

func (c *Catalogue) reportCount(ctx context.Context, reply *CountReply) {
	if reply.Outcome == OutcomeAnswered {
		return
	}
	attributes := []slog.Attr{slog.String("source", string(reply.Source)), slog.String("outcome", string(reply.Outcome)),
		slog.String("class", string(reply.Class)), slog.Duration("elapsed", reply.Elapsed)}
	if reply.Code != "" {
		attributes = append(attributes, slog.String("code", reply.Code))
	}
	c.log.LogAttrs(ctx, slog.LevelWarn, "source did not count", attributes...)
}
