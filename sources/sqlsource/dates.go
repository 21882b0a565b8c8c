package sqlsource

import (
	"maps"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
)

// date writes a date as ISO text at its precision, such as 2019, 2019-04 or 2019-04-03 10:22:00, and null where it is missing.
// Text that is no date comes through as it is: the row is then rejected and counted, and not passed over.
func (d *Dialect) date(e *mapping.DateExpr) string {
	date := d.isoDate(e)
	if len(e.Missing) > 0 {
		days := make([]string, len(e.Missing))
		for i, day := range e.Missing {
			days[i] = literal(day)
		}
		date = d.exact("CASE WHEN SUBSTR(" + date + ", 1, 10) IN (" + strings.Join(days, ", ") + ") THEN NULL ELSE " + date + " END")
	}
	if e.Precision == nil {
		return date
	}
	return d.cut(e, date)
}

func (d *Dialect) isoDate(e *mapping.DateExpr) string {
	text := d.text(e.From)
	stored := "NULLIF(" + d.exact("TRIM("+text+")") + ", '')"
	part := func(from, length string) string { return "SUBSTR(" + stored + ", " + from + ", " + length + ")" }
	switch e.Type {
	case mapping.DateColumn:
		return "SUBSTR(NULLIF(" + text + ", ''), 1, 10)"
	case mapping.DateUK:
		return d.exact(part("7", "4") + " || '-' || " + part("4", "2") + " || '-' || " + part("1", "2") + " || " + part("11", "12"))
	case mapping.DateCompact:
		return d.exact(part("1", "4") + " || '-' || " + part("5", "2") + " || '-' || " + part("7", "12"))
	case mapping.DateISO:
		return "REPLACE(" + stored + ", 'T', ' ')"
	}
	return "REPLACE(SUBSTR(NULLIF(" + text + ", ''), 1, 19), 'T', ' ')"
}

// cut shortens a date to what the system says is known of it.
func (d *Dialect) cut(e *mapping.DateExpr, date string) string {
	lengths := map[clinical.Precision]string{
		clinical.PrecisionYear: "4", clinical.PrecisionMonth: "7", clinical.PrecisionDay: "10", clinical.PrecisionMinute: "16",
		clinical.PrecisionSecond: "19",
	}
	said := d.text(e.Precision)
	var b strings.Builder
	b.WriteString("CASE")
	for _, word := range slices.Sorted(maps.Keys(e.Precisions)) {
		b.WriteString(" WHEN " + said + " = " + literal(word) + " THEN ")
		if length, ok := lengths[e.Precisions[word]]; ok {
			b.WriteString("SUBSTR(" + date + ", 1, " + length + ")")
		} else {
			b.WriteString("NULL")
		}
	}
	if len(e.Precisions) == 0 {
		return date
	}
	return d.exact(b.String() + " ELSE " + date + " END")
}
