package cohort

import (
	"fmt"
	"strings"
	"unicode"

	"onelondon/internal/clinical"
)

// place is where a criterion stands.
type place struct {
	event bool // in an event set's Where, so that it is told of an event
	depth int
}

// criterion checks that exactly one part is set, and that part.
func (c *checker) criterion(path string, of *Criterion, at place) {
	at.depth++
	c.criteria++
	if at.depth > deepestNesting {
		c.fault(path, "lies more than %d criteria deep; name a part of it as an event set or put it more simply", deepestNesting)
		return
	}
	if c.criteria == mostCriteria+1 {
		c.fault(path, "is one of more than %d criteria; put it more simply", mostCriteria)
	}
	if c.criteria > mostCriteria {
		return
	}
	parts := of.parts()
	switch len(parts) {
	case 0:
		c.fault(path, "says nothing; use one of %s", strings.Join(criterionParts(), ", "))
	case 1:
		c.part(path, of, at)
	default:
		c.fault(path, "says several things, %s; join them with all or any", strings.Join(parts, " and "))
	}
}

func criterionParts() []string {
	return []string{"all", "any", "not", "some", "has", "age", "sex", "borough", "practice", "registered", "alive"}
}

// parts names what is set.
func (c *Criterion) parts() (set []string) {
	given := []bool{c.All != nil, c.Any != nil, c.Not != nil, c.Some != nil, c.Has != nil, c.Age != nil, c.Sex != nil,
		c.Borough != nil, c.Practice != nil, c.Registered != nil, c.Alive != nil}
	for i, name := range criterionParts() {
		if given[i] {
			set = append(set, name)
		}
	}
	return set
}

func (c *checker) part(path string, of *Criterion, at place) {
	switch {
	case of.All != nil:
		c.several(path+".all", of.All, at)
	case of.Any != nil:
		c.several(path+".any", of.Any, at)
	case of.Not != nil:
		c.criterion(path+".not", of.Not, at)
	case of.Some != nil:
		c.some(path+".some", of.Some, at)
	case of.Has != nil:
		c.has(path+".has", of.Has, at)
	case of.Age != nil:
		c.age(path+".age", of.Age)
	case of.Sex != nil:
		values(c, path+".sex", of.Sex, clinical.Gender.Known, "is not one of "+join(clinical.Genders()))
	case of.Borough != nil:
		values(c, path+".borough", of.Borough, isPlaceName, "is no name of a borough; write one such as Tower Hamlets")
	case of.Practice != nil:
		values(c, path+".practice", of.Practice, isODSCode, notODSCode)
	}
}

func isPlaceName(name string) bool {
	return name != "" && len(name) <= longestName && strings.TrimSpace(name) == name && !strings.ContainsFunc(name, unicode.IsControl)
}

func (c *checker) several(path string, of []Criterion, at place) {
	c.empty(path, len(of) == 0)
	for i := range of {
		c.criterion(fmt.Sprintf("%s[%d]", path, i), &of[i], at)
	}
}

func (c *checker) some(path string, some *Some, at place) {
	if some.AtLeast < 1 || some.AtLeast > len(some.Of) {
		c.fault(path+".atLeast", "is %d, and there are %d criteria; write 1 to %d", some.AtLeast, len(some.Of), max(1, len(some.Of)))
	}
	c.several(path+".of", some.Of, at)
}

func (c *checker) age(path string, age *Range) {
	if age.From == nil && age.Until == nil {
		c.fault(path, "is any age; give from or until, in whole years")
	}
	c.within(path, age.From, age.Until, 0, oldestAge, ", in whole years")
}

// within checks two ends that may be left out.
func (c *checker) within(path string, from, until *int, least, most int, what string) {
	c.end(path+".from", from, least, most, what)
	c.end(path+".until", until, least, most, what)
	if from != nil && until != nil && *from > *until {
		c.fault(path, "runs from %d until %d, which is upside down", *from, *until)
	}
}

func (c *checker) end(path string, end *int, least, most int, what string) {
	if end != nil && (*end < least || *end > most) {
		c.fault(path, "is %d; write %d to %d%s", *end, least, most, what)
	}
}

func (c *checker) has(path string, has *Has, at place) {
	c.earlier(path+".events", has.Events)
	c.end(path+".atLeast", has.AtLeast, 0, mostEvents, " events")
	c.end(path+".atMost", has.AtMost, 0, mostEvents, " events")
	switch {
	case has.AtLeast != nil && has.AtMost != nil && *has.AtLeast > *has.AtMost:
		c.fault(path, "nobody has at least %d and at most %d; the ends are upside down", *has.AtLeast, *has.AtMost)
	case has.AtLeast != nil && *has.AtLeast == 0 && has.AtMost == nil:
		c.fault(path+".atLeast", "is 0, which everybody has; write atMost: 0 for none, or leave it out for at least one")
	}
	c.within(path, has.From, has.Until, -farthestDays, farthestDays, ", in days")
	if has.Ending != nil {
		c.empty(path+".ending", has.Ending.From == nil && has.Ending.Until == nil)
		c.within(path+".ending", has.Ending.From, has.Ending.Until, -farthestDays, farthestDays, ", in days")
	}
	if !at.event && has.From != nil && *has.From > 0 {
		c.fault(path+".from", "is %d days after the day of the question; nothing after it counts", *has.From)
	}
	oneOf(c, path+".anchor", has.Anchor, Anchors())
	if !at.event && has.Anchor != "" {
		c.fault(path+".anchor", "is an end of an event, and this is told of a person; leave it out or write it in the where of a set")
	}
}
