package plot

import (
	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/report"
)

// bars draws a breakdown.
type bars struct{ *panel }

var _ gonum.Plotter = bars{}

// taken is the part of a position's room that its bars take.
const taken = 0.8

// Plot draws the bars of every position and group.
func (b bars) Plot(c draw.Canvas, drawn *gonum.Plot) {
	labelled := b.labelled(c, drawn)
	for i, position := range b.positions {
		for g, group := range b.groups {
			figure, shown := b.figure(place{b.facet, group, position}, b.measure)
			if !shown || !finite(figure.Number) {
				hatch(c, b.stub(c, drawn, i, g), faint())
				continue
			}
			end := b.bar(c, drawn, i, g, figure)
			if labelled {
				b.label(c, end, figure)
			}
		}
	}
}

// bar draws one figure and returns the rectangle it takes.
func (b bars) bar(c draw.Canvas, drawn *gonum.Plot, position, group int, figure cohort.Figure) vg.Rectangle {
	colour := colourOf(group)
	if b.answer.Result.Measures[b.measure].Kind != cohort.MeasureQuartiles {
		in := b.rectangle(c, drawn, position, group, max(0, b.scale.from), figure.Number)
		fill(c, in, colour)
		return in
	}
	in := b.rectangle(c, drawn, position, group, figure.Lower, figure.Upper)
	fill(c, in, tint(colour))
	c.StrokeLines(draw.LineStyle{Color: colour, Width: 1}, outline(in))
	middle := b.rectangle(c, drawn, position, group, figure.Number, figure.Number)
	c.StrokeLine2(draw.LineStyle{Color: colour, Width: 2.5}, middle.Min.X, middle.Min.Y, middle.Max.X, middle.Max.Y)
	return in
}

func outline(in vg.Rectangle) []vg.Point {
	return []vg.Point{in.Min, {X: in.Max.X, Y: in.Min.Y}, in.Max, {X: in.Min.X, Y: in.Max.Y}, in.Min}
}

// rectangle is where a bar lies between two numbers.
func (b bars) rectangle(c draw.Canvas, drawn *gonum.Plot, position, group int, from, to float64) vg.Rectangle {
	x, y := drawn.Transforms(&c)
	wide := taken / float64(len(b.groups))
	begin := float64(position) - taken/2 + float64(group)*wide
	end := begin + 0.92*wide
	if b.flat {
		return vg.Rectangle{Min: vg.Point{X: x(from), Y: y(end)}, Max: vg.Point{X: x(to), Y: y(begin)}}
	}
	return vg.Rectangle{Min: vg.Point{X: x(begin), Y: y(from)}, Max: vg.Point{X: x(end), Y: y(to)}}
}

// stub is where the mark stands of a figure that may not be shown. Its length is the same everywhere and says nothing.
func (b bars) stub(c draw.Canvas, drawn *gonum.Plot, position, group int) vg.Rectangle {
	const long = 11
	in := b.rectangle(c, drawn, position, group, b.scale.from, b.scale.from)
	if b.flat {
		in.Max.X = in.Min.X + 2*long
	} else {
		in.Max.Y = in.Min.Y + long
	}
	return in
}

// labelled reports whether every bar has room for its number. The numbers of lying boxes have no common end, and go without.
func (b bars) labelled(c draw.Canvas, drawn *gonum.Plot) bool {
	quartiles := b.answer.Result.Measures[b.measure].Kind == cohort.MeasureQuartiles
	size := b.rectangle(c, drawn, 0, 0, b.scale.from, b.scale.to).Size()
	if b.flat {
		return size.Y >= 8
	}
	style := numbers()
	for _, row := range b.cells {
		if quartiles || style.Width(report.Number(row.Figures[b.measure].Number)) > size.X*1.1 {
			return false
		}
	}
	return true
}

func numbers() draw.TextStyle { return lettering(9, ink()) }

// label writes a figure at the end of its bar.
func (b bars) label(c draw.Canvas, at vg.Rectangle, figure cohort.Figure) {
	style := numbers()
	if b.flat {
		style.YAlign = draw.YCenter
		c.FillText(style, vg.Point{X: at.Max.X + 4, Y: (at.Min.Y+at.Max.Y)/2 + 1}, report.Text(b.answer.Result.Measures[b.measure], figure))
		return
	}
	style.XAlign, style.YAlign = draw.XCenter, draw.YBottom
	c.FillText(style, vg.Point{X: (at.Min.X + at.Max.X) / 2, Y: at.Max.Y + 2}, report.Number(figure.Number))
}
