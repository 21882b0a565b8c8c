package web

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"onelondon/internal/clinical"
)

// Moment parses a date or time in the extended form of ISO 8601, at the precision written. A moment with an offset is
// converted to London's clock time; one without is taken to be that already.
func Moment(written string, london *time.Location) (clinical.DateTime, bool) {
	for _, form := range []struct {
		layout    string
		precision clinical.Precision
	}{{time.RFC3339, clinical.PrecisionSecond}, {"2006-01-02T15:04:05Z0700", clinical.PrecisionSecond}, {"2006-01-02T15:04Z07:00", clinical.PrecisionMinute}} {
		if at, err := time.Parse(form.layout, written); err == nil {
			return clinical.NewDateTime(at.In(london), form.precision), true
		}
	}
	read, err := clinical.ParseDateTime(strings.Replace(written, ",", ".", 1)) // a fraction of a second may stand behind either
	return read, err == nil
}

// Decimal parses a JSON number, keeping its digits unless it has an exponent.
func Decimal(written string) (clinical.Decimal, bool) {
	if strings.ContainsAny(written, "eE") {
		number, err := strconv.ParseFloat(written, 64)
		if err != nil {
			return "", false
		}
		written = strconv.FormatFloat(number, 'f', -1, 64)
	}
	return clinical.ParseDecimal(written)
}

// mostCodings is the maximum number of further codings in a concept.
const mostCodings = 16

// Coded adds a coding to a concept: the first with a code becomes its own, later ones its translations. Text without
// any code becomes its display.
func Coded(concept *clinical.Concept, coding clinical.Coding) {
	switch {
	case coding.Code == "" && concept.Code == "":
		if concept.Display == "" {
			concept.Display = coding.Display
		}
	case coding.Code == "":
	case concept.Code == "":
		concept.Coding = coding
	case len(concept.Translations) < mostCodings:
		concept.Translations = append(concept.Translations, coding)
	}
}

// Clean makes text safe to show: valid UTF-8 without NUL.
func Clean(written string) clinical.Text {
	if !utf8.ValidString(written) {
		written = strings.ToValidUTF8(written, "\uFFFD")
	}
	return clinical.Text(strings.ReplaceAll(written, "\x00", ""))
}
