package sqlsource

import (
	"math"
	"strconv"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
)

// days keeps rows within the bounds on the day, as far as the column can tell. A day that the mapping's rules complete,
// truncate or declare missing is checked again when the row is read.
func (c *counting) days() {
	from, until := c.wanted.From, c.wanted.Until
	if !c.bounded() {
		return
	}
	how := c.set.Fields[dateField].Date
	if how == nil {
		c.and(map[bool]string{true: "", false: c.source.dialect.no()}[c.wanted.Undated])
		return
	}
	of, write := c.comparable(how)
	var both []string
	if from != clinical.NoDay {
		both = append(both, of+" >= "+write(from))
	}
	if until != clinical.NoDay {
		both = append(both, of+" < "+write(after(until, how.Precision != nil)))
	}
	bounded := strings.Join(both, " AND ")
	if c.wanted.Undated {
		bounded = "(" + bounded + " OR " + c.undated(how) + " IS NULL)"
	}
	c.and(bounded)
}

// undated writes an expression that is null if there is no date.
func (c *counting) undated(how *mapping.DateExpr) string {
	if day := c.nativeDay(); day != "" {
		return day
	}
	if how.Precision != nil {
		c.used.note(how.Precision)
	}
	return c.source.dialect.date(how)
}

// after is the first stored day that certainly lies after until. A system that records precision separately may store
// any day of the year.
func after(until clinical.Day, imprecise bool) clinical.Day {
	if imprecise {
		return clinical.DayOf(until.Time().AddDate(0, 0, 1-until.Time().YearDay()).AddDate(1, 0, 0))
	}
	return until + 1
}

// comparable writes the expression to compare for a date, and a function that binds a day in the same form.
func (c *counting) comparable(how *mapping.DateExpr) (of string, write func(clinical.Day) string) {
	d := c.source.dialect
	c.used.note(how.From)
	short := func(day clinical.Day) string { return c.give(shortDay(day)) }
	switch stored := c.typeOf(how.From); {
	case stored == typeDay || stored == typeMoment:
		return d.operand(how.From), func(day clinical.Day) string { return d.asDay(c.give(day.String())) }
	case how.Type == mapping.DateColumn || how.Type == mapping.DateTimeColumn:
		if stored == typeText && !d.Typed {
			return d.operand(how.From), short
		}
		return d.moments(how.From), short
	case how.Type == mapping.DateISO:
		return d.trim(d.text(how.From)), short
	}
	if how.Precision != nil {
		c.used.note(how.Precision)
	}
	return d.moment(how), func(day clinical.Day) string { return c.give(day.String() + " 00:00:00") }
}

// shortDay shortens a day so that stored text with only a year or a month compares like its first day: the first of a
// year sorts between the previous year and this one. The year alone does not work, since SQLite may convert it to a
// number.
func shortDay(day clinical.Day) string {
	text := strings.TrimSuffix(day.String(), "-01")
	if strings.HasSuffix(text, "-01") && len(text) == len("2006-01") {
		return clinical.DayOf(day.Time().AddDate(-1, 0, 0)).String()[:len("2006")] + "-99"
	}
	return text
}

// values keeps rows within the bounds on the number, as far as a database can tell; the rows are checked again.
func (c *counting) values() {
	bounds := &c.wanted.Value
	if bounds.IsZero() {
		return
	}
	number := c.set.Fields["value"].Value
	if number == nil || c.set.Kind != clinical.KindObservation {
		c.and(c.source.dialect.no())
		return
	}
	of := c.number(number)
	for _, low := range []*float64{bounds.Over, bounds.AtLeast} {
		c.bound(of, " >= ", low, -1)
	}
	for _, high := range []*float64{bounds.Below, bounds.AtMost} {
		c.bound(of, " <= ", high, 1)
	}
	c.units()
}

// number writes an expression as a number.
func (c *counting) number(e mapping.Expr) string {
	c.used.note(e)
	if of := c.typeOf(e); of == typeNumber || of == typeWhole {
		return c.source.dialect.operand(e)
	}
	return strings.ReplaceAll(c.source.dialect.Number, "%", c.source.dialect.text(e))
}

// bound widens a bound to allow for databases that round numbers differently from this process.
func (c *counting) bound(of, op string, limit *float64, way float64) {
	if limit == nil || math.IsNaN(*limit) || math.IsInf(*limit, 0) {
		return
	}
	const room = 1e-12
	text := strconv.FormatFloat(*limit+way*math.Abs(*limit)*room, 'g', -1, 64)
	c.and(of + op + "CAST(" + c.give(text) + " AS " + c.source.dialect.Double + ")")
}

func (c *counting) units() {
	if len(c.wanted.Value.Units) == 0 {
		return
	}
	d := c.source.dialect
	unit, ok := c.source.filled(c.set.Fields["unit"].Value, c.used)
	if !ok {
		unit = d.ended(d.literal(""))
	}
	places := make([]string, len(c.wanted.Value.Units))
	for i, one := range c.wanted.Value.Units {
		places[i] = "LOWER(" + d.ended(d.exact(c.give(string(one)))) + ")"
	}
	c.and("LOWER(" + d.orElse(unit, d.ended(d.literal(""))) + ") IN (" + strings.Join(places, ", ") + ")")
}

// reduce writes the GROUP BY for a branch that returns one row per person, and aggregates the day to the first or last;
// "" if every row is needed.
func (c *counting) reduce() string {
	if !c.rows.grouped {
		return ""
	}
	d := c.source.dialect
	if day := c.nativeDay(); day != "" && (c.bounded() || c.rows.date.how != nil) {
		c.used.note(c.set.Fields[dateField].Date.From)
		column := d.operand(c.set.Fields[dateField].Date.From)
		if !d.Transact { // whose types hold no other days
			c.and("(" + column + " IS NULL OR " + column + " BETWEEN '0001-01-01' AND '9999-12-31')")
		}
		if c.bounded() && !c.wanted.Undated {
			c.and(day + " IS NOT NULL")
		}
	}
	return " GROUP BY " + d.operand(c.source.mapping.Person.NHSNumber)
}

// nativeDay writes the date if the column holds only whole days or moments, with days that mean "missing" as null; ""
// for other columns.
func (c *counting) nativeDay() string {
	how := c.set.Fields[dateField].Date
	if how == nil || how.Precision != nil || c.typeOf(how.From) != typeDay && c.typeOf(how.From) != typeMoment {
		return ""
	}
	of := c.source.dialect.operand(how.From)
	var missing []string
	for _, text := range how.Missing {
		if day, err := clinical.ParseDay(text); err == nil {
			missing = append(missing, c.source.dialect.onDay(of, day))
		}
	}
	if len(missing) == 0 {
		return of
	}
	return "CASE WHEN " + strings.Join(missing, " OR ") + " THEN NULL ELSE " + of + " END"
}
