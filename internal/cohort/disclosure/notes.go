package disclosure

import (
	"fmt"
	"slices"

	"onelondon/internal/cohort"
)

// notes count what was done to the figures.
type notes struct {
	small, complementary, fewEvents, fewForQuantiles int
	unlisted                                         bool
	otherShare                                       bool
}

// sentences say what was done, and tell no more than the figures do: how many rows were redacted is said of them together, for
// it must not be known which of them were small.
func (n *notes) sentences(rules Rules, definition *cohort.Definition) []string {
	texts := []string{fmt.Sprintf("Numbers of people and events are rounded to the nearest %d, and everything else is made of rounded numbers.", rules.RoundTo)}
	if rows := n.small + n.complementary; rows > 0 && !n.unlisted {
		texts = append(texts, fmt.Sprintf("%s redacted because fewer than %d people are in them, or because such rows could be had by subtraction.",
			counted(rows, "row is", "rows are"), rules.RedactUpTo+1))
	}
	if n.unlisted {
		texts = append(texts, fmt.Sprintf("Rows are redacted or left out because fewer than %d people are in them, if any, or because such rows could be had by subtraction.",
			rules.RedactUpTo+1))
	}
	if n.fewEvents > 0 {
		texts = append(texts, fmt.Sprintf("%s redacted because fewer than %d people contributed.",
			counted(n.fewEvents, "figure of events is", "figures of events are"), rules.RedactUpTo+1))
	}
	if n.otherShare {
		texts = append(texts, "Figures of events are redacted because one person may have a smaller part of them than when they were first shown.")
	}
	if n.fewForQuantiles > 0 {
		texts = append(texts, fmt.Sprintf("%s redacted because fewer than %d people contributed, or one of them more than %d %% of the values.",
			counted(n.fewForQuantiles, "median or quartile is", "medians or quartiles are"), rules.FewestForQuantiles, rules.LargestShare))
	}
	if slices.ContainsFunc(definition.Measures, func(m cohort.Measure) bool { return m.Kind == cohort.MeasureEvents || m.Kind == cohort.MeasureRate }) {
		texts = append(texts, fmt.Sprintf("Of a person who has more than %d %% of a figure's events, only as many count as others have on average.", rules.LargestShare))
	}
	if slices.ContainsFunc(definition.Measures, func(m cohort.Measure) bool {
		return m.Kind == cohort.MeasureRate || m.Kind == cohort.MeasureMedian || m.Kind == cohort.MeasureQuartiles
	}) {
		texts = append(texts, fmt.Sprintf("Rates, medians and quartiles have %d significant digits.", significant))
	}
	if len(definition.By) > 0 {
		texts = append(texts, "A total is that of the rows that are shown.")
	}
	return texts
}

// counted writes "1 row is" or "3 rows are".
func counted(number int, one, several string) string {
	if number == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", number, several)
}
