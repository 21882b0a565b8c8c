package cohorts_test

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// answer is what the oracle counts: cells by their keys, joined with bars.
type answer struct {
	everybody []clinical.Pseudonym
	cells     map[string]*counted
}

// counted is a cell: who is in it, and for each measure what each of them contributes.
type counted struct {
	people []clinical.Pseudonym
	events [][]float64 // by measure, one list after another
	each   [][]int     // by measure, how many events each person contributes
}

// answer answers the definition.
func (o *oracle) answer() *answer {
	a := &answer{cells: map[string]*counted{}}
	sizes := map[clinical.Text]int{}
	for _, s := range o.people {
		sizes[s.practice()]++
	}
	for _, s := range o.people {
		o.memory = map[string][]occurrence{}
		if o.definition.People != nil && !o.true(s, o.definition.People, asAt(), asAt()) {
			continue
		}
		a.everybody = append(a.everybody, s.id)
		for _, key := range o.keys(s, sizes) {
			o.count(a, s, key)
		}
	}
	return a
}

// key is where a person is: a value for each dimension, "" where it is not known.
type key []string

// keys are all places where a person is, each once.
func (o *oracle) keys(s *somebody, sizes map[clinical.Text]int) []key {
	moments := []occurrence{{}} // by event where dimensions go by events, or once
	for _, by := range o.definition.By {
		if by.Events != "" {
			moments = o.occurrences(s, by.Events)
		}
	}
	seen := map[string]bool{}
	var all []key
	for _, e := range moments {
		keys := []key{nil}
		for i := range o.definition.By {
			var longer []key
			for _, value := range o.values(s, &o.definition.By[i], e, sizes) {
				for _, start := range keys {
					longer = append(longer, append(slices.Clone(start), value))
				}
			}
			keys = longer
		}
		for _, k := range keys {
			if !seen[strings.Join(k, "|")] {
				seen[strings.Join(k, "|")] = true
				all = append(all, k)
			}
		}
	}
	return all
}

// values are where a person, by one of their events, is in a dimension.
func (o *oracle) values(s *somebody, by *cohort.Dimension, e occurrence, sizes map[clinical.Text]int) (values []string) {
	switch by.Kind {
	case cohort.ByAgeBand:
		return []string{bandOf(by.Bands, s.age(asAt()))}
	case cohort.BySex:
		return []string{strings.TrimPrefix(string(s.sex()), "UNKNOWN")}
	case cohort.ByBorough:
		return []string{borough(s.practice())}
	case cohort.ByPractice:
		return []string{string(s.practice())}
	case cohort.ByPracticeSizeBand:
		if s.practice() == "" {
			return []string{""}
		}
		return []string{bandOf(by.Bands, sizes[s.practice()])}
	case cohort.ByGroup:
		for i := range by.Groups {
			if o.true(s, &by.Groups[i].Where, asAt(), asAt()) {
				values = append(values, by.Groups[i].Name)
			}
		}
		return values
	}
	return e.places(by.Kind)
}

// places are where an event lies in a dimension: nowhere without a date, and with each organisation that recorded it.
func (e *occurrence) places(kind cohort.DimensionKind) (places []string) {
	switch {
	case kind == cohort.ByOrganisation:
		for organisation := range e.organisations {
			places = append(places, string(organisation))
		}
	case e.day == clinical.NoDay:
	case kind == cohort.ByYear:
		places = append(places, e.day.String()[:4])
	case kind == cohort.ByMonth:
		places = append(places, e.day.String()[:7])
	}
	return places
}

// bandOf is worded as people would.
func bandOf(bands []int, number int) string {
	if number < 0 {
		return ""
	}
	if number < bands[0] {
		return fmt.Sprintf("under %d", bands[0])
	}
	for i := 1; i < len(bands); i++ {
		switch {
		case number >= bands[i]:
		case bands[i]-bands[i-1] == 1:
			return fmt.Sprint(number)
		default:
			return fmt.Sprintf("%d to %d", bands[i-1], bands[i]-1)
		}
	}
	return fmt.Sprintf("%d and over", bands[len(bands)-1])
}

// count puts a person into a cell.
func (o *oracle) count(a *answer, s *somebody, k key) {
	cell := a.cells[strings.Join(k, "|")]
	if cell == nil {
		cell = &counted{events: make([][]float64, len(o.definition.Measures)), each: make([][]int, len(o.definition.Measures))}
		a.cells[strings.Join(k, "|")] = cell
	}
	cell.people = append(cell.people, s.id)
	for m, measure := range o.definition.Measures {
		if measure.Kind == cohort.MeasurePeople {
			continue
		}
		values := measure.Kind == cohort.MeasureMedian || measure.Kind == cohort.MeasureQuartiles
		n := 0
		for _, e := range o.occurrences(s, measure.Events) {
			if o.lies(&e, k) && (!values || !math.IsNaN(e.number)) {
				cell.events[m] = append(cell.events[m], e.number)
				n++
			}
		}
		if n > 0 {
			cell.each[m] = append(cell.each[m], n)
		}
	}
}

// lies reports whether an event lies in a cell that goes by events.
func (o *oracle) lies(e *occurrence, k key) bool {
	for i, by := range o.definition.By {
		if by.Events != "" && !slices.Contains(e.places(by.Kind), k[i]) {
			return false
		}
	}
	return true
}

// exact is what a measure comes to.
func (c *counted) exact(m int, measure cohort.Measure) cohort.Measured {
	if measure.Kind == cohort.MeasurePeople {
		return cohort.Measured{Number: float64(len(c.people)), People: len(c.people)}
	}
	values := c.events[m]
	is := cohort.Measured{People: len(c.each[m]), Events: len(values)}
	if is.People > 0 {
		is.Most = slices.Max(c.each[m])
	}
	switch measure.Kind {
	case cohort.MeasureEvents:
		is.Number = float64(len(values))
	case cohort.MeasureRate:
		per := map[bool]float64{true: 1000, false: float64(measure.Per)}[measure.Per == 0]
		is.Number = float64(len(values)) / float64(len(c.people)) * per
	case cohort.MeasureMedian:
		is.Number = quantileOf(values, 0.5)
	case cohort.MeasureQuartiles:
		is.Lower, is.Number, is.Upper = quantileOf(values, 0.25), quantileOf(values, 0.5), quantileOf(values, 0.75)
	}
	return is
}

// quantileOf is type 7 of Hyndman and Fan.
func quantileOf(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	values = slices.Sorted(slices.Values(values))
	h := float64(len(values)-1) * q
	low, high := int(math.Floor(h)), int(math.Ceil(h))
	return values[low] + (h-math.Floor(h))*(values[high]-values[low])
}
