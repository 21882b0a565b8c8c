package impact

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// The dimensions of the plot, in pixels.
const (
	plotWidth  = 760
	labelWidth = 240
	barHeight  = 12
	rowHeight  = 36
	topMargin  = 56
)

// Plot draws, as SVG, which part of the made questions would release more and which less, by group of roles and
// purpose.
func (r *Report) Plot(out io.Writer) error {
	var rows []Population
	for _, population := range r.Made {
		if population.More+population.Less > 0 {
			rows = append(rows, population)
		}
	}
	var svg strings.Builder
	height := topMargin + rowHeight*max(len(rows), 1)
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`+"\n",
		plotWidth, height, plotWidth, height)
	fmt.Fprintf(&svg, `<title>%s</title>`+"\n", escaped("From policy "+r.From+" to policy "+r.To))
	fmt.Fprintf(&svg, `<rect width="%d" height="%d" fill="white"/>`+"\n", plotWidth, height)
	text(&svg, 12, 22, "Questions of which more (blue) or less (orange) would be released, in per cent")
	text(&svg, 12, 40, "From policy "+r.From+" to policy "+r.To)
	for i, row := range rows {
		top := topMargin + i*rowHeight
		text(&svg, 12, top+17, row.Name+", "+orNone(row.Purpose))
		bar(&svg, top, row.More, row.Questions, "#0072b2")
		bar(&svg, top+barHeight+2, row.Less, row.Questions, "#e69f00")
	}
	if len(rows) == 0 {
		text(&svg, 12, topMargin+17, "Nothing would be decided otherwise.")
	}
	svg.WriteString("</svg>\n")
	_, err := io.WriteString(out, svg.String())
	return err
}

// bar draws a part of a whole, followed by its percentage.
func bar(svg *strings.Builder, top, part, whole int, colour string) {
	const most = plotWidth - labelWidth - 60
	width := most * part / whole
	fmt.Fprintf(svg, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", labelWidth, top, width, barHeight, colour)
	text(svg, labelWidth+width+6, top+barHeight-1, fmt.Sprintf("%d", (100*part+whole/2)/whole))
}

func text(svg *strings.Builder, x, y int, words string) {
	fmt.Fprintf(svg, `<text x="%d" y="%d">%s</text>`+"\n", x, y, escaped(words))
}

func escaped(words string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(words)) // cannot fail: writes to memory
	return b.String()
}
