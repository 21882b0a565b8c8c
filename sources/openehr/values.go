package openehr

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
)

// moment reads a date or time of ISO 8601 at the precision written, in its extended form. A moment with an offset becomes what clocks
// in London showed; one without is taken as such.
func moment(written string, london *time.Location) (clinical.DateTime, bool) {
	for _, form := range []struct {
		layout    string
		precision clinical.Precision
	}{{time.RFC3339, clinical.PrecisionSecond}, {"2006-01-02T15:04:05Z0700", clinical.PrecisionSecond}, {"2006-01-02T15:04Z07:00", clinical.PrecisionMinute}} {
		if at, err := time.Parse(form.layout, written); err == nil {
			return clinical.NewDateTime(at.In(london), form.precision), true
		}
	}
	written = strings.Replace(written, ",", ".", 1) // a fraction of a second may stand behind either
	read, err := clinical.ParseDateTime(written)
	return read, err == nil
}

// date reads a date as the mapping says.
func (d *decoder) date(r *row, e *mapping.DateExpr) (clinical.DateTime, bool) {
	written := strings.TrimSpace(textOf(r.value(e.From)))
	if written == "" || slices.Contains(e.Missing, written[:min(len(written), len("2006-01-02"))]) {
		return clinical.DateTime{}, true
	}
	read, ok := moment(written, d.london)
	if !ok {
		return clinical.DateTime{}, false
	}
	if e.Type == mapping.DateColumn {
		read = read.Cut(clinical.PrecisionDay)
	}
	if e.Precision != nil {
		precision, known := e.Precisions[textOf(r.value(e.Precision))]
		if !known || precision == clinical.PrecisionNone {
			return clinical.DateTime{}, true
		}
		read = read.Cut(precision)
	}
	return read, true
}

// decimal reads a number, keeping its digits where there is no exponent.
func decimal(written string) (clinical.Decimal, bool) {
	if strings.ContainsAny(written, "eE") {
		if exponent, err := strconv.ParseFloat(written, 64); err == nil {
			written = strconv.FormatFloat(exponent, 'f', -1, 64)
		}
	}
	return clinical.ParseDecimal(written)
}

// mostCodings is how many codings of a concept are kept beside the first.
const mostCodings = 16

// concept reads a concept: the first coding with a code is its own, the others with one stand beside it. Words without any code are
// kept as its display.
func concept(r *row, e *mapping.ConceptExpr) clinical.Concept {
	read := clinical.Concept{Text: text(r, e.Text)}
	var words clinical.Text
	for i := range e.Codings {
		coding := &e.Codings[i]
		one := clinical.Coding{System: clinical.CodeSystem(text(r, coding.System)), Code: text(r, coding.Code), Display: text(r, coding.Display)}
		if words == "" {
			words = one.Display
		}
		switch {
		case one.Code == "":
		case read.Code == "":
			read.Coding = one
		case len(read.Translations) < mostCodings:
			read.Translations = append(read.Translations, one)
		}
	}
	if read.Code == "" {
		read.Display = words
	}
	return read
}

func text(r *row, expr mapping.Expr) clinical.Text {
	if expr == nil {
		return ""
	}
	return clean(textOf(r.value(expr)))
}

// clean makes text safe to show: valid UTF-8 without NUL.
func clean(written string) clinical.Text {
	if !utf8.ValidString(written) {
		written = strings.ToValidUTF8(written, "\uFFFD")
	}
	return clinical.Text(strings.ReplaceAll(written, "\x00", ""))
}
