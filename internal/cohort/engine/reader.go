package engine

import (
	"context"
	"fmt"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// reader walks over all that was gathered, person by person.
type reader struct {
	plan         *Plan
	workers      int
	together     int     // about how many rows make a partition
	parts        []*part // in order of the sources' ids
	practices    []clinical.Text
	boroughs     []string // by number of the practice
	boroughPlace []place
	places       []string // boroughs by place
	sizes        []int    // by number of the practice
	registered   bool     // who has no registration is not looked at
	limit        int64    // bytes that cells may take
	taken        atomic.Int64
}

func newReader(options *Options, plan *Plan) *reader {
	r := &reader{plan: plan, workers: min(options.Workers, runtime.GOMAXPROCS(0)), together: options.Together, practices: options.Gathered.names.all(), places: []string{""},
		limit: options.MemoryLimit - options.Gathered.Bytes()}
	for i := range options.Plan.Sources {
		if p := options.Gathered.part(options.Plan.Sources[i].Source); p != nil {
			r.parts = append(r.parts, p)
		}
	}
	r.boroughs, r.boroughPlace, r.sizes = make([]string, len(r.practices)), make([]place, len(r.practices)), make([]int, len(r.practices))
	for i, practice := range r.practices {
		if options.Borough == nil || i == 0 {
			continue
		}
		r.boroughs[i] = options.Borough(practice)
		if at := slices.Index(r.places, r.boroughs[i]); at >= 0 {
			r.boroughPlace[i] = place(at)
			continue
		}
		r.boroughPlace[i] = place(len(r.places))
		r.places = append(r.places, r.boroughs[i])
	}
	return r
}

// count looks at everybody: each worker at people whose stand-ins lie between two bounds.
func (r *reader) count(ctx context.Context, steps *steps) (*tally, error) {
	width := max(0, bits.Len(uint(r.rows()/r.together)))
	if r.sized() {
		if err := r.measureSizes(ctx, width); err != nil {
			return nil, err
		}
	}
	tallies, faults := make([]*tally, r.workers), make([]error, r.workers)
	var workers sync.WaitGroup
	for w := range r.workers {
		tallies[w] = newTally(r)
		workers.Go(func() {
			from, until := (w<<width)/r.workers, ((w+1)<<width)/r.workers
			faults[w] = r.walk(ctx, width, from, until, tallies[w].look, func() error {
				steps.join(1 << width)
				return r.take(tallies[w])
			})
		})
	}
	workers.Wait()
	for w, err := range faults {
		if err != nil {
			return nil, err
		}
		if w > 0 {
			tallies[0].join(tallies[w])
			tallies[w] = nil
		}
	}
	return tallies[0], nil
}

// take notes what a worker's cells have grown by.
func (r *reader) take(t *tally) error {
	grown := t.kept * 8
	t.kept = 0
	if r.taken.Add(grown) > r.limit {
		return fmt.Errorf("%w: its cells do not fit beside its columns", ErrTooLarge)
	}
	return nil
}

func (r *reader) rows() (rows int) {
	for _, p := range r.parts {
		rows += len(p.registrations)
		for _, c := range p.columns {
			if c != nil {
				rows += c.len()
			}
		}
	}
	return rows
}

// sized reports whether people are broken down by the size of their practice.
func (r *reader) sized() bool {
	return slices.ContainsFunc(r.plan.cells.by, func(d cohort.Dimension) bool { return d.Kind == cohort.ByPracticeSizeBand })
}

// measureSizes counts who is registered where.
func (r *reader) measureSizes(ctx context.Context, width int) error {
	sizes := make([]int, len(r.sizes))
	err := r.walk(ctx, width, 0, 1<<width, func(p *person) { sizes[p.facts().practice]++ }, func() error { return nil })
	r.sizes = sizes
	return err
}
