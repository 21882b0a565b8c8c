package disclosure

import (
	"cmp"
	"slices"
	"strings"

	"onelondon/internal/cohort"
)

// largestGrid is how many rows are made where nobody may be in most of them. Tables beyond it list what was found.
const largestGrid = 20_000

// line is one row of a table while it is decided about.
type line struct {
	key    []string
	places []int // of each part of the key in the order of its dimension
	cell   *cohort.Cell
	people int
	parts  []int // where the people of the cell are of several kinds: how many of each
	hidden bool
}

// grid makes the rows of a table in order: all that could be, where the values of a dimension are known before anybody is
// counted, so that a row's being there tells nothing.
func grid(counted *cohort.Counted, by []cohort.Dimension) []*line {
	values := make([][]string, len(by))
	rows := 1
	for i := range by {
		values[i] = valuesOf(counted, &by[i], i)
		rows *= max(1, len(values[i]))
	}
	found := make(map[string]*cohort.Cell, len(counted.Cells))
	for i := range counted.Cells {
		found[joined(counted.Cells[i].Key)] = &counted.Cells[i]
	}
	lines := every(values, rows <= largestGrid, found)
	for _, line := range lines {
		if line.cell = found[joined(line.key)]; line.cell != nil {
			line.people = len(line.cell.People)
		}
	}
	return lines
}

func joined(key []string) string { return strings.Join(key, "\x00") }

// every makes a line for each combination of values; those that were found alone where there are too many.
func every(values [][]string, whole bool, found map[string]*cohort.Cell) []*line {
	var lines []*line
	add := func(places []int) {
		key := make([]string, len(places))
		for i, at := range places {
			key[i] = values[i][at]
		}
		lines = append(lines, &line{key: key, places: slices.Clone(places)})
	}
	if whole {
		places := make([]int, len(values))
		for more := all(values); more; more = next(places, values) {
			add(places)
		}
		return lines
	}
	for _, cell := range found {
		places := make([]int, len(values))
		for i, value := range cell.Key {
			places[i] = slices.Index(values[i], value)
		}
		add(places)
	}
	slices.SortFunc(lines, func(a, b *line) int { return slices.Compare(a.places, b.places) })
	return lines
}

// all reports whether every dimension has a value, so that there is a first combination.
func all(values [][]string) bool {
	return !slices.ContainsFunc(values, func(of []string) bool { return len(of) == 0 })
}

// next moves on to the next combination of values, the last dimension first.
func next(places []int, values [][]string) bool {
	for i := len(places) - 1; i >= 0; i-- {
		if places[i]++; places[i] < len(values[i]) {
			return true
		}
		places[i] = 0
	}
	return false
}

// valuesOf lists the values of a dimension in order: those that are known beforehand, with the months or years in between, then
// others that were found, and last what is not known.
func valuesOf(counted *cohort.Counted, by *cohort.Dimension, at int) []string {
	values, unknown := by.Values(), mayBeUnknown(by)
	var others []string
	for i := range counted.Cells {
		value := counted.Cells[i].Key[at]
		unknown = unknown || value == ""
		if value != "" && !slices.Contains(values, value) {
			others = append(others, value)
		}
	}
	slices.Sort(others)
	others = slices.Compact(others)
	if inTime(by.Kind) {
		others = between(others)
	}
	values = append(values, others...)
	if unknown || values == nil {
		values = append(values, "")
	}
	return values
}

// mayBeUnknown reports whether people or events may be in a dimension of whom it is not known where.
func mayBeUnknown(by *cohort.Dimension) bool { return by.Kind != cohort.ByGroup && !inTime(by.Kind) }

func inTime(kind cohort.DimensionKind) bool { return kind == cohort.ByMonth || kind == cohort.ByYear }

// listed reports whether a value of a dimension is listed though nobody may be there.
func listed(by *cohort.Dimension, value string) bool {
	if value == "" {
		return mayBeUnknown(by)
	}
	return by.Values() != nil || inTime(by.Kind)
}

// byPeople orders lines by how many people are in them, then as they stand in the table.
func byPeople(a, b *line) int {
	return cmp.Or(cmp.Compare(a.people, b.people), slices.Compare(a.places, b.places))
}
