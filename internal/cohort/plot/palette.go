package plot

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The colours of what is no figure.
func ink() color.Color   { return color.RGBA{0x1f, 0x23, 0x28, 0xff} }
func faint() color.Color { return color.RGBA{0x59, 0x60, 0x68, 0xff} }
func grid() color.Color  { return color.RGBA{0xdd, 0xe0, 0xe4, 0xff} }
func alarm() color.Color { return color.RGBA{0xb3, 0x1d, 0x1d, 0xff} }
func paper() color.Color { return color.White }

// Palette are the colours of groups, in order. They begin with Okabe and Ito's, without those that are too light for lines on white.
func Palette() [mostColours]color.RGBA {
	return [mostColours]color.RGBA{
		{0x00, 0x72, 0xb2, 0xff}, // blue
		{0xd5, 0x5e, 0x00, 0xff}, // vermilion
		{0x00, 0x9e, 0x73, 0xff}, // green
		{0x4b, 0x1d, 0x52, 0xff}, // dark violet
		{0xc2, 0x63, 0xa0, 0xff}, // pink
		{0x6b, 0x6b, 0x6b, 0xff}, // grey
	}
}

func colourOf(group int) color.RGBA { return Palette()[group%mostColours] }

// tint is a colour as it looks through paper.
func tint(c color.RGBA) color.RGBA {
	mix := func(part uint8) uint8 { return uint8((3*int(part) + 7*255) / 10) }
	return color.RGBA{mix(c.R), mix(c.G), mix(c.B), 0xff}
}

// glyphOf is the mark of a group's points.
func glyphOf(group int, radius vg.Length) draw.GlyphStyle {
	shapes := [mostColours]draw.GlyphDrawer{draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, draw.SquareGlyph{}, draw.RingGlyph{}, draw.CrossGlyph{}}
	return draw.GlyphStyle{Color: colourOf(group), Radius: radius, Shape: shapes[group%mostColours]}
}

// hatch draws the mark of a figure that may not be shown.
func hatch(c draw.Canvas, in vg.Rectangle, colour color.Color) {
	line := draw.LineStyle{Color: colour, Width: vg.Points(0.6)}
	size := in.Size()
	c.StrokeLines(line, []vg.Point{in.Min, {X: in.Max.X, Y: in.Min.Y}, in.Max, {X: in.Min.X, Y: in.Max.Y}, in.Min})
	const apart = 3
	for at := vg.Length(apart); at < size.X+size.Y; at += apart {
		from := vg.Point{X: in.Min.X + min(at, size.X), Y: in.Min.Y + max(0, at-size.X)}
		to := vg.Point{X: in.Min.X + max(0, at-size.Y), Y: in.Min.Y + min(at, size.Y)}
		c.StrokeLine2(line, from.X, from.Y, to.X, to.Y)
	}
}
