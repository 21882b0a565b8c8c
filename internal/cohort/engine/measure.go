package engine

import (
	"slices"

	"onelondon/internal/cohort"
)

// exact is what a measure came to in a cell of so many people.
func (m *measured) exact(measure cohort.Measure, people int) cohort.Measured {
	result := cohort.Measured{People: m.people, Events: m.events, Most: m.most}
	switch measure.Kind {
	case cohort.MeasurePeople:
		return cohort.Measured{Number: float64(people), People: people}
	case cohort.MeasureEvents:
		result.Number = float64(m.events)
	case cohort.MeasureRate:
		per := measure.Per
		if per == 0 {
			per = 1000
		}
		result.Number = float64(m.events) * float64(per) / float64(people)
	case cohort.MeasureMedian, cohort.MeasureQuartiles:
		slices.Sort(m.values)
		result.Number = quantile(m.values, 2)
		if measure.Kind == cohort.MeasureQuartiles {
			result.Lower, result.Upper = quantile(m.values, 1), quantile(m.values, 3)
		}
	}
	return result
}

// quantile is the first, second or third quartile of values in order, by the rule of type 7; 0 of none.
func quantile(values []float64, quarter int) float64 {
	if len(values) == 0 {
		return 0
	}
	place := quarter * (len(values) - 1)
	below, part := place/4, float64(place%4)/4
	if part == 0 {
		return values[below]
	}
	return values[below] + part*(values[below+1]-values[below])
}
