package engine

import (
	"cmp"
	"math"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// event is an event of a person in a scratch: what was not wanted is zero.
type event struct {
	person clinical.Pseudonym
	mark   uint64
	value  float64
	day    clinical.Day
	end    clinical.Day
	holder uint32 // number of the organisation
}

func eventOf(e sources.Event) event {
	return event{person: e.Person, mark: e.Mark, value: e.Value, day: e.Day, end: e.End, holder: e.Organisation}
}

// byPerson orders events by person, day, mark and organisation.
func byPerson(a, b event) int {
	if a.person != b.person {
		return cmp.Compare(a.person, b.person)
	}
	return byDay(a, b)
}

func byDay(a, b event) int {
	if a.day != b.day {
		return cmp.Compare(a.day, b.day)
	}
	if a.mark != b.mark {
		return cmp.Compare(a.mark, b.mark)
	}
	return cmp.Compare(a.holder, b.holder)
}

// same reports whether a and b, of one person, are one event that two organisations may have recorded.
func (e *event) same(other *event) bool { return e.day == other.day && e.mark == other.mark }

// once drops events that are there twice, from events in order, and makes each event end where the last of its records ends.
func once(events []event) []event {
	kept := events[:0]
	for i := range events {
		if last := len(kept) - 1; last >= 0 && byPerson(kept[last], events[i]) == 0 {
			kept[last].end = max(kept[last].end, events[i].end)
			continue
		}
		kept = append(kept, events[i])
	}
	return kept
}

// align makes records of one event by several organisations, of one person's events in order, end on the same day.
func align(events []event) {
	for first := 0; first < len(events); {
		next, end := first+1, events[first].end
		for next < len(events) && events[next].same(&events[first]) {
			end = max(end, events[next].end)
			next++
		}
		for ; first < next; first++ {
			events[first].end = end
		}
	}
}

// higher orders values; none comes before every number.
func higher(a, b float64) int {
	switch {
	case math.IsNaN(a) || math.IsNaN(b):
		return cmp.Compare(boolean(!math.IsNaN(a)), boolean(!math.IsNaN(b)))
	}
	return cmp.Compare(a, b)
}

func boolean(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// some reports whether anything at all is wanted.
func some(wanted sources.EventFields) bool { return wanted != 0 }
