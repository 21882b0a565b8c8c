package engine

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/sources"
)

// layout says how people and events are laid into cells.
type layout struct {
	by       []cohort.Dimension
	groups   [][]criterion // by dimension
	events   int           // the set by whose events cells go; -1 for none
	measured []int         // sets by measure; -1 for people
	values   []bool        // by measure, whether values are wanted
}

// layout compiles dimensions and measures, and notes what they need of sets.
func (c *compiler) layout(needs []*need) error {
	l := layout{by: c.definition.By, groups: make([][]criterion, len(c.definition.By)), events: -1}
	all := need{undated: true, from: clinical.NoDay, until: c.definition.AsAt}
	for i, dimension := range l.by {
		switch dimension.Kind {
		case cohort.ByOrganisation, cohort.ByYear, cohort.ByMonth:
			number, ok := c.numbers[dimension.Events]
			if !ok || l.events >= 0 && number != l.events {
				return fmt.Errorf("%w: %s goes by the set %s, which is not there or not that of others", ErrDefinition, dimension.Kind, dimension.Events)
			}
			l.events = number
			all.goBy(dimension.Kind)
		case cohort.ByGroup:
			for g := range dimension.Groups {
				where, err := c.criterion(&dimension.Groups[g].Where)
				if err != nil {
					return err
				}
				l.groups[i] = append(l.groups[i], where)
			}
		default:
			c.facts = true
		}
	}
	if l.events >= 0 {
		c.need(needs, l.events, all)
	}
	return c.measures(&l, all, needs)
}

// goBy notes what laying events into cells of a dimension needs.
func (n *need) goBy(kind cohort.DimensionKind) {
	if kind == cohort.ByOrganisation {
		n.wanted |= sources.WantOrganisation
		return
	}
	n.wanted |= sources.WantDay
	n.undated = false
}

func (c *compiler) measures(l *layout, all need, needs []*need) error {
	for _, measure := range c.definition.Measures {
		values := measure.Kind == cohort.MeasureMedian || measure.Kind == cohort.MeasureQuartiles
		number := -1
		if measure.Kind != cohort.MeasurePeople {
			known := false
			if number, known = c.numbers[measure.Events]; !known {
				return fmt.Errorf("%w: a measure names the set %s, which is not there", ErrDefinition, measure.Events)
			}
			each := all
			each.wanted |= sources.WantDay | sources.WantMark
			if values {
				each.wanted |= sources.WantValue
			}
			c.need(needs, number, each)
		}
		l.measured, l.values = append(l.measured, number), append(l.values, values)
	}
	c.plan.cells = *l
	return nil
}

// overlapping reports whether a person may be in several cells.
func (p *Plan) overlapping() bool {
	for _, dimension := range p.cells.by {
		switch dimension.Kind {
		case cohort.ByGroup, cohort.ByOrganisation:
			return true
		case cohort.ByYear, cohort.ByMonth:
			if p.sets[p.cells.events].pick == cohort.PickAll {
				return true
			}
		}
	}
	return false
}

// place is where a person or an event lies in one dimension: a number that means something in that dimension only. 0 is not known.
type place = uint32

// byEvents reports whether a dimension goes by events.
func byEvents(kind cohort.DimensionKind) bool {
	return kind == cohort.ByOrganisation || kind == cohort.ByYear || kind == cohort.ByMonth
}

// placeOf is where an event lies in a dimension.
func placeOf(kind cohort.DimensionKind, e *event) place {
	if kind == cohort.ByOrganisation {
		return e.holder
	}
	if e.day == clinical.NoDay {
		return 0
	}
	year, month, _ := e.day.Time().Date()
	if kind == cohort.ByYear {
		return place(year)
	}
	return place(year*12 + int(month) - 1)
}

// band is the place of a number among bands: 1 is below the first.
func band(bands []int, number int) place {
	from, found := slices.BinarySearch(bands, number)
	return place(1 + from + boolean(found))
}

// label writes a place as the key of a cell has it, and a text by which keys of the dimension are ordered.
func (r *reader) label(dimension *cohort.Dimension, at place) (key, order string) {
	key = r.text(dimension, at)
	switch dimension.Kind {
	case cohort.ByAgeBand, cohort.ByPracticeSizeBand, cohort.ByGroup, cohort.ByYear, cohort.ByMonth:
		order = string(binary.BigEndian.AppendUint32([]byte{1}, at))
	default:
		order = "\x01" + key
	}
	if at == 0 || key == "" {
		order = "\x02" // what is not known comes last
	}
	return key, order
}

func (r *reader) text(dimension *cohort.Dimension, at place) string {
	if at == 0 {
		return ""
	}
	switch dimension.Kind {
	case cohort.ByAgeBand, cohort.ByPracticeSizeBand:
		return bandName(dimension.Bands, at)
	case cohort.BySex:
		return string(clinical.Genders()[at-1])
	case cohort.ByBorough:
		return r.places[at]
	case cohort.ByYear:
		return fmt.Sprintf("%04d", at)
	case cohort.ByMonth:
		return fmt.Sprintf("%04d-%02d", at/12, at%12+1)
	case cohort.ByGroup:
		return dimension.Groups[at-1].Name
	}
	return string(r.practices[at])
}

// bandName names a band by its place: the first lies below all bands.
func bandName(bands []int, at place) string {
	if at == 1 {
		return cohort.BandName(bands, bands[0]-1)
	}
	return cohort.BandName(bands, bands[at-2])
}

func compareText[Text ~string](a, b Text) int { return cmp.Compare(a, b) }
