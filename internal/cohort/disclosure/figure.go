package disclosure

import (
	"math"
	"strconv"

	"onelondon/internal/cohort"
)

// significant is how many digits of a rate, a median or a quartile are shown.
const significant = 3

// sum is what a total is made of.
type sum struct {
	shown          bool
	number, people int
}

// figure is one number of a line, or the mark that it may not be shown. What is shown of a count is added to its sum.
func (t *table) figure(of *line, at int, measure cohort.Measure, into *sum) cohort.Figure {
	if of.hidden {
		return cohort.Figure{}
	}
	if of.cell == nil { // a zero, where zeros may be shown
		shown := measure.Kind == cohort.MeasurePeople || measure.Kind == cohort.MeasureEvents
		return cohort.Figure{Shown: shown}
	}
	exact := of.cell.Exact[at]
	if measure.Kind == cohort.MeasurePeople {
		number := t.number(of)
		into.add(number, number)
		return shown(float64(number))
	}
	if t.before.sharesMore(t.rules) {
		t.notes.otherShare = true
		return cohort.Figure{}
	}
	if exact.People <= t.rules.RedactUpTo || exact.Events <= t.rules.RedactUpTo {
		t.notes.fewEvents++
		return cohort.Figure{}
	}
	switch measure.Kind {
	case cohort.MeasureEvents:
		number := t.events(exact)
		into.add(number, 0)
		return shown(float64(number))
	case cohort.MeasureRate:
		return t.rate(of, exact, measure, into)
	case cohort.MeasureMedian, cohort.MeasureQuartiles:
		return t.quantile(exact, measure)
	}
	return cohort.Figure{}
}

func shown(number float64) cohort.Figure { return cohort.Figure{Shown: true, Number: number} }

func (s *sum) add(number, people int) {
	s.shown = true
	s.number += number
	s.people += people
}

// dominated reports whether one person contributed so much that the figure would tell of that person.
func (t *table) dominated(exact cohort.Measured) bool {
	return exact.Most*100 > t.rules.LargestShare*exact.Events
}

// events is how many events are shown. Of somebody who has too many of them only as many count as the others have on average:
// redacting the figure instead would tell that there is such a person.
func (t *table) events(exact cohort.Measured) int {
	if !t.dominated(exact) {
		return t.round(exact.Events)
	}
	others := exact.Events - exact.Most
	return t.round(others + others/(exact.People-1))
}

// rate is made of what would be shown of events and people.
func (t *table) rate(of *line, exact cohort.Measured, measure cohort.Measure, into *sum) cohort.Figure {
	events, people := t.events(exact), t.number(of)
	if people == 0 {
		return cohort.Figure{}
	}
	into.add(events, people)
	return shown(rate(events, people, measure.Per))
}

func rate(events, people, per int) float64 {
	if per == 0 {
		per = 1000
	}
	return digits(float64(events) * float64(per) / float64(people))
}

// quantile is a median or the quartiles. They are values of single people, so more people are demanded.
func (t *table) quantile(exact cohort.Measured, measure cohort.Measure) cohort.Figure {
	if exact.People < t.rules.FewestForQuantiles || t.dominated(exact) {
		t.notes.fewForQuantiles++
		return cohort.Figure{}
	}
	figure := shown(digits(exact.Number))
	if measure.Kind == cohort.MeasureQuartiles {
		figure.Lower, figure.Upper = digits(exact.Lower), digits(exact.Upper)
	}
	return figure
}

// digits rounds to the digits that are shown.
func digits(number float64) float64 {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return 0
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(number, 'g', significant, 64), 64)
	if err != nil {
		return 0
	}
	return rounded
}

// total is recomputed from what is shown. There is none of one row, and none where people may be in several rows.
func (t *table) total(sums []sum) *cohort.Row {
	if len(t.definition.By) == 0 || t.counted.Overlapping {
		return nil
	}
	row := &cohort.Row{Key: make([]string, len(t.definition.By))}
	for i, measure := range t.definition.Measures {
		figure := cohort.Figure{}
		switch {
		case !sums[i].shown:
		case measure.Kind == cohort.MeasureRate && sums[i].people > 0:
			figure = shown(rate(sums[i].number, sums[i].people, measure.Per))
		case measure.Kind == cohort.MeasurePeople || measure.Kind == cohort.MeasureEvents:
			figure = shown(float64(sums[i].number))
		}
		row.Figures = append(row.Figures, figure)
	}
	return row
}
