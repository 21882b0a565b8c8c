package plot

import (
	"image/color"
	"math"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/report"
)

// panel is one measure of one facet.
type panel struct {
	*picture
	facet   string
	measure int
	scale   scale
	flat    bool // bars that lie, so that long names can be read
}

// section draws a measure: its name and unit, then its panels.
func section(p *picture, measure int) page {
	name := capital(report.Heading(p.answer.Result.Measures[measure])) + unit(p.answer, measure)
	all := page{space(4)}.prose(bold(lettering(12, ink())), 4, name)
	each := panel{picture: p, measure: measure, scale: scaleOf(p, measure)}
	across := each.columns()
	width := inside / vg.Length(across)
	each.flat = !p.series && !each.upright(width)
	height := each.height()
	for first := 0; first < len(p.facets); first += across {
		row := p.facets[first:min(first+across, len(p.facets))]
		all = append(all, block{height, func(c draw.Canvas) {
			for i, facet := range row {
				one := each
				one.facet = facet
				left := c.Min.X + vg.Length(i)*width
				part := c
				part.Min.X, part.Max.X = left, left+width-12
				one.draw(part)
			}
		}})
	}
	return all
}

// columns is how many panels stand side by side.
func (p *panel) columns() int {
	switch {
	case len(p.facets) == 1:
		return 1
	case p.series && len(p.facets) > 4:
		return 3
	}
	return 2
}

// height is how high a panel is.
func (p *panel) height() vg.Length {
	head := vg.Length(0)
	if len(p.facets) > 1 {
		head = 28
	}
	switch {
	case p.flat:
		bars := vg.Length(len(p.positions)) * (7 + 12*vg.Length(len(p.groups)))
		return head + bars + 40
	case len(p.facets) > 1:
		return head + 150
	}
	return 250
}

// upright reports whether the names of the positions have room side by side.
func (p *panel) upright(width vg.Length) bool {
	style := lettering(10, ink())
	room := (width - 60) / vg.Length(len(p.positions))
	for _, position := range p.positions {
		if style.Width(position)+6 > room {
			return false
		}
	}
	return true
}

// draw draws the panel with its head.
func (p *panel) draw(c draw.Canvas) {
	if p.facet != "" {
		style := bold(lettering(10, ink()))
		c.FillText(style, vg.Point{X: c.Min.X, Y: c.Max.Y}, shortened(style, p.facet, c.Max.X-c.Min.X))
		c.Max.Y -= 18
		c.Min.Y += 10 // apart from the head of the panel below
	}
	drawn := gonum.New()
	drawn.BackgroundColor = nil
	p.dress(drawn, c.Max.X-c.Min.X)
	lines := plotter.NewGrid()
	lines.Vertical, lines.Horizontal = draw.LineStyle{}, draw.LineStyle{Color: grid(), Width: 0.7}
	if p.flat {
		lines.Vertical, lines.Horizontal = lines.Horizontal, lines.Vertical
	}
	drawn.Add(lines)
	if p.series {
		drawn.Add(curves{p})
	} else {
		drawn.Add(bars{p})
	}
	c.Max.Y -= 4
	drawn.Draw(c)
}

// dress sets the axes: positions along one, numbers along the other.
func (p *panel) dress(drawn *gonum.Plot, width vg.Length) {
	positions, numbers := &drawn.X, &drawn.Y
	if p.flat {
		positions, numbers = &drawn.Y, &drawn.X
	}
	for _, axis := range []*gonum.Axis{positions, numbers} {
		axis.Tick.Label.Font, axis.Tick.Label.Color = lettering(10, ink()).Font, ink()
		axis.Label.TextStyle.Font, axis.Label.TextStyle.Color = lettering(10, faint()).Font, faint()
		axis.Tick.Length, axis.LineStyle.Width, axis.Padding = 0, 0, 3
	}
	positions.LineStyle = draw.LineStyle{Color: faint(), Width: 0.8}
	positions.Padding, positions.Tick.Length = 0, 4
	positions.Tick.LineStyle = draw.LineStyle{Color: color.Transparent, Width: 0.8}
	if p.series {
		positions.Tick.LineStyle = positions.LineStyle
	}
	positions.Label.Padding, numbers.Label.Padding = 4, 4
	last := float64(len(p.positions) - 1)
	positions.Min, positions.Max = -0.5, last+0.5
	if p.flat {
		positions.Scale = gonum.InvertedScale{Normalizer: gonum.LinearScale{}}
	}
	positions.Tick.Marker = p.positionTicks(width)
	numbers.Min, numbers.Max = p.scale.from, p.scale.to
	numbers.Tick.Marker = p.scale
	if len(p.facets) == 1 && !p.flat {
		positions.Label.Text = p.across
	}
	if p.series {
		positions.Padding = stripHeight * vg.Length(p.strips())
	}
}

// unit is the unit of a measure's numbers, where the definition's events have one.
func unit(answer *cohort.Answer, measure int) string {
	of := answer.Result.Measures[measure]
	if of.Kind != cohort.MeasureMedian && of.Kind != cohort.MeasureQuartiles {
		return ""
	}
	if units := unitsOf(&answer.Definition, of.Events); len(units) > 0 {
		return ", " + joinOr(units)
	}
	return ""
}

// unitsOf are the units that a set's values are of, by its own test or by that of the sets it is made of.
func unitsOf(definition *cohort.Definition, name string) []string {
	for i := range definition.Events {
		set := &definition.Events[i]
		if set.Name != name {
			continue
		}
		var units []string
		if set.Value != nil {
			for _, each := range set.Value.Units {
				units = append(units, string(each))
			}
		}
		if len(units) == 0 && len(set.Of) > 0 && set.Of[0] != name {
			return unitsOf(&cohort.Definition{Events: definition.Events[:i]}, set.Of[0])
		}
		return units
	}
	return nil
}

func joinOr(words []string) string {
	joined := words[0]
	for _, each := range words[1:] {
		joined += " or " + each
	}
	return joined
}

// fill fills a rectangle.
func fill(c draw.Canvas, in vg.Rectangle, colour color.Color) {
	c.FillPolygon(colour, []vg.Point{in.Min, {X: in.Max.X, Y: in.Min.Y}, in.Max, {X: in.Min.X, Y: in.Max.Y}})
}

// finite reports whether a number can be drawn.
func finite(number float64) bool { return !math.IsNaN(number) && !math.IsInf(number, 0) }
