package sqlsource

import (
	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
)

// role says what a column means for the record in its row.
type role uint8

const (
	roleText role = iota
	roleDate
	roleDecimal
	roleStatus
	roleClass
	roleGender
	roleConceptText
	roleCodingSystem
	roleCodingCode
	roleCodingDisplay
	roleOrganisation
	roleOrganisationName
	roleLabel
	roleNumber // the NHS number in a registration
)

// cell is one column of a branch, or a constant from the mapping.
type cell struct {
	role   role
	field  *clinical.Field
	coding int            // index of the coding in a concept
	label  clinical.Label // the label
	column int            // position in the row; 0 for a constant
	fixed  string         // the constant
	words  bool           // text may be read instead of a number
}

// Every row begins with its branch number and the identifier of its record.
const (
	columnBranch = iota
	columnID
	columnFirst
)

// layout is how the rows of one branch become records.
type layout struct {
	part       int
	kind       *clinical.Descriptor
	cells      []cell
	dateColumn int // position of a date that is read for ordering only; 0 if there is none
	codings    int // maximum number of codings in a concept of the branch
	words      bool

	number  mapping.NumberFormat
	dialect *Dialect
	used    aliases
	selects []string
}

// add selects an expression unless it is a constant.
func (l *layout) add(c cell, e mapping.Expr, sql func(mapping.Expr) string) {
	if fixed, ok := e.(*mapping.Literal); ok {
		c.fixed = constant(fixed)
		l.cells = append(l.cells, c)
		return
	}
	l.used.note(e)
	c.column = columnFirst + len(l.selects)
	l.selects = append(l.selects, sql(e))
	l.cells = append(l.cells, c)
}

// lay selects the requested fields of a set, and what every record has.
func (s *Source) lay(part int, set *mapping.RecordSet, fields clinical.FieldSet, dated bool) *layout {
	l := &layout{part: part, kind: set.Kind.Descriptor(), dialect: s.dialect, used: aliases{}, number: s.mapping.Person.Format}
	if set.Kind == clinical.KindRegistration {
		l.add(cell{role: roleNumber}, s.mapping.Person.NHSNumber, s.dialect.text)
	}
	organisation := s.organisation(set)
	if organisation.Code != nil {
		l.add(cell{role: roleOrganisation}, organisation.Code, s.dialect.text)
	}
	if organisation.Name != nil {
		l.add(cell{role: roleOrganisationName}, organisation.Name, s.dialect.text)
	}
	for _, label := range clinical.Labels() {
		if e := s.label(set, label); e != nil {
			l.add(cell{role: roleLabel, label: label}, e, s.dialect.said)
		}
	}
	for i := range l.kind.Fields {
		field := &l.kind.Fields[i]
		if how, mapped := set.Fields[field.Name]; mapped && fields.Has(field.Bit) {
			l.words = fields.Has(l.kind.Set("valueText"))
			l.field(field, how)
		}
	}
	l.order(set, dated)
	return l
}

// order reads the date even if it was not requested, when the rows of several branches must be merged.
func (l *layout) order(set *mapping.RecordSet, dated bool) {
	for i := range l.cells {
		if l.cells[i].field != nil && l.cells[i].field.Name == dateField {
			return
		}
	}
	if how, mapped := set.Fields[dateField]; dated && mapped && how.Date != nil {
		l.dateColumn = columnFirst + len(l.selects)
		l.useDate(how.Date)
		l.selects = append(l.selects, l.dialect.date(how.Date))
	}
}

const dateField = "date"

func (l *layout) useDate(e *mapping.DateExpr) {
	l.used.note(e.From)
	if e.Precision != nil {
		l.used.note(e.Precision)
	}
}

func (l *layout) field(field *clinical.Field, how mapping.FieldExpr) {
	switch {
	case how.Date != nil:
		l.useDate(how.Date)
		l.cells = append(l.cells, cell{role: roleDate, field: field, column: columnFirst + len(l.selects)})
		l.selects = append(l.selects, l.dialect.date(how.Date))
	case how.Concept != nil:
		l.concept(field, how.Concept)
	case how.Value != nil:
		of := cell{role: roleOf(field.Type), field: field, words: l.words}
		if of.role == roleText {
			l.add(of, how.Value, l.dialect.shown)
			return
		}
		l.add(of, how.Value, l.dialect.text)
	}
}

func roleOf(t clinical.FieldType) role {
	switch t {
	case clinical.TypeDecimal:
		return roleDecimal
	case clinical.TypeStatus:
		return roleStatus
	case clinical.TypeClass:
		return roleClass
	case clinical.TypeGender:
		return roleGender
	case clinical.TypeDateTime:
		return roleDate
	}
	return roleText
}

// concept selects every coding; which one is preferred depends on the row.
func (l *layout) concept(field *clinical.Field, how *mapping.ConceptExpr) {
	for i, coding := range how.Codings {
		for _, piece := range [...]struct {
			role role
			expr mapping.Expr
		}{{roleCodingSystem, coding.System}, {roleCodingCode, coding.Code}, {roleCodingDisplay, coding.Display}} {
			if piece.expr != nil {
				l.add(cell{role: piece.role, field: field, coding: i}, piece.expr, l.dialect.text)
			}
		}
	}
	l.codings = max(l.codings, len(how.Codings))
	if how.Text != nil {
		l.add(cell{role: roleConceptText, field: field}, how.Text, l.dialect.shown)
	}
}

// organisation is the set's own if it has one, else the person's.
func (s *Source) organisation(set *mapping.RecordSet) mapping.Organisation {
	if set.Organisation.Code != nil {
		return set.Organisation
	}
	return s.mapping.Person.Organisation
}

// label is the expression that says whether a record of the set carries the label; nil if there is none. A flag of the
// person applies to each of their records.
func (s *Source) label(set *mapping.RecordSet, label clinical.Label) mapping.Expr {
	if e, ok := set.Labels[label]; ok && e != nil {
		return e
	}
	if label == clinical.LabelSensitive {
		return s.mapping.Person.Sensitive
	}
	return nil
}
