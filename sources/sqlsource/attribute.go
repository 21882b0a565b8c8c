package sqlsource

import (
	"strings"

	"onelondon/internal/condition"
	"onelondon/sources/mapping"
)

// attribute writes an attribute, other than a label, of a set's records as text, null if a record lacks it; ok is false
// if all records lack it. Dates become their first moment, so that everything compares as text, with its end marked if
// the dialect needs that.
func (s *Source) attribute(set *mapping.RecordSet, of condition.Attribute, used aliases) (sql string, ok bool) {
	switch of {
	case condition.Organisation:
		return s.filled(s.organisation(set).Code, used)
	case condition.Publisher:
		return s.filled(set.Fields["publisher"].Value, used)
	case condition.Status:
		return s.filled(set.Fields["status"].Value, used)
	case condition.Code, condition.System:
		return s.preferred(set, of, used)
	case condition.Date:
		date, ok := s.date(set, used)
		return s.dialect.ended(date), ok
	}
	return "", false
}

// filled writes text for comparison, with its end marked, and empty text as null: a record shows an empty value as
// missing.
func (s *Source) filled(e mapping.Expr, used aliases) (string, bool) {
	if e == nil {
		return "", false
	}
	used.note(e)
	return "NULLIF(" + s.dialect.ended(s.dialect.text(e)) + ", " + s.dialect.ended(s.dialect.literal("")) + ")", true
}

// date writes the first moment of the records' date.
func (s *Source) date(set *mapping.RecordSet, used aliases) (string, bool) {
	how := set.Fields[dateField].Date
	if how == nil {
		return "", false
	}
	used.note(how.From)
	if how.Precision != nil {
		used.note(how.Precision)
	}
	return s.dialect.moment(how), true
}

// preferred writes the first code that is present, or its code system.
func (s *Source) preferred(set *mapping.RecordSet, of condition.Attribute, used aliases) (string, bool) {
	concept := set.Fields["code"].Concept
	if concept == nil || len(concept.Codings) == 0 {
		return "", false
	}
	var b strings.Builder
	for i := range concept.Codings {
		coding := &concept.Codings[i]
		code, _ := s.filled(coding.Code, used)
		value := code
		if of == condition.System {
			value, _ = s.filled(coding.System, used)
		}
		b.WriteString(" WHEN " + code + " IS NOT NULL THEN " + value)
	}
	return s.dialect.exact("CASE" + b.String() + " END"), true
}
