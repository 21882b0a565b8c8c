package sqlsource

import (
	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// textCell is a column of a row or a constant from the mapping; the zero value is neither.
type textCell struct {
	column int
	fixed  []byte
}

func (t *textCell) of(row [][]byte) []byte {
	if t.column == 0 {
		return t.fixed
	}
	return row[t.column]
}

// dateCell is a stored date, with what the system says about its precision.
type dateCell struct {
	how             *mapping.DateExpr // nil if there is none
	from, precision textCell
}

type codingCell struct{ system, code textCell }

// Every row of a counting statement begins with the NHS number. If there are several branches, it ends with the branch
// number.
const (
	columnPerson       = 0
	columnFirstCounted = 1
)

// eventLayout is how the rows of one branch become events.
type eventLayout struct {
	date, end    dateCell
	value, unit  textCell
	organisation textCell
	codings      []codingCell
	grouped      bool
	alone        bool // the only branch, so that column types need not match others

	dialect *Dialect
	used    aliases
	selects []string
}

func (l *eventLayout) width() int {
	if l.alone {
		return columnFirstCounted + len(l.selects)
	}
	return columnFirstCounted + len(l.selects) + 1
}

// plain writes an expression as text, without a cast if none is needed.
func (l *eventLayout) plain(e mapping.Expr) string {
	if at, isColumn := e.(*mapping.Column); isColumn && l.alone && l.dialect.Bare {
		if of := l.dialect.typeOf(at); of != typeUnknown && of != typeTruth {
			return l.dialect.column(at)
		}
	}
	return l.dialect.text(e)
}

// text selects an expression as text, unless it is a constant.
func (l *eventLayout) text(e mapping.Expr) textCell {
	switch e := e.(type) {
	case nil:
		return textCell{}
	case *mapping.Literal:
		return textCell{fixed: []byte(constant(e))}
	}
	l.used.note(e)
	return l.add(l.plain(e))
}

func (l *eventLayout) add(sql string) textCell {
	l.selects = append(l.selects, sql)
	return textCell{column: columnFirstCounted + len(l.selects) - 1}
}

// day selects a date as stored: this process parses it faster than a database converts it to ISO text.
func (l *eventLayout) day(how *mapping.DateExpr) dateCell {
	if how == nil {
		return dateCell{}
	}
	return dateCell{how: how, from: l.dated(how), precision: l.text(how.Precision)}
}

// dated selects the text of a date.
func (l *eventLayout) dated(how *mapping.DateExpr) textCell {
	_, isFixed := how.From.(*mapping.Literal)
	if isFixed || !l.dialect.Transact || how.Type != mapping.DateColumn && how.Type != mapping.DateTimeColumn {
		return l.text(how.From)
	}
	l.used.note(how.From)
	return l.add(l.dialect.moments(how.From))
}

// layEvents selects the columns that are wanted, and those that must be checked again.
func (c *counting) layEvents(alone bool) {
	l := &eventLayout{dialect: c.source.dialect, used: c.used, alone: alone}
	c.rows = l
	if c.mayGroup() {
		l.grouped = true
		c.layGrouped()
		return
	}
	wanted, fields := c.wanted.Wanted, c.set.Fields
	mark := wanted&sources.WantMark != 0
	visit := mark && sources.IsVisit(c.set.Kind)
	if wanted&(sources.WantDay|sources.WantEnd) != 0 || visit || c.bounded() {
		l.date = l.day(fields[dateField].Date)
	}
	if wanted&sources.WantEnd != 0 || visit {
		l.end = l.day(fields["end"].Date)
	}
	if wanted&sources.WantOrganisation != 0 || visit {
		l.organisation = l.text(c.source.organisation(c.set).Code)
	}
	if mark {
		l.concept(fields["code"].Concept)
	}
	if c.set.Kind == clinical.KindObservation {
		c.layNumber(mark)
	}
}

func (c *counting) layNumber(mark bool) {
	if c.wanted.Wanted&sources.WantValue != 0 || mark || !c.wanted.Value.IsZero() {
		c.rows.value = c.rows.text(c.set.Fields["value"].Value)
	}
	if mark || len(c.wanted.Value.Units) > 0 {
		c.rows.unit = c.rows.text(c.set.Fields["unit"].Value)
	}
}

func (l *eventLayout) concept(concept *mapping.ConceptExpr) {
	if concept == nil {
		return
	}
	for i := range concept.Codings {
		l.codings = append(l.codings, codingCell{l.text(concept.Codings[i].System), l.text(concept.Codings[i].Code)})
	}
}

// bounded reports whether days are bounded.
func (c *counting) bounded() bool {
	return c.wanted.From != clinical.NoDay || c.wanted.Until != clinical.NoDay
}

// mayGroup reports whether one row per person is enough. Such a row is not checked again, so the database must be able
// to apply every bound exactly.
func (c *counting) mayGroup() bool {
	d, wanted := c.source.dialect, c.wanted
	if !d.Groups || wanted.Reduce == sources.ReduceNothing || !wanted.Value.IsZero() || wanted.Wanted&^sources.WantDay != 0 {
		return false
	}
	dayless := wanted.Wanted == 0 && wanted.Reduce == sources.ReduceToAny && !c.bounded()
	return dayless || c.nativeDay() != ""
}

// layGrouped selects the person's first or last day.
func (c *counting) layGrouped() {
	day := c.nativeDay()
	if c.wanted.Wanted&sources.WantDay == 0 || day == "" {
		return
	}
	which := "MIN("
	if c.wanted.Reduce == sources.ReduceToLast {
		which = "MAX("
	}
	how := c.set.Fields[dateField].Date
	c.used.note(how.From)
	c.rows.date = dateCell{how: how, from: c.rows.add(c.source.dialect.exactMoment(which + day + ")"))}
}
