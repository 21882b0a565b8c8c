package sources

import (
	"context"
	"log/slog"
	"time"

	"github.com/sony/gobreaker/v2"

	"onelondon/internal/clinical"
)

// CountReply is how a source did on a counting question.
type CountReply struct {
	Source  clinical.SourceID
	Outcome Outcome
	Class   Class
	Code    string // the database's own error code, see WithCode; may be empty
	Elapsed time.Duration
	Rows    int64 // handed over, including those of a reading that broke off
	// Err is the error returned by the question, nil if the outcome is OutcomeAnswered. It is meant for whoever asked,
	// as it may be their own.
	Err error
}

// Count lets a question count at one source. The question is a function, called once with a counter limited by the
// source's StudySpec, through which it may ask several things; it is not called if the source is not asked. Few such
// questions run at once, each with a deadline that includes the wait for a slot. A driver that ignores its context is
// abandoned: nothing more of it is handed over, and its slot stays taken until it returns.
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
		case <-c.closing: // closing does not wait for studies
			cancel()
		case <-ctx.Done():
		}
	}()
	m.count(ctx, driver, question, &reply)
	reply.Elapsed = time.Since(begun)
	c.reportCount(ctx, &reply)
	return reply
}

// count asks if the circuit is closed and a slot becomes free in time. A study is never the trial question of an open
// circuit.
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
	slot := &slot{release: func() { <-m.studies }, holders: 1}
	defer slot.leave()
	judge, err := m.breaker.Allow()
	if err != nil {
		return
	}
	counter := &guardedCounter{driver: driver, slot: slot}
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

// countVerdict is what the breaker is told. Slowness in counting says nothing about answering for one person.
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
