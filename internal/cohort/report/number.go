package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"onelondon/internal/cohort"
)

// Number writes a number for people: thousands apart, and at most two digits after the point.
func Number(value float64) string {
	text := strconv.FormatFloat(math.Round(value*100)/100, 'f', -1, 64)
	integer, rest, fraction := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	for at := len(integer) - 3; at > 0; at -= 3 {
		integer = integer[:at] + "," + integer[at:]
	}
	if fraction {
		integer += "." + rest
	}
	if strings.HasPrefix(text, "-") {
		return "-" + integer
	}
	return integer
}

func grouped(count int) string { return Number(float64(count)) }

func toWhole(value float64) int64 { return int64(math.Round(value)) }

// Text writes a figure for people: a number, a median with its quartiles, or the mark that it may not be shown.
func Text(measure cohort.Measure, figure cohort.Figure) string {
	if !figure.Shown {
		return cohort.Redacted
	}
	if measure.Kind == cohort.MeasureQuartiles {
		return fmt.Sprintf("%s (%s to %s)", Number(figure.Number), Number(figure.Lower), Number(figure.Upper))
	}
	return Number(figure.Number)
}

// howMany says a number of things: "1 source", "2 sources".
func howMany(count int, thing string) string {
	if count == 1 {
		return "1 " + thing
	}
	return grouped(count) + " " + thing + "s"
}
