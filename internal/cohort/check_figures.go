package cohort

import (
	"fmt"
	"slices"
)

func (c *checker) measures(measures []Measure) {
	if len(measures) == 0 {
		c.fault("measures", "is missing; say what to count, such as [{kind: PEOPLE}]")
	}
	c.most("measures", len(measures), mostMeasures, "measures")
	for i, measure := range measures {
		path := fmt.Sprintf("measures[%d]", i)
		c.measure(path, measure)
		if slices.Contains(measures[:i], measure) {
			c.fault(path, "is counted already; remove one")
		}
	}
}

func (c *checker) measure(path string, measure Measure) {
	if !slices.Contains(MeasureKinds(), measure.Kind) {
		c.fault(path+".kind", "%s is not one of %s", show(string(measure.Kind)), join(MeasureKinds()))
		return
	}
	if measure.Per != 0 && measure.Kind != MeasureRate {
		c.fault(path+".per", "is told of a RATE; leave it out")
	} else if measure.Per < 0 || measure.Per > mostPer {
		c.fault(path+".per", "is %d; write 1 to %d people", measure.Per, mostPer)
	}
	switch {
	case measure.Kind == MeasurePeople && measure.Events != "":
		c.fault(path+".events", "PEOPLE counts the people of a cell; leave events out, or count EVENTS")
	case measure.Kind == MeasurePeople:
	case measure.Events == "":
		c.fault(path+".events", "is missing; name the set whose events make the %s", measure.Kind)
	default:
		c.earlier(path+".events", measure.Events)
		if quantile := measure.Kind == MeasureMedian || measure.Kind == MeasureQuartiles; quantile && c.sets[measure.Events] &&
			!c.numbered[measure.Events] {
			c.fault(path+".events", "none of these events has a number, so there is no %s", measure.Kind)
		}
	}
}

func (c *checker) dimensions(by []Dimension) {
	c.empty("by", by != nil && len(by) == 0)
	c.most("by", len(by), mostDimensions, "dimensions")
	events := ""
	for i := range by {
		path := fmt.Sprintf("by[%d]", i)
		if !slices.Contains(DimensionKinds(), by[i].Kind) {
			c.fault(path+".kind", "%s is not one of %s", show(string(by[i].Kind)), join(DimensionKinds()))
			continue
		}
		c.dimension(path, &by[i])
		if by[i].Kind != ByGroup && slices.ContainsFunc(by[:i], func(other Dimension) bool { return other.Kind == by[i].Kind }) {
			c.fault(path, "breaks down by %s a second time; remove one", by[i].Kind)
		}
		switch {
		case !by[i].Kind.ofEvents() || by[i].Events == "":
		case events != "" && events != by[i].Events:
			c.fault(path+".events", "is %s, and another dimension goes by the events of %s; all of them go by the same set",
				show(by[i].Events), show(events))
		default:
			events = by[i].Events
		}
	}
}

// ofEvents reports whether people are in a cell by an event that they have.
func (k DimensionKind) ofEvents() bool { return k == ByOrganisation || k == ByYear || k == ByMonth }

// banded reports whether cells are bands of a number.
func (k DimensionKind) banded() bool { return k == ByAgeBand || k == ByPracticeSizeBand }

// dimension checks that exactly what the kind needs is there.
func (c *checker) dimension(path string, by *Dimension) {
	switch {
	case by.Kind.ofEvents() && by.Events == "":
		c.fault(path+".events", "is missing; name the set by whose events to break down")
	case by.Kind.ofEvents():
		c.earlier(path+".events", by.Events)
	case by.Events != "":
		c.fault(path+".events", "%s goes by people, not by events; leave it out", by.Kind)
	}
	switch {
	case by.Kind.banded():
		c.bands(path+".bands", by)
	case by.Bands != nil:
		c.fault(path+".bands", "%s has no bands; leave it out", by.Kind)
	}
	switch {
	case by.Kind == ByGroup:
		c.groups(path+".groups", by.Groups)
	case by.Groups != nil:
		c.fault(path+".groups", "%s has no groups; leave it out", by.Kind)
	}
}

func (c *checker) bands(path string, by *Dimension) {
	if len(by.Bands) == 0 {
		c.fault(path, "is missing; say where each band begins, such as [18, 40, 65, 80]")
	}
	c.most(path, len(by.Bands), mostBands, "bands")
	for i, from := range by.Bands {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case from < 0 || by.Kind == ByAgeBand && from > oldestAge || from > mostPer:
			c.fault(at, "is %d, where no band can begin", from)
		case i > 0 && from <= by.Bands[i-1]:
			c.fault(at, "is %d after %d; bands rise", from, by.Bands[i-1])
		}
	}
}

func (c *checker) groups(path string, groups []Group) {
	if len(groups) == 0 {
		c.fault(path, "is missing; name each group and say who is in it")
	}
	c.most(path, len(groups), mostGroups, "groups")
	taken := map[string]bool{}
	for i := range groups {
		at := fmt.Sprintf("%s[%d]", path, i)
		c.newName(at+".name", groups[i].Name, "group", taken)
		c.criterion(at+".where", &groups[i].Where, place{})
	}
}
