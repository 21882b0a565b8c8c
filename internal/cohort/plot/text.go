package plot

import (
	"image/color"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// lettering is a style of text, placed by its upper left corner.
func lettering(size vg.Length, colour color.Color) text.Style {
	return text.Style{Color: colour, XAlign: draw.XLeft, YAlign: draw.YTop, Handler: text.Plain{Fonts: font.DefaultCache},
		Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}}
}

func bold(style text.Style) text.Style {
	style.Font.Weight = xfont.WeightBold
	return style
}

// lineHeight is how far lines of a style are apart.
func lineHeight(style text.Style) vg.Length { return style.Font.Size * 1.3 }

// folded breaks a text into lines no wider than so much.
func folded(style text.Style, paragraph string, width vg.Length) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(paragraph) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && style.Width(longer) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// shortened cuts a text to a width.
func shortened(style text.Style, label string, width vg.Length) string {
	letters := []rune(label)
	for n := len(letters); n > 1; n-- {
		cut := label
		if n < len(letters) {
			cut = strings.TrimSpace(string(letters[:n])) + "…"
		}
		if style.Width(cut) <= width {
			return cut
		}
	}
	return label
}

// capital writes a text with a capital letter, as a head begins.
func capital(label string) string {
	if label == "" {
		return ""
	}
	return strings.ToUpper(label[:1]) + label[1:]
}
