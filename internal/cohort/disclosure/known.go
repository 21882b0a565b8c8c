package disclosure

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"onelondon/internal/cohort"
)

// Known is the question that must be counted together with a definition: everybody, told apart by the facts of a person that the
// definition uses and that others commonly know, age, sex, borough, practice, being registered and being alive. It needs no
// event. What it gives goes into [Question.Known].
func Known(definition *cohort.Definition) *cohort.Definition {
	asked := &cohort.Definition{Name: definition.Name, Version: definition.Version, Title: definition.Title, AsAt: definition.AsAt,
		Measures: []cohort.Measure{{Kind: cohort.MeasurePeople}}}
	for i := range definition.By {
		if ofPerson(definition.By[i].Kind) {
			asked.By = append(asked.By, definition.By[i])
		}
	}
	for _, fact := range factsOf(definition) {
		asked.By = append(asked.By, cohort.Dimension{Kind: cohort.ByGroup, Groups: []cohort.Group{
			{Name: "yes", Where: fact}, {Name: "no", Where: cohort.Criterion{Not: &fact}}}})
	}
	return asked
}

// ofPerson reports whether a dimension goes by what is known of a person.
func ofPerson(kind cohort.DimensionKind) bool {
	return slices.Contains([]cohort.DimensionKind{cohort.ByAgeBand, cohort.BySex, cohort.ByBorough, cohort.ByPractice, cohort.ByPracticeSizeBand}, kind)
}

// factsOf lists the facts of a person that a definition uses, each once, in the order of their text.
func factsOf(definition *cohort.Definition) []cohort.Criterion {
	found := map[string]cohort.Criterion{}
	collect := func(fact *cohort.Criterion) { found[text(fact)] = *fact }
	if definition.People != nil {
		eachFact(definition.People, false, collect)
	}
	for i := range definition.By {
		for j := range definition.By[i].Groups {
			eachFact(&definition.By[i].Groups[j].Where, false, collect)
		}
	}
	for i := range definition.Events {
		if where := definition.Events[i].Where; where != nil {
			eachFact(where, true, collect)
		}
	}
	var keys []string
	for key := range found {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var facts []cohort.Criterion
	for _, key := range keys {
		facts = append(facts, found[key])
	}
	return facts
}

// eachFact calls for every fact within a criterion. Of an event on its day, age, registration and life are of that day, and no
// facts of the person on the day of the question.
func eachFact(of *cohort.Criterion, ofEvent bool, call func(*cohort.Criterion)) {
	if isFact(of, ofEvent) {
		call(of)
		return
	}
	for _, several := range [][]cohort.Criterion{of.All, of.Any} {
		for i := range several {
			eachFact(&several[i], ofEvent, call)
		}
	}
	if of.Not != nil {
		eachFact(of.Not, ofEvent, call)
	}
	if of.Some != nil {
		for i := range of.Some.Of {
			eachFact(&of.Some.Of[i], ofEvent, call)
		}
	}
}

func isFact(of *cohort.Criterion, ofEvent bool) bool {
	stays := of.Sex != nil || of.Borough != nil || of.Practice != nil
	return stays || !ofEvent && (of.Age != nil || of.Registered != nil || of.Alive != nil)
}

// text writes a criterion so that the same has the same text.
func text(of any) string {
	data, err := json.Marshal(of)
	if err != nil {
		return "not writable"
	}
	return string(data)
}

// What a criterion comes to where facts alone decide it.
const (
	always = "yes"
	never  = "no"
)

// residue says what remains of a question for people of whom the facts are known: what their records must say.
type residue struct {
	definition *cohort.Definition
	facts      map[string]bool
}

// of writes what remains of a criterion.
func (r residue) of(criterion *cohort.Criterion, ofEvent bool) string {
	switch {
	case isFact(criterion, ofEvent):
		if r.facts[text(criterion)] {
			return always
		}
		return never
	case criterion.All != nil:
		return r.some(criterion.All, len(criterion.All), ofEvent)
	case criterion.Any != nil:
		return r.some(criterion.Any, 1, ofEvent)
	case criterion.Some != nil:
		return r.some(criterion.Some.Of, criterion.Some.AtLeast, ofEvent)
	case criterion.Not != nil:
		return r.not(r.of(criterion.Not, ofEvent))
	case criterion.Has != nil:
		return "has " + text(criterion.Has) + r.set(criterion.Has.Events, 0)
	}
	return text(criterion)
}

func (r residue) not(inner string) string {
	switch inner {
	case always:
		return never
	case never:
		return always
	}
	return "not (" + inner + ")"
}

// some is what remains of at least so many.
func (r residue) some(several []cohort.Criterion, atLeast int, ofEvent bool) string {
	var left []string
	for i := range several {
		switch inner := r.of(&several[i], ofEvent); inner {
		case always:
			atLeast--
		case never:
		default:
			left = append(left, inner)
		}
	}
	switch {
	case atLeast <= 0:
		return always
	case len(left) < atLeast:
		return never
	case len(left) == 1:
		return left[0]
	}
	slices.Sort(left)
	return strconv.Itoa(atLeast) + " of (" + strings.Join(left, "; ") + ")"
}

// set is what remains of an event set's own conditions, and of those of the sets that it is made of.
func (r residue) set(name string, depth int) string {
	at := slices.IndexFunc(r.definition.Events, func(set cohort.EventSet) bool { return set.Name == name })
	if at < 0 || depth > len(r.definition.Events) {
		return ""
	}
	set, remains := &r.definition.Events[at], ""
	if set.Where != nil {
		remains = " where " + r.of(set.Where, true)
	}
	for _, of := range set.Of {
		remains += r.set(of, depth+1)
	}
	return remains
}
