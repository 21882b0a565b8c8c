package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// gathering asks the sources of one run.
type gathering struct {
	options *Options
	steps   *steps
	full    context.CancelCauseFunc
}

func newGathering(options *Options) *gathering {
	return &gathering{options: options, steps: &steps{tell: options.Progress, sources: len(options.Plan.Sources)}}
}

// gather asks every source that has not answered yet, some at a time.
func (g *gathering) gather(ctx context.Context) ([]Contribution, error) {
	within, full := context.WithCancelCause(ctx)
	defer full(nil)
	g.full = full
	if g.options.Deadline > 0 {
		var cancel context.CancelFunc
		within, cancel = context.WithTimeout(within, g.options.Deadline)
		defer cancel()
	}
	asked := g.options.Plan.Sources
	contributions := make([]Contribution, len(asked))
	for i := range asked {
		g.steps.step(asked[i].Source, StateWaiting, 0)
	}
	turns := make(chan int)
	var workers sync.WaitGroup
	for range min(g.options.Workers, len(asked)) {
		workers.Go(func() {
			for i := range turns {
				contributions[i] = g.ask(within, &asked[i])
			}
		})
	}
	for i := range asked {
		turns <- i
	}
	close(turns)
	workers.Wait()
	if cause := context.Cause(within); errors.Is(cause, ErrTooLarge) {
		return nil, cause
	}
	return contributions, ctx.Err()
}

// ask asks one source, unless it has answered already.
func (g *gathering) ask(ctx context.Context, asked *SourcePlan) Contribution {
	if there := g.options.Gathered.part(asked.Source); there != nil {
		g.steps.step(asked.Source, StateDone, there.rows)
		return Contribution{Source: asked.Source, Outcome: sources.OutcomeAnswered, Rows: there.rows, Elapsed: there.elapsed, Resumed: true}
	}
	g.steps.step(asked.Source, StateAsked, 0)
	started := time.Now()
	r := &reading{gathering: g, asked: asked}
	reply := g.options.Catalogue.Count(ctx, asked.Source, r.read)
	made := Contribution{Source: asked.Source, Outcome: reply.Outcome, Class: reply.Class, Rows: r.rows, Elapsed: time.Since(started)}
	if reply.Outcome != sources.OutcomeAnswered {
		r.forget()
		g.steps.step(asked.Source, StateFailed, r.rows)
		return made
	}
	r.part.rows, r.part.elapsed = r.rows, made.Elapsed
	g.options.Gathered.put(asked.Source, r.part)
	g.steps.step(asked.Source, StateDone, r.rows)
	return made
}

// reading is the answer of one source while it comes in.
type reading struct {
	*gathering
	asked *SourcePlan
	part  *part
	rows  int64
	taken int64 // bytes
}

// read asks the source everything, and keeps what it answers in order.
func (r *reading) read(ctx context.Context, counter sources.Counter) error {
	r.forget()
	r.part, r.rows = &part{columns: make([]*columns, len(r.options.Plan.Questions))}, 0
	if len(r.asked.Questions) > 0 {
		if err := r.readEvents(ctx, counter); err != nil {
			return err
		}
	}
	if r.asked.Facts {
		if err := r.readFacts(ctx, counter); err != nil {
			return err
		}
	}
	return r.take(r.part.bytes() - r.taken)
}

func (r *reading) readEvents(ctx context.Context, counter sources.Counter) error {
	query := sources.EventQuery{Caller: r.options.Caller, Stand: r.options.Stand, Organisation: r.options.Gathered.names.number}
	var into []*columns
	for _, number := range r.asked.Questions {
		question := &r.options.Plan.Questions[number]
		asked := question.RecordedSet
		asked.Condition = r.released(question.Kind)
		query.Sets = append(query.Sets, asked)
		into = append(into, &columns{wanted: question.Wanted})
	}
	current := 0
	finish := func(until int) error {
		for ; current < until; current++ {
			r.part.columns[r.asked.Questions[current]] = into[current].sorted()
			into[current] = nil
		}
		return r.take(r.part.bytes() - r.taken)
	}
	err := counter.Events(ctx, query, func(set int, e sources.Event) error {
		if set != current {
			if set < current || set >= len(into) {
				return fmt.Errorf("%w: events of set %d", errDisorder, set)
			}
			if err := finish(set); err != nil {
				return err
			}
		}
		width := int64(0)
		if into[set].add(eventOf(e)) {
			width = int64(cap(into[set].person)-into[set].len()) * into[set].width()
		}
		return r.more(width)
	})
	if err != nil {
		return err
	}
	return finish(len(into))
}

// errDisorder reports events of a set after those of a later one.
var errDisorder = errors.New("events out of order")

func (r *reading) readFacts(ctx context.Context, counter sources.Counter) error {
	query := sources.FactQuery{Caller: r.options.Caller, Stand: r.options.Stand, Condition: r.released(clinical.KindRegistration)}
	var all []identified
	err := counter.Facts(ctx, query, func(f sources.Facts) error {
		grew := len(all) == cap(all)
		all = append(all, r.options.Gathered.names.registration(&f))
		if grew {
			return r.more(int64(cap(all)-len(all)) * registrationBytes)
		}
		return r.more(0)
	})
	if err == nil {
		r.part.registrations = inOrder(all)
	}
	return err
}

// released is what policy releases of a kind; nothing where nobody said.
func (r *reading) released(kind clinical.Kind) condition.Condition {
	if r.options.Condition == nil {
		return condition.Never()
	}
	return r.options.Condition(kind)
}

// often is after how many rows progress is told.
const often = 1 << 16

// more counts a row, and the memory that was taken for it and rows to come.
func (r *reading) more(bytes int64) error {
	if r.rows++; r.rows%often == 0 {
		r.steps.step(r.asked.Source, StateRows, r.rows)
	}
	if bytes == 0 {
		return nil
	}
	return r.take(bytes)
}

// take notes memory, and ends the run where there is no more.
func (r *reading) take(bytes int64) error {
	r.taken += bytes
	if total := r.options.Gathered.memory.Add(bytes); total > r.options.MemoryLimit {
		err := fmt.Errorf("%w: its columns take more than %d MiB", ErrTooLarge, r.options.MemoryLimit>>20)
		r.full(err)
		return err
	}
	return nil
}

// forget gives back what an answer took that does not count.
func (r *reading) forget() {
	r.options.Gathered.memory.Add(-r.taken)
	r.taken = 0
}
