package engine

import (
	"math"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// moment is when something is said of a person: the day of the question, or the day and the end of an event.
type moment struct{ day, end clinical.Day }

// criterion is a compiled cohort.Criterion.
type criterion interface {
	holds(p *person, on moment) bool
}

type (
	allOf  []criterion
	anyOf  []criterion
	not    struct{ criterion }
	someOf struct {
		atLeast int
		of      []criterion
	}
	ofAge        cohort.Range
	ofSex        []clinical.Gender
	inBorough    []string
	atPractice   []clinical.Text
	isRegistered bool
	isAlive      bool
)

// has is a compiled cohort.Has.
type has struct {
	name        string
	set         int
	least, most int
	dated       bool   // whether only some days count
	within      window // in which the events lie
	atEnd       bool
	ending      *window // in which the events also end
}

// window is days from an anchor.
type window struct{ from, until int64 }

func (w window) holds(anchor, day clinical.Day) bool {
	away := int64(day) - int64(anchor)
	return away >= w.from && away <= w.until
}

// noLimit is more events than anybody has; forever is more days than anybody lives.
const (
	noLimit = math.MaxInt
	forever = int64(math.MaxInt32)
)

func (all allOf) holds(p *person, on moment) bool {
	for _, part := range all {
		if !part.holds(p, on) {
			return false
		}
	}
	return true
}

func (any anyOf) holds(p *person, on moment) bool {
	for _, part := range any {
		if part.holds(p, on) {
			return true
		}
	}
	return false
}

func (n not) holds(p *person, on moment) bool { return !n.criterion.holds(p, on) }

func (s someOf) holds(p *person, on moment) bool {
	count := 0
	for i, part := range s.of {
		if part.holds(p, on) {
			count++
		}
		if count >= s.atLeast || count+len(s.of)-i-1 < s.atLeast {
			break
		}
	}
	return count >= s.atLeast
}

func (h has) holds(p *person, on moment) bool {
	anchor := on.day
	if h.atEnd {
		anchor = on.end
	}
	events, dated := p.events(h.set), h.dated && p.plan.sets[h.set].dated
	count, last := 0, -1
	for i := range events {
		e := &events[i]
		if dated && (e.day == clinical.NoDay || !h.within.holds(anchor, e.day) || h.ending != nil && !h.ending.holds(anchor, e.end)) {
			continue
		}
		if last < 0 || !e.same(&events[last]) {
			count++
		}
		if last = i; count > h.most || count >= h.least && h.most == noLimit {
			break
		}
	}
	return count >= h.least && count <= h.most
}

func (r ofAge) holds(p *person, on moment) bool {
	age, known := ageOn(p.facts().birth, on.day)
	return known && (r.From == nil || age >= *r.From) && (r.Until == nil || age <= *r.Until)
}

func (s ofSex) holds(p *person, _ moment) bool { return slices.Contains(s, p.facts().gender()) }

func (b inBorough) holds(p *person, _ moment) bool {
	borough := p.boroughs[p.facts().practice]
	return borough != "" && slices.Contains(b, borough)
}

func (c atPractice) holds(p *person, _ moment) bool {
	practice := p.practices[p.facts().practice]
	return practice != "" && slices.Contains(c, practice)
}

func (yes isRegistered) holds(p *person, on moment) bool {
	return slices.ContainsFunc(p.registrations, func(r registration) bool { return r.current(on.day) }) == bool(yes)
}

func (yes isAlive) holds(p *person, on moment) bool {
	death := p.facts().death
	return (death == clinical.NoDay || death > on.day) == bool(yes)
}

// ageOn is whole years from a birth to a day.
func ageOn(birth, day clinical.Day) (years int, known bool) {
	if birth == clinical.NoDay || day < birth {
		return 0, false
	}
	born, then := birth.Time(), day.Time()
	years = then.Year() - born.Year()
	if then.Month() < born.Month() || then.Month() == born.Month() && then.Day() < born.Day() {
		years--
	}
	return years, true
}
