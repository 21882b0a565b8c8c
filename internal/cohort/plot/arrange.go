package plot

import (
	"fmt"
	"strings"

	"onelondon/internal/cohort"
)

// What a picture holds at most. The table has everything.
const (
	mostColours   = 6
	mostPanels    = 24
	mostPositions = 60
)

// picture is an answer's cells by where they are drawn.
type picture struct {
	answer    *cohort.Answer
	across    string   // the dimension on the axis
	positions []string // along the axis
	series    bool
	coloured  string   // the dimensions that are colours
	groups    []string // one colour each; one nameless where there are no colours
	divided   string   // the dimensions that are panels
	facets    []string // one panel each; one nameless where there is one panel
	cells     map[place]*cohort.Row
	left      []string // what was left out, in sentences
}

// place is where a cell is drawn.
type place struct{ facet, group, position string }

// roles are the dimensions, by their places in a key, that become panels, colours and the axis.
type roles struct {
	panels, colours []int
	axis            int
}

// arrange decides which dimension is drawn as what.
func arrange(answer *cohort.Answer) *picture {
	result := &answer.Result
	as := assign(result)
	p := &picture{answer: answer, series: result.Series, cells: map[place]*cohort.Row{},
		across: result.Columns[as.axis], coloured: join(result.Columns, as.colours), divided: join(result.Columns, as.panels)}
	p.positions = distinct(result, []int{as.axis})
	if p.series {
		p.positions = periods(p.positions)
	}
	p.groups, p.facets = distinct(result, as.colours), distinct(result, as.panels)
	for i := range result.Rows {
		key := result.Rows[i].Key
		p.cells[place{join(key, as.panels), join(key, as.colours), key[as.axis]}] = &result.Rows[i]
	}
	p.facets = p.cut(p.facets, mostPanels, p.divided)
	if !p.series {
		p.positions = p.cut(p.positions, mostPositions, p.across)
	}
	return p
}

// assign gives every dimension a role: colours while they last, panels for the rest.
func assign(result *cohort.Result) roles {
	last := len(result.Columns) - 1
	few := func(dimensions ...int) bool { return len(distinct(result, dimensions)) <= colours(result) }
	switch others := upTo(last); {
	case result.Series && few(others...):
		return roles{colours: others, axis: last}
	case result.Series && last > 1 && few(last-1):
		return roles{panels: others[:last-1], colours: others[last-1:], axis: last}
	case result.Series || last == 0:
		return roles{panels: others, axis: last}
	case few(last):
		return roles{panels: others[:last-1], colours: []int{last}, axis: last - 1}
	case last == 1 && few(0):
		return roles{colours: []int{0}, axis: 1}
	default:
		return roles{panels: others, axis: last}
	}
}

// colours is how many colours a picture may have: of bands no more than two can be told apart where they overlap.
func colours(result *cohort.Result) int {
	for _, measure := range result.Measures {
		if result.Series && measure.Kind == cohort.MeasureQuartiles {
			return 2
		}
	}
	return mostColours
}

func upTo(count int) []int {
	all := make([]int, count)
	for i := range all {
		all[i] = i
	}
	return all
}

// join is the part of a key, or of the names of the dimensions, that has one role.
func join(key []string, dimensions []int) string {
	parts := make([]string, len(dimensions))
	for i, each := range dimensions {
		parts[i] = key[each]
	}
	return strings.Join(parts, ", ")
}

// cut keeps as many as a picture holds, and notes what it leaves out.
func (p *picture) cut(all []string, most int, of string) []string {
	if len(all) <= most {
		return all
	}
	p.left = append(p.left, fmt.Sprintf("Drawn are the first %d of %d by %s. The table has all of them.", most, len(all), of))
	return all[:most]
}

// figure is what a measure came to at a place, and whether it may be shown. A cell that the answer lacks and one that is redacted
// look the same.
func (p *picture) figure(at place, measure int) (cohort.Figure, bool) {
	row, found := p.cells[at]
	if !found || !row.Figures[measure].Shown {
		return cohort.Figure{}, false
	}
	return row.Figures[measure], true
}

// hidden reports whether any figure that has a place may not be shown.
func (p *picture) hidden() bool {
	for measure := range p.answer.Result.Measures {
		for _, facet := range p.facets {
			for _, group := range p.groups {
				if p.hides(facet, group, measure) {
					return true
				}
			}
		}
	}
	return false
}

// hides reports whether a line or the bars of a colour have a figure that may not be shown.
func (p *picture) hides(facet, group string, measure int) bool {
	for _, position := range p.positions {
		if _, shown := p.figure(place{facet, group, position}, measure); !shown {
			return true
		}
	}
	return false
}
