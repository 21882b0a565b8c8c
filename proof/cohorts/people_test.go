package cohorts_test

import (
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

func (s *somebody) birth() clinical.Day {
	for _, r := range s.registrations {
		if !r.BirthDate.IsZero() {
			return dayOf(r.BirthDate)
		}
	}
	return clinical.NoDay
}

func (s *somebody) death() clinical.Day {
	for _, r := range s.registrations {
		if !r.DeathDate.IsZero() {
			return dayOf(r.DeathDate)
		}
	}
	return clinical.NoDay
}

func (s *somebody) sex() clinical.Gender {
	for _, r := range s.registrations {
		if r.Gender != "" && r.Gender != clinical.GenderUnknown {
			return r.Gender
		}
	}
	return clinical.GenderUnknown
}

// practice is where the person is registered on the day of the question.
func (s *somebody) practice() clinical.Text {
	for _, r := range s.registrations {
		if !r.inForce(asAt()) {
			continue
		}
		if r.Practice != "" {
			return r.Practice
		}
		if r.Organisation.Code != "" {
			return r.Organisation.Code
		}
	}
	return ""
}

func (r held) inForce(day clinical.Day) bool {
	return r.registered && (r.Date.IsZero() || dayOf(r.Date) <= day) && (r.End.IsZero() || dayOf(r.End) >= day)
}

// age is in whole years; -1 where it is not known.
func (s *somebody) age(day clinical.Day) int {
	born := s.birth()
	if born == clinical.NoDay || born > day {
		return -1
	}
	years := 0
	for clinical.DayOf(born.Time().AddDate(years+1, 0, 0)) <= day { // the 29th of February comes round on the 1st of March
		years++
	}
	return years
}

// true tells whether a criterion holds of a person on a day, which may be that of an event with an end.
func (o *oracle) true(s *somebody, c *cohort.Criterion, day, end clinical.Day) bool {
	count := func(of []cohort.Criterion) (n int) {
		for i := range of {
			if o.true(s, &of[i], day, end) {
				n++
			}
		}
		return n
	}
	switch {
	case c.All != nil:
		return count(c.All) == len(c.All)
	case c.Any != nil:
		return count(c.Any) > 0
	case c.Not != nil:
		return !o.true(s, c.Not, day, end)
	case c.Some != nil:
		return count(c.Some.Of) >= c.Some.AtLeast
	case c.Has != nil:
		return o.has(s, c.Has, day, end)
	case c.Age != nil:
		age := s.age(day)
		return age >= 0 && (c.Age.From == nil || age >= *c.Age.From) && (c.Age.Until == nil || age <= *c.Age.Until)
	case c.Sex != nil:
		return slices.Contains(c.Sex, s.sex())
	case c.Borough != nil:
		return borough(s.practice()) != "" && slices.Contains(c.Borough, borough(s.practice()))
	case c.Practice != nil:
		return slices.Contains(c.Practice, s.practice())
	case c.Registered != nil:
		return slices.ContainsFunc(s.registrations, func(r held) bool { return r.inForce(day) }) == *c.Registered
	}
	return (s.death() == clinical.NoDay || s.death() > day) == *c.Alive
}

func (o *oracle) has(s *somebody, h *cohort.Has, day, end clinical.Day) bool {
	if h.Anchor == cohort.AnchorEnd {
		day = end
	}
	count := 0
	for _, e := range o.occurrences(s, h.Events) {
		if h.From == nil && h.Until == nil && h.Ending == nil {
			count++
			continue
		}
		away := int(e.day) - int(day)
		ends := h.Ending == nil || (h.Ending.From == nil || int(e.end)-int(day) >= *h.Ending.From) && (h.Ending.Until == nil || int(e.end)-int(day) <= *h.Ending.Until)
		if e.day != clinical.NoDay && (h.From == nil || away >= *h.From) && (h.Until == nil || away <= *h.Until) && ends {
			count++
		}
	}
	if h.AtMost != nil && count > *h.AtMost {
		return false
	}
	least := 1
	if h.AtLeast != nil {
		least = *h.AtLeast
	} else if h.AtMost != nil {
		least = 0
	}
	return count >= least
}
