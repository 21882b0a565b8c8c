package sqlsource

import (
	"maps"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
)

// stored is a stored date in the pieces from which SQL is built. Each piece contains the stored text as few times as
// possible, because these expressions are the main cost of a statement.
type stored struct {
	text   string // as stored, trimmed
	unless string // a CASE, up to its ELSE, that yields null if the stored text means "missing"
	iso    string // as ISO text, followed by whatever the system stored after it
	full   string // as ISO text completed to 19 characters
	length string // how many characters of it are known; "" for all
}

// date writes a date as ISO text at its precision, such as 2019, 2019-04 or 2019-04-03 10:22:00, or null if it is
// missing. Text that is not a date passes through unchanged, so that the row is rejected and counted instead of
// silently ignored.
func (d *Dialect) date(e *mapping.DateExpr) string {
	s := d.stored(e)
	if s.length == "" {
		return s.unless + s.iso + " END"
	}
	return s.unless + d.sub(s.iso, "1", s.length) + " END"
}

// moment writes the first moment of a date as text of 19 characters, or null if it is missing.
func (d *Dialect) moment(e *mapping.DateExpr) string {
	s := d.stored(e)
	if s.length == "" {
		return s.unless + s.full + " END"
	}
	return s.unless + d.joined(d.sub(s.full, "1", s.length), d.rest(d.literal(firstMoment), s.length+" + 1")) + " END"
}

// firstMoment completes a partial date to the first moment it covers.
const firstMoment = "0000-01-01 00:00:00"

func (d *Dialect) stored(e *mapping.DateExpr) stored {
	text := d.text(e.From)
	if e.Type == mapping.DateColumn || e.Type == mapping.DateTimeColumn {
		text = d.moments(e.From)
	}
	s := stored{text: text}
	part := func(from, length string) string { return d.sub(s.text, from, length) }
	day, length := "10", d.length(text)
	switch e.Type {
	case mapping.DateColumn:
		s.iso = part("1", "10")
		s.full = d.joined(s.iso, d.literal(" 00:00:00"))
	case mapping.DateUK:
		s.text = d.trim(text)
		s.iso = d.joined(part("7", "4"), d.literal("-"), part("4", "2"), d.literal("-"), part("1", "2"), part("11", "12"))
		length = d.length(s.text)
	case mapping.DateCompact:
		s.text, day = d.trim(text), "8"
		s.iso = d.joined(part("1", "4"), d.literal("-"), part("5", "2"), d.literal("-"), part("7", "12"))
		length = d.length(s.text) + " + 2"
	case mapping.DateISO:
		s.text = d.trim(text)
		s.iso = d.spaced(s.text)
		length = d.length(s.text)
	default:
		s.iso = d.spaced(part("1", "19"))
	}
	if s.full == "" {
		s.full = d.sub(d.joined(s.iso, d.rest(d.literal(firstMoment), length+" + 1")), "1", "19")
	}
	s.unless = "CASE " + d.ended(part("1", day))
	for _, missing := range missingDays(e) {
		s.unless += " WHEN " + d.ended(d.literal(missing)) + " THEN NULL"
	}
	s.unless += " ELSE "
	s.length = d.known(e)
	return s
}

// missingDays lists the days that mean "missing", in the system's format.
func missingDays(e *mapping.DateExpr) []string {
	days := []string{""}
	for _, day := range e.Missing {
		if len(day) != 10 {
			continue
		}
		switch e.Type {
		case mapping.DateUK:
			day = day[8:] + "/" + day[5:7] + "/" + day[:4]
		case mapping.DateCompact:
			day = day[:4] + day[5:7] + day[8:]
		}
		days = append(days, day)
	}
	return days
}

// everyCharacter exceeds the length of any date.
const everyCharacter = "40"

// known writes how many characters of the date the system says are known, or null if none.
func (d *Dialect) known(e *mapping.DateExpr) string {
	if e.Precision == nil || len(e.Precisions) == 0 {
		return ""
	}
	lengths := map[clinical.Precision]string{
		clinical.PrecisionYear: "4", clinical.PrecisionMonth: "7", clinical.PrecisionDay: "10", clinical.PrecisionMinute: "16",
		clinical.PrecisionSecond: "19",
	}
	said := d.text(e.Precision)
	var b strings.Builder
	b.WriteString("CASE " + d.ended(said))
	for _, word := range slices.Sorted(maps.Keys(e.Precisions)) {
		length, ok := lengths[e.Precisions[word]]
		if !ok {
			length = "NULL"
		}
		b.WriteString(" WHEN " + d.ended(d.literal(word)) + " THEN " + length)
	}
	return b.String() + " ELSE " + everyCharacter + " END"
}
