package report

import (
	"fmt"
	"strings"

	"onelondon/internal/cohort"
)

// Heading says in a few words what a measure counts: "people", "events of emergencies", "emergencies per 1,000 people".
func Heading(measure cohort.Measure) string {
	switch measure.Kind {
	case cohort.MeasurePeople:
		return "people"
	case cohort.MeasureEvents:
		return "events of " + measure.Events
	case cohort.MeasureRate:
		return fmt.Sprintf("%s per %s people", measure.Events, grouped(per(measure)))
	case cohort.MeasureMedian:
		return "median of " + measure.Events
	case cohort.MeasureQuartiles:
		return "quartiles of " + measure.Events
	}
	return strings.TrimSpace(strings.ToLower(string(measure.Kind)) + " " + measure.Events)
}

// per is how many people a rate is of.
func per(measure cohort.Measure) int {
	if measure.Per == 0 {
		return 1000
	}
	return measure.Per
}

// machine is a measure's name for programs, in [names].
func machine(measure cohort.Measure) string {
	switch measure.Kind {
	case cohort.MeasurePeople:
		return "people"
	case cohort.MeasureRate:
		return fmt.Sprintf("%s_per_%d", plain(measure.Events), per(measure))
	}
	return plain(strings.ToLower(string(measure.Kind)) + " " + measure.Events)
}

// plain makes of a text a name that needs no quotes in any program: lower case letters of ASCII, digits and _.
func plain(text string) string {
	var name strings.Builder
	for _, letter := range strings.ToLower(text) {
		switch {
		case letter >= 'a' && letter <= 'z' || letter >= '0' && letter <= '9':
			name.WriteRune(letter)
		case name.Len() > 0 && !strings.HasSuffix(name.String(), "_"):
			name.WriteByte('_')
		}
	}
	if trimmed := strings.TrimRight(name.String(), "_"); trimmed != "" {
		return trimmed
	}
	return "column"
}

// column is one column of an answer's cells for programs.
type column struct {
	name  string
	kind  valueKind
	value func(*cohort.Row) any // nil where it may not be shown
}

// valueKind is what a column holds.
type valueKind uint8

const (
	words  valueKind = iota // string
	whole                   // int64
	number                  // float64
	flag                    // bool
)

// columnsOf are the columns of an answer's cells: the dimensions, then for each measure its values and whether they are shown.
// Their names are unique.
func columnsOf(result *cohort.Result) []column {
	var columns []column
	for i, name := range result.Columns {
		columns = append(columns, column{plain(name), words, func(row *cohort.Row) any { return row.Key[i] }})
	}
	for i, measure := range result.Measures {
		columns = append(columns, measured(i, measure)...)
	}
	taken := map[string]int{}
	for i := range columns {
		name := columns[i].name
		taken[name]++
		if n := taken[name]; n > 1 {
			columns[i].name = fmt.Sprintf("%s_%d", name, n)
			taken[columns[i].name]++
		}
	}
	return columns
}

// measured are the columns of one measure.
func measured(i int, measure cohort.Measure) []column {
	name, kind := machine(measure), number
	if measure.Kind == cohort.MeasurePeople || measure.Kind == cohort.MeasureEvents {
		kind = whole
	}
	of := func(part func(*cohort.Figure) float64) func(*cohort.Row) any {
		return func(row *cohort.Row) any {
			figure := &row.Figures[i]
			switch {
			case !figure.Shown:
				return nil
			case kind == whole:
				return toWhole(part(figure))
			}
			return part(figure)
		}
	}
	middle := of(func(f *cohort.Figure) float64 { return f.Number })
	shown := column{name + "_shown", flag, func(row *cohort.Row) any { return row.Figures[i].Shown }}
	if measure.Kind != cohort.MeasureQuartiles {
		return []column{{name, kind, middle}, shown}
	}
	return []column{
		{name + "_lower", kind, of(func(f *cohort.Figure) float64 { return f.Lower })},
		{name + "_median", kind, middle},
		{name + "_upper", kind, of(func(f *cohort.Figure) float64 { return f.Upper })},
		shown,
	}
}
