package cohort

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// eventSet checks a set; its name can be used by what stands after it.
func (c *checker) eventSet(path string, set *EventSet) {
	switch recorded, made := set.Kind != nil, set.Of != nil; {
	case recorded && made:
		c.fault(path, "has a kind and names sets in of; a set is recorded or made of others, so leave out one")
	case recorded:
		c.recorded(path, set)
	case made:
		c.made(path, set)
	default:
		c.fault(path, "has neither a kind nor of; say which kind of record is meant, or of which sets it is made")
	}
	if set.Value != nil {
		c.value(path+".value", set.Value)
		if !c.canHaveNumbers(set) {
			c.fault(path+".value", "none of these events has a number; only an Observation has")
		}
	}
	c.window(path, set)
	oneOf(c, path+".pick", set.Pick, Picks())
	if set.Where != nil {
		c.criterion(path+".where", set.Where, place{event: true})
	}
	c.newName(path+".name", set.Name, "set", c.sets)
	c.numbered[set.Name] = c.canHaveNumbers(set)
}

// recorded checks what a recorded set is narrowed by.
func (c *checker) recorded(path string, set *EventSet) {
	switch kind := *set.Kind; {
	case kind >= clinical.Kind(len(clinical.Kinds())):
		c.fault(path+".kind", "is no kind of record; use one of %s", kindNames())
	case kind == clinical.KindRegistration:
		c.fault(path+".kind", "Registration is no event; ask about it with age, sex, borough, practice, registered or alive")
	case kind == clinical.KindUrgentCarePlan:
		c.fault(path+".kind", "an urgent care plan was agreed to be shared for the person's own care; it is not counted")
	case kind != clinical.KindEncounter && set.Classes != nil:
		c.fault(path+".classes", "only an Encounter has a class; leave it out")
	}
	if set.Run != 0 {
		c.fault(path+".run", "is told of a set that is made of others; name this set in of of another, and write run there")
	}
	c.empty(path+".codes", set.Codes != nil && len(set.Codes) == 0)
	for i, name := range set.Codes {
		at := fmt.Sprintf("%s.codes[%d]", path, i)
		switch {
		case !c.lists[name]:
			c.fault(at, "there is no list %s; add it to codelists", show(name))
		case slices.Contains(set.Codes[:i], name):
			c.fault(at, "%s is listed twice; remove one", show(name))
		}
	}
	values(c, path+".classes", set.Classes, clinical.EncounterClass.Known, "is not one of "+join(clinical.EncounterClasses()))
	values(c, path+".statuses", set.Statuses, clinical.Status.Known, "is not one of "+join(clinical.Statuses()))
	values(c, path+".organisations", set.Organisations, isODSCode, notODSCode)
}

func kindNames() string {
	names := []string{}
	for _, kind := range clinical.Kinds()[1:] {
		if kind == clinical.KindUrgentCarePlan {
			continue
		}
		names = append(names, kind.String())
	}
	return strings.Join(names, ", ")
}

const notODSCode = "is no ODS code; write one such as R1H or F84022"

func isODSCode(code clinical.Text) bool {
	const allowed = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	return len(code) >= 3 && len(code) <= 12 && strings.Trim(string(code), allowed) == ""
}

// made checks of what a set is made.
func (c *checker) made(path string, set *EventSet) {
	c.empty(path+".of", len(set.Of) == 0)
	for i, name := range set.Of {
		at := fmt.Sprintf("%s.of[%d]", path, i)
		c.earlier(at, name)
		if slices.Contains(set.Of[:i], name) {
			c.fault(at, "%s is listed twice; remove one", show(name))
		}
	}
	for _, narrows := range []struct {
		key   string
		given bool
	}{{"codes", set.Codes != nil}, {"classes", set.Classes != nil}, {"statuses", set.Statuses != nil},
		{"organisations", set.Organisations != nil}} {
		if narrows.given {
			c.fault(path+"."+narrows.key, "is told of recorded sets; this one is made of others, so write it there")
		}
	}
	switch {
	case set.Run == 0:
	case set.Run < 2 || set.Run > mostEvents:
		c.fault(path+".run", "is %d; a run is of 2 to %d events", set.Run, mostEvents)
	case set.Value == nil:
		c.fault(path+".run", "is a run of events that satisfy value; add value")
	}
}

// earlier faults a reference to anything but a set that stands before.
func (c *checker) earlier(path, name string) {
	if !c.sets[name] {
		c.fault(path, "no set %s stands before it; add it to events, above whatever uses it", show(name))
	}
}

func (c *checker) canHaveNumbers(set *EventSet) bool {
	if set.Kind != nil {
		return *set.Kind == clinical.KindObservation
	}
	return slices.ContainsFunc(set.Of, func(name string) bool { return c.numbered[name] })
}

func (c *checker) value(path string, test *ValueTest) {
	bounds := []struct {
		key  string
		from *float64
	}{{"over", test.Over}, {"atLeast", test.AtLeast}, {"below", test.Below}, {"atMost", test.AtMost}}
	given := len(test.Units)
	for _, bound := range bounds {
		if bound.from == nil {
			continue
		}
		given++
		if math.IsNaN(*bound.from) || math.IsInf(*bound.from, 0) {
			c.fault(path+"."+bound.key, "is not a number")
		}
	}
	if given == 0 {
		c.fault(path, "compares with nothing; give over, atLeast, below, atMost or units")
	}
	c.bounds(path, test)
	values(c, path+".units", test.Units, func(unit clinical.Text) bool {
		return strings.TrimSpace(string(unit)) == string(unit) && unit != "" && len(unit) <= longestName
	}, "is no unit; write it as records do, such as mmol/mol")
}

// bounds faults ends that exclude each other.
func (c *checker) bounds(path string, test *ValueTest) {
	if test.Over != nil && test.AtLeast != nil {
		c.fault(path, "has over and atLeast; leave out one")
	}
	if test.Below != nil && test.AtMost != nil {
		c.fault(path, "has below and atMost; leave out one")
	}
	lower, upper := either(test.Over, test.AtLeast), either(test.Below, test.AtMost)
	if lower == nil || upper == nil {
		return
	}
	if open := test.Over != nil || test.Below != nil; *lower > *upper || open && *lower == *upper {
		c.fault(path, "no number is both above %v and under %v; the ends are upside down", *lower, *upper)
	}
}

func either[T any](first, second *T) *T {
	if first != nil {
		return first
	}
	return second
}

// window checks the days between which events count.
func (c *checker) window(path string, set *EventSet) {
	if c.undated || !c.moment(path+".from", set.From) || !c.moment(path+".until", set.Until) || set.From == nil {
		return
	}
	from := set.From.In(c.asAt)
	switch {
	case from > c.asAt:
		c.fault(path+".from", "is %s, after the day of the question; nothing after it counts", from)
	case set.Until != nil && set.Until.In(c.asAt) < from:
		c.fault(path+".until", "is %s, before from, %s; no day lies between", set.Until.In(c.asAt), from)
	}
}

// moment reports whether a day is one that records can have, or is not given.
func (c *checker) moment(path string, moment *Moment) bool {
	if moment == nil {
		return true
	}
	year := moment.In(c.asAt).Time().Year()
	if year < 1850 || year >= 2200 {
		c.fault(path, "is in the year %d; write a day that records can have", year)
		return false
	}
	return true
}
