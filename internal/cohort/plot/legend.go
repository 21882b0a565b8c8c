package plot

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"onelondon/internal/cohort"
)

// sign is one entry of the legend.
type sign struct {
	label string
	draw  func(draw.Canvas, vg.Rectangle)
}

// legend says what colours and marks mean, in as many lines as it needs.
func legend(p *picture) page {
	style := lettering(11, ink())
	var all page
	left, row := vg.Length(0), []sign(nil)
	flush := func() {
		if len(row) > 0 {
			all = append(all, signs(row))
		}
		left, row = 0, nil
	}
	for _, each := range signsOf(p) {
		wide := 30 + style.Width(each.label) + 18
		if left+wide > inside {
			flush()
		}
		left, row = left+wide, append(row, each)
	}
	flush()
	if len(all) > 0 {
		all = append(all, space(6))
	}
	return all
}

// signs draws one line of the legend.
func signs(row []sign) block {
	style := lettering(11, ink())
	style.YAlign = draw.YCenter
	return block{18, func(c draw.Canvas) {
		left, middle := c.Min.X, c.Center().Y
		for _, each := range row {
			each.draw(c, vg.Rectangle{Min: vg.Point{X: left, Y: middle - 5}, Max: vg.Point{X: left + 24, Y: middle + 5}})
			c.FillText(style, vg.Point{X: left + 30, Y: middle + 1.5}, each.label)
			left += 30 + style.Width(each.label) + 18
		}
	}}
}

// signsOf lists the colours where there are several, and the mark for what may not be shown where there is any.
func signsOf(p *picture) []sign {
	var all []sign
	if len(p.groups) > 1 {
		for i, group := range p.groups {
			all = append(all, sign{group, swatch(p, i)})
		}
	}
	if p.quartiles() {
		shape := "box"
		if p.series {
			shape = "band"
		}
		all = append(all, sign{shape + ": between the quartiles; line: the median", ranged})
	}
	if p.hidden() {
		all = append(all, sign{"none, too few, or kept back to protect few: not a zero", func(c draw.Canvas, in vg.Rectangle) { hatch(c, in, faint()) }})
	}
	return all
}

// swatch draws a group as its panel does: a line with its mark, or a filled box.
func swatch(p *picture, group int) func(draw.Canvas, vg.Rectangle) {
	return func(c draw.Canvas, in vg.Rectangle) {
		if !p.series {
			fill(c, in, colourOf(group))
			return
		}
		middle := (in.Min.Y + in.Max.Y) / 2
		c.StrokeLine2(draw.LineStyle{Color: colourOf(group), Width: 2}, in.Min.X, middle, in.Max.X, middle)
		c.DrawGlyphNoClip(glyphOf(group, 3.5), vg.Point{X: (in.Min.X + in.Max.X) / 2, Y: middle})
	}
}

// quartiles reports whether any measure is of quartiles.
func (p *picture) quartiles() bool {
	return slices.ContainsFunc(p.answer.Result.Measures, func(of cohort.Measure) bool { return of.Kind == cohort.MeasureQuartiles })
}

// ranged draws the sign of a box with its median.
func ranged(c draw.Canvas, in vg.Rectangle) {
	fill(c, in, grid())
	c.StrokeLines(draw.LineStyle{Color: faint(), Width: 1}, outline(in))
	middle := (in.Min.X + in.Max.X) / 2
	c.StrokeLine2(draw.LineStyle{Color: faint(), Width: 2.5}, middle, in.Min.Y, middle, in.Max.Y)
}
