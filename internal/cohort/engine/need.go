package engine

import (
	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/sources"
)

// need is what is needed to be known of a set's events, by all that use it. An event outside the bounds makes no difference to
// any of them. Where days are not wanted, everything handed over has to lie in the bounds.
type need struct {
	wanted      sources.EventFields
	reduce      sources.Reduce
	from, until clinical.Day // NoDay where open
	undated     bool         // events without a date count
}

// join is what serves two uses. What both reduce alike, within the same bounds, stays reduced.
func join(a *need, b need) *need {
	if a == nil {
		return &b
	}
	joined := need{wanted: a.wanted | b.wanted, reduce: a.reduce, from: a.from, until: a.until, undated: a.undated}
	if a.reduce != b.reduce || a.from != b.from || a.until != b.until || a.undated != b.undated {
		joined.reduce = sources.ReduceNothing
		joined.wanted |= sources.WantDay
		joined.undated = a.undated || b.undated
		joined.from, joined.until = wider(a.from, b.from, false), wider(a.until, b.until, true)
	}
	return &joined
}

// wider is the looser of two bounds, narrower the tighter: upper ones where so told.
func wider(a, b clinical.Day, upper bool) clinical.Day {
	switch {
	case a == clinical.NoDay || b == clinical.NoDay:
		return clinical.NoDay
	case upper:
		return max(a, b)
	}
	return min(a, b)
}

func narrower(a, b clinical.Day, upper bool) clinical.Day {
	switch {
	case a == clinical.NoDay:
		return b
	case b == clinical.NoDay:
		return a
	case upper:
		return min(a, b)
	}
	return max(a, b)
}

// shift moves a bound by days; one that is open, or goes beyond all time, is open.
func shift(bound clinical.Day, days int64) clinical.Day {
	moved := int64(bound) + days
	if bound == clinical.NoDay || days == forever || days == -forever || moved <= int64(clinical.NoDay) || moved >= forever {
		return clinical.NoDay
	}
	return clinical.Day(moved)
}

// needOf is what a has needs of its set, told on a day between two.
func needOf(h has, first, last clinical.Day) need {
	n := need{undated: !h.dated}
	if h.atEnd {
		first, last = clinical.NoDay, clinical.NoDay // an end may be any day
	}
	n.from, n.until = shift(first, h.within.from), shift(last, h.within.until)
	if h.dated && (first != last || h.atEnd) {
		n.wanted = sources.WantDay
	}
	n.reduce = h.reduction(first == last && !h.atEnd)
	if h.several() {
		n.wanted |= sources.WantDay | sources.WantMark
	}
	if h.ending != nil {
		n.wanted |= sources.WantDay | sources.WantMark | sources.WantEnd
	}
	return n
}

// several reports whether it takes more than one event to tell.
func (h has) several() bool { return h.least > 1 || h.most > 0 && h.most != noLimit }

// reduction is how few events will do to tell whether there is one. Told on one day only, the bounds say all about the window.
func (h has) reduction(oneDay bool) sources.Reduce {
	switch {
	case h.several() || h.ending != nil:
		return sources.ReduceNothing
	case !h.dated || oneDay:
		return sources.ReduceToAny
	case h.within.until == forever:
		return sources.ReduceToLast
	case h.within.from == -forever:
		return sources.ReduceToFirst
	}
	return sources.ReduceNothing
}

// beneath is what a set needs of the events that it chooses from, where so much is needed of those that it chooses.
func (s *set) beneath(n need, recorded bool) need {
	b := need{wanted: n.wanted, reduce: n.reduce, undated: n.undated && s.timeless()}
	b.from, b.until = narrower(s.from, n.from, false), narrower(s.until, n.until, true)
	if s.pick == cohort.PickFirst {
		b.from = s.from // who had none before is told by all that came before
	}
	if s.pick == cohort.PickLatest {
		b.until = s.until
	}
	if s.run > 0 {
		b.from = clinical.NoDay
	}
	switch {
	case s.run > 0 || s.where != nil || s.value != nil:
		b.reduce = sources.ReduceNothing
	case s.pick == cohort.PickFirst:
		b.reduce = sources.ReduceToFirst
	case s.pick == cohort.PickLatest:
		b.reduce = sources.ReduceToLast
	}
	b.wanted |= s.wants(n.wanted, recorded)
	return b
}

// wants are the fields by which a set chooses, beside those that are wanted of what it chooses.
func (s *set) wants(of sources.EventFields, recorded bool) (wanted sources.EventFields) {
	if !s.timeless() && !recorded || s.run > 0 || s.where != nil || s.pick != cohort.PickAll || len(s.of) > 1 {
		wanted |= sources.WantDay
	}
	for _, h := range s.inWhere {
		if h.atEnd {
			wanted |= sources.WantEnd
		}
	}
	if s.value != nil || s.run > 0 {
		wanted |= sources.WantValue
	}
	if s.pick != cohort.PickAll && some((wanted|of)&^sources.WantDay) {
		wanted |= sources.WantValue | sources.WantEnd
	}
	if some((wanted | of) & (sources.WantValue | sources.WantEnd)) {
		wanted |= sources.WantDay | sources.WantMark
	}
	return wanted
}
