package cohorts_test

import (
	"context"
	"math/rand/v2"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// frugal hands over as little as a source may, in any order, and some of it twice.
type frugal struct {
	sources.Source
	sources.Counter
	*rand.Rand
}

func (f *frugal) Events(ctx context.Context, query sources.EventQuery, each func(int, sources.Event) error) error {
	sets := make([]map[clinical.Pseudonym][]sources.Event, len(query.Sets))
	dated := query
	dated.Sets = append([]sources.RecordedSet(nil), query.Sets...)
	for i := range sets {
		sets[i] = map[clinical.Pseudonym][]sources.Event{}
		dated.Sets[i].Wanted |= sources.WantDay
	}
	err := f.Counter.Events(ctx, dated, func(set int, event sources.Event) error {
		sets[set][event.Person] = append(sets[set][event.Person], event)
		return nil
	})
	for i := range sets {
		for _, events := range sets[i] { // in no order
			if err == nil {
				err = f.hand(i, &query.Sets[i], events, each)
			}
		}
	}
	return err
}

func (f *frugal) hand(number int, set *sources.RecordedSet, events []sources.Event, each func(int, sources.Event) error) error {
	f.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	events = reduced(set.Reduce, events)
	events = append(events, events[:f.IntN(len(events)+1)]...)
	for _, event := range events {
		if set.Wanted&sources.WantDay == 0 {
			event.Day = 0
		}
		if err := each(number, event); err != nil {
			return err
		}
	}
	return nil
}

func reduced(by sources.Reduce, events []sources.Event) (kept []sources.Event) {
	switch by {
	case sources.ReduceNothing:
		return events
	case sources.ReduceToAny:
		return events[:1]
	}
	best := clinical.NoDay
	for _, event := range events {
		if event.Day != clinical.NoDay && (best == clinical.NoDay || (event.Day < best) == (by == sources.ReduceToFirst)) {
			best = event.Day
		}
	}
	for _, event := range events {
		if event.Day == best {
			kept = append(kept, event)
		}
	}
	return kept
}
