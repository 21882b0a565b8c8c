package disclosure

import (
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// complement redacts further cells where the people of the redacted ones could be had by subtraction from a larger whole. Of the
// table, and of every part of it in which some of its dimensions have one value (a row, a column, a layer), the people in
// redacted cells together must be none or more than the threshold; where they are not, the cell with the fewest people that is
// still shown is redacted too, and the first in the table of several. This is repeated until nothing changes.
func (t *table) complement() {
	parts := t.parts()
	for changed := true; changed; {
		changed = false
		for _, part := range parts {
			for t.exposed(part) {
				if !t.hideNext(part) {
					break
				}
				changed = true
			}
		}
	}
}

// parts are the lines of the table, and of every part of it in which some of its dimensions have one value.
func (t *table) parts() [][]*line {
	dimensions := len(t.definition.By)
	var parts [][]*line
	for fixed := range 1<<dimensions - 1 {
		at := map[string]int{}
		for _, line := range t.lines {
			var key strings.Builder
			for i := range dimensions {
				if fixed&(1<<i) != 0 {
					fmt.Fprintf(&key, "%d,", line.places[i])
				}
			}
			place, known := at[key.String()]
			if !known {
				place = len(parts)
				at[key.String()] = place
				parts = append(parts, nil)
			}
			parts[place] = append(parts[place], line)
		}
	}
	return parts
}

// exposed reports whether the people in redacted cells of a part are few, but some.
func (t *table) exposed(part []*line) bool {
	people := 0
	together := map[clinical.Pseudonym]struct{}{}
	for _, line := range part {
		switch {
		case !line.hidden || line.cell == nil:
		case t.counted.Overlapping && line.people <= t.rules.RedactUpTo:
			for _, person := range line.cell.People {
				together[person] = struct{}{}
			}
		default:
			people += line.people
		}
	}
	people += len(together)
	return people > 0 && people <= t.rules.RedactUpTo
}

// hideNext redacts the smallest cell of a part that is shown; it reports false where there is none.
func (t *table) hideNext(part []*line) bool {
	var smallest *line
	for _, line := range part {
		if !line.hidden && (smallest == nil || byPeople(line, smallest) < 0) {
			smallest = line
		}
	}
	if smallest == nil {
		return false
	}
	smallest.hidden = true
	t.notes.complementary++
	return true
}

// shown are the lines that are shown.
func (t *table) shown() []*line {
	return slices.DeleteFunc(slices.Clone(t.lines), func(line *line) bool { return line.hidden })
}
