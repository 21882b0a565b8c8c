package engine

import (
	"cmp"
	"math"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/sources"
)

// person is one person while they are looked at. Its memory is used again for the next.
type person struct {
	plan      *Plan
	boroughs  []string // by number of the practice
	practices []clinical.Text

	id            clinical.Pseudonym
	asked         [][]event // by question, in the order of byDay
	registrations []registration

	settled  facts
	isKnown  bool
	computed []bool    // by set
	made     [][]event // by set
	marked   []bool
}

func newPerson(plan *Plan, practices []clinical.Text, boroughs []string) *person {
	return &person{plan: plan, practices: practices, boroughs: boroughs, asked: make([][]event, len(plan.Questions)),
		computed: make([]bool, len(plan.sets)), made: make([][]event, len(plan.sets))}
}

// next makes the person another, whose events and registrations are still to be put in.
func (p *person) next(id clinical.Pseudonym) {
	p.id, p.isKnown, p.registrations = id, false, nil
	clear(p.computed)
}

func (p *person) facts() *facts {
	if !p.isKnown {
		p.settled, p.isKnown = settle(p.registrations, p.plan.Definition.AsAt), true
	}
	return &p.settled
}

// events are the person's events of a set, in the order of byDay.
func (p *person) events(number int) []event {
	if p.computed[number] {
		return p.made[number]
	}
	s := &p.plan.sets[number]
	events := p.base(s, p.made[number][:0])
	switch {
	case s.run > 0:
		events = p.runs(s, events)
	case s.value != nil:
		events = slices.DeleteFunc(events, func(e event) bool { return !p.satisfies(s, &e) })
	}
	if s.dated && !s.timeless() {
		events = slices.DeleteFunc(events, func(e event) bool { return !s.within(e.day) })
	}
	if s.where != nil {
		events = slices.DeleteFunc(events, func(e event) bool { return !s.where.holds(p, moment{e.day, e.end}) })
	}
	if s.pick != cohort.PickAll {
		events = s.picked(events)
	}
	p.made[number], p.computed[number] = events, true
	return events
}

// base are the events that a set chooses from.
func (p *person) base(s *set, events []event) []event {
	if s.question >= 0 {
		return append(events, p.asked[s.question]...)
	}
	for _, of := range s.of {
		events = append(events, p.events(of)...)
	}
	if len(s.of) > 1 {
		slices.SortFunc(events, byDay)
		events = once(events)
		align(events)
	}
	return events
}

// within reports whether an event of a day is in the set's bounds; one without a date is in none.
func (s *set) within(day clinical.Day) bool {
	return day != clinical.NoDay && (s.from == clinical.NoDay || day >= s.from) && (s.until == clinical.NoDay || day <= s.until)
}

// satisfies reports whether an event passes the set's value test.
func (p *person) satisfies(s *set, e *event) bool {
	if bounds := (sources.ValueBounds{Over: s.value.Over, AtLeast: s.value.AtLeast, Below: s.value.Below, AtMost: s.value.AtMost}); math.IsNaN(e.value) ||
		!sources.Within(&bounds, e.value, "") {
		return false
	}
	found := len(s.tested) == 0
	for _, question := range s.tested {
		found = found || slices.ContainsFunc(p.asked[question], func(other event) bool { return other.same(e) })
	}
	return found
}

// runs keeps the events at which so many in a row have satisfied the test.
func (p *person) runs(s *set, events []event) []event {
	events = slices.DeleteFunc(events, func(e event) bool { return e.day == clinical.NoDay })
	slices.SortFunc(events, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.day, b.day), higher(a.value, b.value), cmp.Compare(a.mark, b.mark), cmp.Compare(a.holder, b.holder))
	})
	kept, run := events[:0], 0
	for i := 0; i < len(events); {
		next := i + 1
		for next < len(events) && events[next].same(&events[i]) {
			next++
		}
		if run++; !p.satisfies(s, &events[i]) {
			run = 0
		}
		if run >= s.run {
			kept = append(kept, events[i:next]...)
		}
		i = next
	}
	slices.SortFunc(kept, byDay)
	return kept
}

// picked is the one event that the set picks, by all who recorded it.
func (s *set) picked(events []event) []event {
	if len(events) == 0 {
		return events
	}
	best := events[0]
	for _, e := range events[1:] {
		day := cmp.Compare(e.day, best.day)
		if s.pick == cohort.PickFirst {
			day = -day
		}
		if cmp.Or(day, higher(e.value, best.value), cmp.Compare(e.end, best.end), cmp.Compare(best.mark, e.mark)) > 0 {
			best = e
		}
	}
	return slices.DeleteFunc(events, func(e event) bool { return !e.same(&best) })
}
