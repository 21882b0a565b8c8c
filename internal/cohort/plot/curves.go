package plot

import (
	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"onelondon/internal/cohort"
)

// curves draws a series.
type curves struct{ *panel }

var _ gonum.Plotter = curves{}

// stripHeight is the height of a strip below the axis, in which a line's hidden figures are marked.
const stripHeight = 8

// mostMarks is up to how many periods every point has its mark.
const mostMarks = 40

// stretch is consecutive periods of a line whose figures are shown.
type stretch struct {
	first   int
	figures []cohort.Figure
}

// Plot draws bands, then lines, then the strips of what may not be shown.
func (s curves) Plot(c draw.Canvas, drawn *gonum.Plot) {
	quartiles := s.answer.Result.Measures[s.measure].Kind == cohort.MeasureQuartiles
	for g, group := range s.groups {
		for _, each := range s.stretches(group) {
			if quartiles {
				s.band(c, drawn, g, each)
			}
		}
	}
	strip := 0
	for g, group := range s.groups {
		for _, each := range s.stretches(group) {
			s.line(c, drawn, g, each)
		}
		if s.hides(s.facet, group, s.measure) {
			s.strip(c, drawn, g, strip)
			strip++
		}
	}
}

// stretches are a line's parts between its gaps.
func (s curves) stretches(group string) []stretch {
	var all []stretch
	open := false
	for i, position := range s.positions {
		figure, shown := s.figure(place{s.facet, group, position}, s.measure)
		if !shown || !finite(figure.Number) {
			open = false
			continue
		}
		if !open {
			all = append(all, stretch{first: i})
			open = true
		}
		last := &all[len(all)-1]
		last.figures = append(last.figures, figure)
	}
	return all
}

// line draws a stretch. A point alone is a mark.
func (s curves) line(c draw.Canvas, drawn *gonum.Plot, group int, part stretch) {
	x, y := drawn.Transforms(&c)
	var points []vg.Point
	for i, figure := range part.figures {
		points = append(points, vg.Point{X: x(float64(part.first + i)), Y: y(figure.Number)})
	}
	if len(points) > 1 {
		c.StrokeLines(draw.LineStyle{Color: colourOf(group), Width: 1.8}, points)
	}
	if len(s.positions) > mostMarks && len(points) > 1 {
		return
	}
	radius := vg.Length(3)
	if len(s.facets) > 1 {
		radius = 2
	}
	for _, point := range points {
		c.DrawGlyphNoClip(glyphOf(group, radius), point)
	}
}

// band draws the room between the quartiles of a stretch; of a point alone, a stroke.
func (s curves) band(c draw.Canvas, drawn *gonum.Plot, group int, part stretch) {
	x, y := drawn.Transforms(&c)
	colour := colourOf(group)
	if len(part.figures) == 1 {
		at := x(float64(part.first))
		c.StrokeLine2(draw.LineStyle{Color: tint(colour), Width: 6}, at, y(part.figures[0].Lower), at, y(part.figures[0].Upper))
		return
	}
	var edge []vg.Point
	for i, figure := range part.figures {
		edge = append(edge, vg.Point{X: x(float64(part.first + i)), Y: y(figure.Upper)})
	}
	for i := len(part.figures) - 1; i >= 0; i-- {
		edge = append(edge, vg.Point{X: x(float64(part.first + i)), Y: y(part.figures[i].Lower)})
	}
	colour.R, colour.G, colour.B, colour.A = colour.R/5, colour.G/5, colour.B/5, 51 // a fifth, premultiplied
	c.FillPolygon(colour, edge)
}

// strips is for how many lines of the panels something may not be shown, at most.
func (s *panel) strips() int {
	most := 0
	for _, facet := range s.facets {
		count := 0
		for _, group := range s.groups {
			if s.hides(facet, group, s.measure) {
				count++
			}
		}
		most = max(most, count)
	}
	return most
}

// strip marks, below the axis, the periods whose figures of a line may not be shown.
func (s curves) strip(c draw.Canvas, drawn *gonum.Plot, group, strip int) {
	x, _ := drawn.Transforms(&c)
	top := c.Min.Y - stripHeight*vg.Length(strip) - 2
	open := -1
	for i := 0; i <= len(s.positions); i++ {
		shown := true
		if i < len(s.positions) {
			_, shown = s.figure(place{s.facet, s.groups[group], s.positions[i]}, s.measure)
		}
		switch {
		case !shown && open < 0:
			open = i
		case shown && open >= 0:
			hatch(c, vg.Rectangle{Min: vg.Point{X: x(float64(open) - 0.5), Y: top - stripHeight + 3}, Max: vg.Point{X: x(float64(i) - 0.5), Y: top}}, colourOf(group))
			open = -1
		}
	}
}
