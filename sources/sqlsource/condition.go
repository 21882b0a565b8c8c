package sqlsource

import (
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// atomPossible reports whether any record of the set can satisfy the atom.
func (b *brancher) atomPossible(atom *condition.Atom) bool {
	if holds, settled := b.settled(atom); settled {
		return holds
	}
	if _, isLabel := atom.Attribute.Label(); !isLabel {
		if _, ok := b.source.attribute(b.set, atom.Attribute, aliases{}); !ok {
			return false
		}
	}
	switch atom.Op {
	case condition.In:
		return len(comparableValues(atom)) > 0
	case condition.NotIn:
		return true
	}
	return len(atom.Values) == 1 && len(comparableValues(atom)) == 1 && operator(atom.Op) != ""
}

// satisfies decides an atom about the source, which has the same result for all of its records.
func (s *Source) satisfies(atom *condition.Atom) bool {
	record := &clinical.Condition{Meta: clinical.Meta{Source: s.id}}
	return condition.Where(condition.Clause{*atom}).Match(record)
}

// comparableValues lists the indices of constants of the attribute's own type; others equal none of its values.
func comparableValues(atom *condition.Atom) []int {
	var which []int
	for i, value := range atom.Values {
		var same bool
		switch value.Get().(type) {
		case clinical.DateTime:
			same = atom.Attribute == condition.Date
		case bool:
			_, same = atom.Attribute.Label()
		default:
			_, isLabel := atom.Attribute.Label()
			same = atom.Attribute != condition.Date && !isLabel
		}
		if same {
			which = append(which, i)
		}
	}
	return which
}

func operator(op condition.Op) string {
	switch op {
	case condition.Equal:
		return " = "
	case condition.NotEqual:
		return " <> "
	case condition.Less:
		return " < "
	case condition.LessEqual:
		return " <= "
	case condition.Greater:
		return " > "
	case condition.GreaterEqual:
		return " >= "
	}
	return ""
}

// atom writes one comparison of a possible clause.
func (b *brancher) atom(atom *condition.Atom, clause, index int) string {
	sql := b.attribute(atom)
	which := comparableValues(atom)
	if atom.Op != condition.In && atom.Op != condition.NotIn {
		return sql + operator(atom.Op) + b.bindEnded(slot{value: slotConstant, a: clause, b: index})
	}
	if len(which) == 0 {
		return sql + " IS NOT NULL"
	}
	values := make([]string, len(which))
	for i, value := range which {
		values[i] = b.bindEnded(slot{value: slotConstant, a: clause, b: index, c: value})
	}
	list := "IN (" + strings.Join(values, ", ") + ")"
	if atom.Op == condition.NotIn {
		list = "NOT " + list
	}
	return sql + " " + list
}

// attribute writes the left side of an atom of a possible clause; for a label that is not settled, '1', '0' or null.
func (b *brancher) attribute(atom *condition.Atom) string {
	label, isLabel := atom.Attribute.Label()
	if !isLabel {
		sql, _ := b.source.attribute(b.set, atom.Attribute, b.used)
		return sql
	}
	flag := b.source.label(b.set, label)
	if atom.Codes != nil {
		return b.labelByCodes(flag, atom.Codes)
	}
	b.used.note(flag)
	return b.source.dialect.ended(b.source.dialect.truthText(flag))
}

// filter writes the caller's filter.
func (b *brancher) filter() {
	asked := &b.asked.Filter
	if !asked.From.IsZero() {
		b.and(b.ranged(" >= ", slotFrom))
	}
	if !asked.Until.IsZero() {
		b.and(b.ranged(" < ", slotUntil))
	}
	if len(asked.Statuses) > 0 {
		b.and(b.statuses(len(asked.Statuses)))
	}
	if len(asked.Codes) > 0 {
		b.and(b.codes())
	}
	if asked.OfPlan {
		b.and(b.ofPlan())
	}
}

// ofPlan writes the condition that a record names a plan. Sets whose records never do have no branch.
func (b *brancher) ofPlan() string {
	plan, _ := b.source.filled(b.set.Fields[planField].Value, b.used)
	return plan + " IS NOT NULL"
}

const planField = "planId"

func (b *brancher) ranged(op string, value slotValue) string {
	date, dated := b.source.date(b.set, b.used)
	if !dated {
		return b.source.dialect.no()
	}
	return date + op + b.bind(slot{value: value})
}

func (b *brancher) statuses(count int) string {
	status, ok := b.source.filled(b.set.Fields["status"].Value, b.used)
	if !ok {
		return b.source.dialect.no()
	}
	values := make([]string, count)
	for i := range values {
		values[i] = b.bindEnded(slot{value: slotStatus, a: i})
	}
	return status + " IN (" + strings.Join(values, ", ") + ")"
}

// codes looks for any of the codes in every coding, with the codes of each system in one list.
func (b *brancher) codes() string {
	concept := b.set.Fields["code"].Concept
	if concept == nil {
		return b.source.dialect.no()
	}
	var either []string
	for i := range concept.Codings {
		coding := &concept.Codings[i]
		code, _ := b.source.filled(coding.Code, b.used)
		for first, asked := range b.asked.Filter.Codes {
			if firstOf(b.asked.Filter.Codes, asked.System) == first {
				either = append(either, b.inSystem(coding, code, first))
			}
		}
	}
	if len(either) == 0 {
		return b.source.dialect.no()
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// inSystem looks for the codes that are in the same system as the first one.
func (b *brancher) inSystem(coding *mapping.CodingExpr, code string, first int) string {
	system := b.asked.Filter.Codes[first].System
	if system == "" {
		return code + " IN (" + b.codesOf(system) + ")"
	}
	b.used.note(coding.System)
	of := b.source.dialect.ended(b.source.dialect.text(coding.System)) + " = " + b.bindEnded(slot{value: slotSystem, a: first})
	return "(" + of + " AND " + code + " IN (" + b.codesOf(system) + "))"
}

// firstOf is the index of the first code in a system. Which codes share a system is part of a query's shape.
func firstOf(codes []sources.Code, system clinical.CodeSystem) int {
	for i := range codes {
		if codes[i].System == system {
			return i
		}
	}
	return -1
}

func (b *brancher) codesOf(system clinical.CodeSystem) string {
	codes := b.asked.Filter.Codes
	if b.source.dialect.Transact && len(codes) > mostPlaces {
		return b.source.dialect.within(b.bind(slot{value: slotCodes, a: firstOf(codes, system)}))
	}
	var values []string
	for i, code := range b.asked.Filter.Codes {
		if code.System == system {
			values = append(values, b.bindEnded(slot{value: slotCode, a: i}))
		}
	}
	return strings.Join(values, ", ")
}
