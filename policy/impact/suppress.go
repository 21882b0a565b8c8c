package impact

import (
	"encoding/json"
	"slices"
	"strconv"
)

// suppression says how counts of people are shown: those from 1 to threshold not at all, others rounded to a multiple
// of rounding.
type suppression struct{ threshold, rounding int }

// smallNumbers reads the limits of disclosure control from a policy's tables; the defaults 7 and 5 are those of
// Hospital Episode Statistics and of OpenSAFELY.
func smallNumbers(tables map[string]any) suppression {
	s := suppression{threshold: 7, rounding: 5}
	table, _ := tables["disclosure"].(map[string]any)
	for name, into := range map[string]*int{"redact_up_to": &s.threshold, "round_to": &s.rounding} {
		if number, ok := table[name].(json.Number); ok {
			if n, err := strconv.Atoi(number.String()); err == nil && n > 0 {
				*into = n
			}
		}
	}
	return s
}

// shown is a count as it may be shown: rounded, or hidden.
type shown int

// hidden is a count that is not shown. It need not be small: some counts are hidden so that others cannot be computed.
const hidden shown = -1

func (s shown) String() string {
	if s == hidden {
		return "*"
	}
	return strconv.Itoa(int(s))
}

// one is a single count in the form in which it may be shown.
func (s suppression) one(count int) shown {
	switch {
	case count == 0:
		return 0
	case count <= s.threshold:
		return hidden
	}
	return shown((count + s.rounding/2) / s.rounding * s.rounding)
}

// column is several counts that might be added up: if exactly one would be hidden, the smallest of the others is hidden
// too, since the sum would reveal it.
func (s suppression) column(counts []int) []shown {
	all := make([]shown, len(counts))
	for i, count := range counts {
		all[i] = s.one(count)
	}
	protect(all)
	return all
}

// protect hides the smallest visible count above 0 if exactly one is hidden. It reports whether it hid one.
func protect(column []shown) bool {
	hides, least := 0, -1
	for i, each := range column {
		switch {
		case each == hidden:
			hides++
		case each > 0 && (least < 0 || each < column[least]):
			least = i
		}
	}
	if hides != 1 || least < 0 {
		return false
	}
	column[least] = hidden
	return true
}

// sum adds the visible counts, so that it reveals nothing about hidden ones; it is hidden if all are.
func sum(column []shown) shown {
	if len(column) > 0 && !slices.ContainsFunc(column, func(each shown) bool { return each > 0 }) && slices.Contains(column, hidden) {
		return hidden
	}
	total := shown(0)
	for _, each := range column {
		total += max(each, 0)
	}
	return total
}

// peopleCounts is one row of a table: people, those who gain and those who lose.
type peopleCounts [3]int

// table hides counts in rows and columns. In each column a single hidden count takes another with it. In each row, if
// one of gain and lose is hidden, so is the other, since together they may be everybody.
func (s suppression) table(counts []peopleCounts) [][3]shown {
	var columns [3][]shown
	for c := range columns {
		for _, row := range counts {
			columns[c] = append(columns[c], s.one(row[c]))
		}
	}
	for changed := true; changed; {
		changed = false
		for _, column := range columns {
			changed = protect(column) || changed
		}
		for i := range counts {
			pair := []shown{columns[1][i], columns[2][i]}
			if protect(pair) {
				columns[1][i], columns[2][i], changed = pair[0], pair[1], true
			}
		}
	}
	rows := make([][3]shown, len(counts))
	for i := range rows {
		rows[i] = [3]shown{columns[0][i], columns[1][i], columns[2][i]}
	}
	return rows
}
