package plot

import (
	"fmt"
	"time"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/report"
)

// The measures of a page.
const (
	pageWidth = 10 * vg.Inch
	margin    = 30
	inside    = pageWidth - 2*margin
)

// block is a part of a page, as wide as the page: what is drawn into a canvas of its height.
type block struct {
	height vg.Length
	draw   func(draw.Canvas)
}

// page is blocks one below the other.
type page []block

func (p page) height() vg.Length {
	height := vg.Length(2 * margin)
	for _, each := range p {
		height += each.height
	}
	return height
}

// draw draws the page from its top.
func (p page) draw(c draw.Canvas) {
	c.FillPolygon(paper(), []vg.Point{c.Min, {X: c.Max.X, Y: c.Min.Y}, c.Max, {X: c.Min.X, Y: c.Max.Y}})
	top := c.Max.Y - margin
	for _, each := range p {
		part := c
		part.Min = vg.Point{X: c.Min.X + margin, Y: top - each.height}
		part.Max = vg.Point{X: c.Max.X - margin, Y: top}
		each.draw(part)
		top -= each.height
	}
}

// layOut puts a picture on a page: what it is, what it lacks, what the colours mean, the panels, and what it rests on.
func layOut(p *picture) page {
	definition := &p.answer.Definition
	var all page
	all = all.prose(bold(lettering(17, ink())), 4, definition.Title)
	all = all.prose(lettering(11, faint()), 10, fmt.Sprintf("As at %s. %s.", longDate(definition.AsAt.Time()), by(p)))
	all = all.prose(bold(lettering(12, alarm())), 8, report.Incomplete(p.answer))
	all = append(all, legend(p)...)
	for measure := range p.answer.Result.Measures {
		all = append(all, section(p, measure)...)
	}
	small := lettering(9, faint())
	all = append(all, space(6))
	for _, note := range append(append([]string{}, p.left...), p.answer.Result.Notes...) {
		all = all.prose(small, 2, note)
	}
	for _, warning := range p.answer.Warnings {
		all = all.prose(small, 2, warning)
	}
	all = append(all, rule())
	return all.prose(small, 0, footer(p.answer))
}

// by says what the picture is broken down by.
func by(p *picture) string {
	words := "By " + p.across
	if p.coloured != "" {
		words += " and " + p.coloured
	}
	if p.divided != "" {
		words += "; one panel for each " + p.divided + ", all of one scale"
	}
	return words
}

func longDate(at time.Time) string { return at.Format("2 January 2006") }

// footer is what a picture that is cut out of its report must still say.
func footer(answer *cohort.Answer) string {
	return fmt.Sprintf("%s, version %d. Definition %s. Project %s. Answered %s under policy revision %s and consent revision %d. Source: OneLondon.",
		answer.Definition.Name, answer.Definition.Version, answer.Digest, answer.Project, longDate(answer.AnsweredAt.UTC()),
		answer.PolicyRevision, answer.ConsentRevision)
}

// prose adds a paragraph and a space below it; nothing where there is nothing to say.
func (p page) prose(style text.Style, below vg.Length, paragraph string) page {
	lines := folded(style, paragraph, inside)
	if len(lines) == 0 {
		return p
	}
	return append(p, block{vg.Length(len(lines))*lineHeight(style) + below, func(c draw.Canvas) {
		for i, line := range lines {
			c.FillText(style, vg.Point{X: c.Min.X, Y: c.Max.Y - vg.Length(i)*lineHeight(style)}, line)
		}
	}})
}

func space(height vg.Length) block { return block{height, func(draw.Canvas) {}} }

func rule() block {
	return block{14, func(c draw.Canvas) {
		c.StrokeLine2(draw.LineStyle{Color: grid(), Width: 1}, c.Min.X, c.Max.Y-6, c.Max.X, c.Max.Y-6)
	}}
}
