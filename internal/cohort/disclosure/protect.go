package disclosure

import (
	"slices"
	"strings"

	"onelondon/internal/cohort"
)

// Protect makes of an exact answer what may leave. The same exact answer always gives the same result, in whatever order it was
// counted.
func Protect(counted *cohort.Counted, definition *cohort.Definition, rules Rules) (cohort.Result, error) {
	table, err := protect(counted, definition, rules, nil)
	if err != nil {
		return cohort.Result{}, err
	}
	return table.result(), nil
}

// table is an answer while it is decided what of it may leave.
type table struct {
	counted    *cohort.Counted
	definition *cohort.Definition
	rules      Rules
	lines      []*line
	notes      notes
	before     *before // where the answer is protected anew
}

// protect decides which cells are shown. How many people of which kind there are, where that is known, hides more.
func protect(counted *cohort.Counted, definition *cohort.Definition, rules Rules, sizes *sizes) (*table, error) {
	return protectAgain(counted, definition, rules, sizes, nil)
}

// protectAgain shows nothing that was hidden before.
func protectAgain(counted *cohort.Counted, definition *cohort.Definition, rules Rules, sizes *sizes, before *before) (*table, error) {
	if err := rules.Check(); err != nil {
		return nil, err
	}
	t := &table{counted: counted, definition: definition, rules: rules, lines: grid(counted, definition.By), before: before}
	for _, line := range t.lines {
		line.parts = sizes.partsOf(line.key)
		line.hidden = rules.few(line.people) || line.parts != nil && t.number(line) == 0 ||
			sizes.tooFew(knownPart(definition, line.key), rules.SmallestGroup) || before.hid(line.key)
		if line.hidden {
			t.notes.small++
		}
	}
	t.complement()
	return t, nil
}

// round gives the nearest multiple, of what was shown before where something was.
func (t *table) round(number int) int {
	if t.before != nil {
		for _, multiple := range t.before.roundTo {
			number = nearest(number, multiple)
		}
	}
	return nearest(number, t.rules.RoundTo)
}

// number is how many people a line shows. Where some are there for what is known of them and others for what their records
// say, each kind is rounded by itself and few of a kind are not counted: or else people who are known to be there would lift the
// others over the threshold.
func (t *table) number(line *line) int {
	if line.parts == nil {
		return t.round(line.people)
	}
	sum := 0
	for _, people := range line.parts {
		if people > t.rules.RedactUpTo {
			sum += t.round(people)
		}
	}
	return sum
}

// result writes what is shown.
func (t *table) result() cohort.Result {
	r := cohort.Result{Columns: []string{}, Measures: t.definition.Measures, Rows: []cohort.Row{}}
	for i := range t.definition.By {
		kind := t.definition.By[i].Kind
		r.Columns = append(r.Columns, strings.ToLower(strings.ReplaceAll(string(kind), "_", " ")))
		r.Series = inTime(kind)
	}
	sums, present := make([]sum, len(t.definition.Measures)), t.present()
	for _, line := range t.lines {
		if t.unlisted(line, present) {
			t.notes.unlisted = true
			continue
		}
		r.Rows = append(r.Rows, t.row(line, sums))
	}
	r.Total = t.total(sums)
	r.Notes = t.notes.sentences(t.rules, t.definition)
	return r
}

// row writes a line, and adds what it shows to the sums.
func (t *table) row(of *line, sums []sum) cohort.Row {
	row := cohort.Row{Key: slices.Clone(of.key)}
	for i, value := range row.Key {
		if value == "" {
			row.Key[i] = cohort.Unknown
		}
	}
	for i, measure := range t.definition.Measures {
		row.Figures = append(row.Figures, t.figure(of, i, measure, &sums[i]))
	}
	return row
}

// present is, for each dimension, at which places of its values a row is shown.
func (t *table) present() []map[int]bool {
	present := make([]map[int]bool, len(t.definition.By))
	for i := range present {
		present[i] = map[int]bool{}
		for _, line := range t.lines {
			if !line.hidden {
				present[i][line.places[i]] = true
			}
		}
	}
	return present
}

// unlisted reports whether a row would tell by being there that somebody is in it: none of the rows that have its value of a
// dimension is shown, and the value is not known beforehand.
func (t *table) unlisted(of *line, present []map[int]bool) bool {
	for i := range t.definition.By {
		if !listed(&t.definition.By[i], of.key[i]) && !present[i][of.places[i]] {
			return true
		}
	}
	return false
}
