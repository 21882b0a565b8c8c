package sources

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"onelondon/internal/stack"
)

// Ask puts each question to its source, all at once, and returns one reply for each, in the order of asks. It returns
// when every source has answered or used up its deadline, or when ctx is done, whichever comes first. A driver that
// ignores its context is abandoned: its late answer is dropped, and its slot stays taken until it returns.
func (c *Catalogue) Ask(ctx context.Context, asks []Ask) []Reply {
	r := &round{catalogue: c, asks: asks, replies: make([]Reply, len(asks)), calls: make([]call, len(asks)),
		finished: make(chan int, len(asks)), begun: time.Now()}
	for i := range asks {
		r.admit(i)
	}
	r.start(ctx)
	for w := range r.waves {
		r.await(&r.waves[w])
	}
	for w := range r.waves {
		r.waves[w].cancel()
	}
	for i := range r.replies {
		r.report(ctx, i)
	}
	return r.replies
}

// round is one call of Ask.
type round struct {
	catalogue *Catalogue
	asks      []Ask
	replies   []Reply
	calls     []call
	waves     []wave   // soonest deadline first; most rounds have one wave and so one timer
	finished  chan int // indices of calls whose reply is written; never blocks
	begun     time.Time
}

// call is one question under way. Its worker and the waiter in Ask race for the last change of stage: the winner writes
// the reply, the loser writes nothing.
type call struct {
	member *member
	judge  func(error)   // informs the breaker; called once, by whoever ends the call
	wait   time.Duration // the time allowed, counted from the start of the round
	wave   int
	stage  atomic.Int32
	sent   time.Duration // time at which the driver was called, counted from the start of the round; written before stageAsking
}

const (
	stageWaiting int32 = iota // for a slot
	stageAsking               // the driver is running
	stageOver                 // the reply is being written
)

// wave groups the calls that share a deadline. It may hold a context because it does not outlive its round.
type wave struct {
	deadline time.Duration
	ctx      context.Context
	cancel   context.CancelFunc
	pending  int
}

// admit decides whether a question may be asked at all; a refused one gets its reply at once.
func (r *round) admit(i int) {
	id := r.asks[i].Source
	r.replies[i].Source = id
	m := r.catalogue.byID[id]
	if m == nil || r.catalogue.closed.Load() {
		r.settle(i, OutcomeNotAsked, ClassUnknown)
		return
	}
	judge, err := m.breaker.Allow()
	if err != nil {
		r.settle(i, OutcomeNotAsked, ClassCircuit)
		return
	}
	r.calls[i].member, r.calls[i].judge, r.calls[i].wait = m, judge, m.wait(r.asks[i].Patience)
}

// start groups the admitted calls by deadline and starts them.
func (r *round) start(ctx context.Context) {
	for i := range r.calls {
		call := &r.calls[i]
		if call.member == nil || slices.ContainsFunc(r.waves, func(w wave) bool { return w.deadline == call.wait }) {
			continue
		}
		r.waves = append(r.waves, wave{deadline: call.wait})
	}
	slices.SortFunc(r.waves, func(a, b wave) int { return cmp.Compare(a.deadline, b.deadline) })
	for w := range r.waves {
		wave := &r.waves[w]
		wave.ctx, wave.cancel = context.WithTimeout(ctx, wave.deadline)
		for i := range r.calls {
			if call := &r.calls[i]; call.member != nil && call.wait == wave.deadline {
				call.wave = w
				wave.pending++
				go r.work(wave.ctx, i)
			}
		}
	}
}

// work asks one source. It touches the round only before giving up the call or after winning it.
func (r *round) work(ctx context.Context, i int) {
	stack.Grow()
	call := &r.calls[i]
	m := call.member
	if !m.enter(ctx) {
		r.finish(i, stageWaiting, Reply{Outcome: OutcomeNotAsked, Class: ClassBusy})
		return
	}
	call.sent = time.Since(r.begun)
	if !call.stage.CompareAndSwap(stageWaiting, stageAsking) {
		m.leave()
		return
	}
	query := r.asks[i].Query
	query.Limits = m.limits(query.Limits)
	var answer Answer
	guarded(func() (err error) {
		answer, err = m.source.Fetch(ctx, query)
		if err == nil {
			err = check(m.spec.ID, &query, &answer)
		}
		return err
	}, func(err error) {
		m.leave()
		outcome, class := classify(ctx, err)
		if err != nil {
			answer = Answer{}
		}
		r.finish(i, stageAsking, Reply{Outcome: outcome, Class: class, Code: codeOf(err), Answer: answer})
	})
}

// finish writes a call's reply unless the waiter has given up on it.
func (r *round) finish(i int, from int32, ended Reply) {
	if !r.calls[i].stage.CompareAndSwap(from, stageOver) {
		return
	}
	r.replies[i].Answer, r.replies[i].Code = ended.Answer, ended.Code
	r.settle(i, ended.Outcome, ended.Class)
	r.finished <- i
}

// await returns when every call of w has a reply. A call of a later wave that finishes meanwhile is counted for its own
// wave.
func (r *round) await(w *wave) {
	done := w.ctx.Done()
	for w.pending > 0 {
		select {
		case i := <-r.finished:
			r.waves[r.calls[i].wave].pending--
		case <-done:
			r.abandon(w)
			done = nil // calls still pending have been finished, and their notices are on the way
		}
	}
}

// abandon gives up on every call of w that has no reply yet.
func (r *round) abandon(w *wave) {
	class := ClassTimeout
	if errors.Is(w.ctx.Err(), context.Canceled) {
		class = ClassCancelled
	}
	for i := range r.calls {
		call := &r.calls[i]
		switch {
		case call.member == nil || &r.waves[call.wave] != w:
		case call.stage.CompareAndSwap(stageWaiting, stageOver):
			r.settle(i, OutcomeNotAsked, ClassBusy)
			w.pending--
		case call.stage.CompareAndSwap(stageAsking, stageOver):
			r.settle(i, OutcomeTimedOut, class)
			w.pending--
		}
	}
}

// settle records how a call ended and informs the breaker. Only whoever ended the call may call it.
func (r *round) settle(i int, outcome Outcome, class Class) {
	call, reply := &r.calls[i], &r.replies[i]
	reply.Outcome, reply.Class, reply.Elapsed = outcome, class, time.Since(r.begun)
	if call.member == nil {
		return
	}
	call.judge(verdict(class, reply.Elapsed-call.sent, call.member.spec.Deadline))
	call.member.note(outcome, class, reply.Elapsed-call.sent)
}

// report logs one line for a source that did not answer, and one for rejected rows.
func (r *round) report(ctx context.Context, i int) {
	reply := &r.replies[i]
	rejected := 0
	for p := range reply.Answer.Parts {
		rejected += reply.Answer.Parts[p].Rejected
	}
	if reply.Outcome == OutcomeAnswered && rejected == 0 {
		return
	}
	message := "source did not answer"
	if rejected > 0 {
		message = "source gave rows that were left out"
	}
	attributes := []slog.Attr{slog.String("source", string(reply.Source)),
		slog.String("request_id", r.asks[i].Query.Caller.RequestID),
		slog.String("outcome", string(reply.Outcome)),
		slog.String("class", string(reply.Class)),
		slog.Int("rejected", rejected),
		slog.Duration("elapsed", reply.Elapsed)}
	if reply.Code != "" {
		attributes = append(attributes, slog.String("code", reply.Code))
	}
	r.catalogue.log.LogAttrs(ctx, slog.LevelWarn, message, attributes...)
}
