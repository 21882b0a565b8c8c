package engine

import (
	"fmt"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/sources"
)

// set is a compiled cohort.EventSet.
type set struct {
	name        string
	question    int   // what is asked for a recorded set; -1 for one that is made, or that nobody needs
	of          []int // of a set that is made
	tested      []int // questions whose events are those with a unit that the value test names
	dated       bool  // whether its events' days are known; if not, whoever asked made sure of them
	run         int
	value       *cohort.ValueTest // nil where the sources apply it
	from, until clinical.Day      // NoDay where open
	where       criterion
	pick        cohort.Pick
	inWhere     []has // everything that where asks of other sets
	byFacts     bool  // whether where asks what a person is
}

// timeless reports whether an event without a date may be in the set.
func (s *set) timeless() bool {
	return s.run == 0 && s.from == clinical.NoDay && s.until == clinical.NoDay && s.where == nil && s.pick == cohort.PickAll
}

// compiler turns a definition into a plan.
type compiler struct {
	definition *cohort.Definition
	codes      map[string][]sources.Code
	numbers    map[string]int // of sets
	plan       *Plan
	found      []has // what the criterion at hand asks of sets
	facts      bool  // and whether it asks what a person is
}

func (c *compiler) lists() error {
	for _, list := range c.definition.Codelists {
		if len(list.Codes) == 0 {
			return fmt.Errorf("%w: code list %s has no codes", ErrDefinition, list.Name)
		}
		for _, code := range list.Codes {
			c.codes[list.Name] = append(c.codes[list.Name], sources.Code{System: code.System, Code: code.Code})
		}
	}
	return nil
}

func (c *compiler) set(from *cohort.EventSet) (s set, err error) {
	s = set{name: from.Name, question: -1, run: from.Run, value: from.Value, from: c.day(from.From), until: c.day(from.Until), pick: from.Pick}
	if s.pick == "" {
		s.pick = cohort.PickAll
	}
	if (from.Kind == nil) == (len(from.Of) == 0) {
		return s, fmt.Errorf("%w: set %s is neither recorded nor made", ErrDefinition, from.Name)
	}
	for _, name := range from.Of {
		number, ok := c.numbers[name]
		if !ok {
			return s, fmt.Errorf("%w: set %s is made of %s, which is not before it", ErrDefinition, from.Name, name)
		}
		s.of = append(s.of, number)
	}
	if from.Where != nil {
		c.found, c.facts = nil, false
		s.where, err = c.criterion(from.Where)
		s.inWhere, s.byFacts = c.found, c.facts
	}
	return s, err
}

func (c *compiler) day(moment *cohort.Moment) clinical.Day {
	if moment == nil {
		return clinical.NoDay
	}
	return moment.In(c.definition.AsAt)
}

// recorded is what is asked for a recorded set, without what its uses make of it.
func (c *compiler) recorded(from *cohort.EventSet) (sources.RecordedSet, error) {
	asked := sources.RecordedSet{Kind: *from.Kind, Classes: from.Classes, Statuses: from.Statuses, Organisations: from.Organisations}
	for _, name := range from.Codes {
		codes, ok := c.codes[name]
		if !ok {
			return asked, fmt.Errorf("%w: set %s names the code list %s, which is not there", ErrDefinition, from.Name, name)
		}
		asked.Codes = append(asked.Codes, codes...)
	}
	if from.Value != nil && from.Run == 0 {
		asked.Value = boundsOf(from.Value)
	}
	return asked, nil
}

func boundsOf(test *cohort.ValueTest) sources.ValueBounds {
	return sources.ValueBounds{Over: test.Over, AtLeast: test.AtLeast, Below: test.Below, AtMost: test.AtMost, Units: test.Units}
}

func (c *compiler) criterion(from *cohort.Criterion) (criterion, error) {
	switch {
	case len(from.All) > 0:
		parts, err := c.criteria(from.All)
		return allOf(parts), err
	case len(from.Any) > 0:
		parts, err := c.criteria(from.Any)
		return anyOf(parts), err
	case from.Not != nil:
		part, err := c.criterion(from.Not)
		return not{part}, err
	case from.Some != nil:
		parts, err := c.criteria(from.Some.Of)
		return someOf{from.Some.AtLeast, parts}, err
	case from.Has != nil:
		return c.has(from.Has)
	}
	return c.fact(from)
}

func (c *compiler) criteria(from []cohort.Criterion) ([]criterion, error) {
	parts := make([]criterion, len(from))
	for i := range from {
		part, err := c.criterion(&from[i])
		if err != nil {
			return nil, err
		}
		parts[i] = part
	}
	return parts, nil
}

// fact is a criterion of what a person is, for which registrations must be asked.
func (c *compiler) fact(from *cohort.Criterion) (criterion, error) {
	c.facts = true
	switch {
	case from.Age != nil:
		return ofAge(*from.Age), nil
	case len(from.Sex) > 0:
		return ofSex(from.Sex), nil
	case len(from.Borough) > 0:
		return inBorough(from.Borough), nil
	case len(from.Practice) > 0:
		return atPractice(from.Practice), nil
	case from.Registered != nil:
		return isRegistered(*from.Registered), nil
	case from.Alive != nil:
		return isAlive(*from.Alive), nil
	}
	return nil, fmt.Errorf("%w: a criterion says nothing", ErrDefinition)
}

func (c *compiler) has(from *cohort.Has) (criterion, error) {
	number, ok := c.numbers[from.Events]
	if !ok {
		return nil, fmt.Errorf("%w: a criterion names the set %s, which is not before it", ErrDefinition, from.Events)
	}
	h := has{name: from.Events, set: number, least: 1, most: noLimit, atEnd: from.Anchor == cohort.AnchorEnd}
	if from.AtMost != nil {
		h.least, h.most = 0, *from.AtMost
	}
	if from.AtLeast != nil {
		h.least = *from.AtLeast
	}
	h.dated = from.From != nil || from.Until != nil || from.Ending != nil
	h.within = windowOf(from.From, from.Until)
	if from.Ending != nil {
		ending := windowOf(from.Ending.From, from.Ending.Until)
		h.ending = &ending
	}
	c.found = append(c.found, h)
	return h, nil
}

func windowOf(from, until *int) window {
	w := window{-forever, forever}
	if from != nil {
		w.from = int64(*from)
	}
	if until != nil {
		w.until = int64(*until)
	}
	return w
}
