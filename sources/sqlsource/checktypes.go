package sqlsource

import (
	"context"
	"fmt"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// checkTypes compares what the mapping reads from a column with the column's type. It has nothing to say about a
// database whose columns take any value.
func (s *Source) checkTypes(ctx context.Context) []sources.Finding {
	types := s.columnTypes(ctx)
	if types == nil {
		return nil
	}
	c := &typeCheck{said: map[string]bool{}}
	for _, kind := range clinical.Kinds() {
		for i := range s.mapping.Records[kind] {
			set := &s.mapping.Records[kind][i]
			c.typeOf = s.knowing(types, set).dialect.typeOf
			c.set(set)
		}
	}
	if len(s.mapping.Records[clinical.KindRegistration]) > 0 {
		c.typeOf = s.knowing(types, &s.mapping.Records[clinical.KindRegistration][0]).dialect.typeOf
		c.person(&s.mapping.Person)
	}
	return c.findings
}

type typeCheck struct {
	typeOf   func(*mapping.Column) columnType
	said     map[string]bool
	findings []sources.Finding
}

func (c *typeCheck) say(f sources.Finding) {
	if key := fmt.Sprint(f.Line, f.Message); !c.said[key] {
		c.said[key] = true
		c.findings = append(c.findings, f)
	}
}

func (c *typeCheck) person(p *mapping.Person) {
	for _, join := range p.Joins {
		c.compared(join.On)
	}
	c.compared(p.Where)
	at, direct := p.NHSNumber.(*mapping.Column)
	if !direct {
		return
	}
	switch typ := c.typeOf(at); {
	case p.Format == mapping.NumberNumeric && typ == typeText:
		c.say(warning(sources.MatterTypes, p.Line, fmt.Sprintf("nhs_number has format numeric, and column %s is text", at.Name), "write format: plain, or spaced"))
	case p.Format != mapping.NumberNumeric && (typ == typeWhole || typ == typeNumber):
		c.say(warning(sources.MatterTypes, p.Line, fmt.Sprintf("column %s of NHS numbers is a number, and the format is not numeric", at.Name), "write nhs_number: {from: ..., format: numeric}"))
	case typ == typeDay || typ == typeMoment || typ == typeTruth:
		c.say(fault(sources.MatterTypes, p.Line, fmt.Sprintf("column %s cannot hold NHS numbers: it is %s", at.Name, typ), "name the column that holds them"))
	}
}

func (c *typeCheck) set(set *mapping.RecordSet) {
	for _, join := range set.Joins {
		c.compared(join.On)
	}
	c.compared(set.Person)
	c.compared(set.Where)
	for _, name := range sortedNames(set.Fields) {
		field := set.Fields[name]
		if field.Date != nil {
			c.date(name, field.Line, field.Date)
		}
		known, _ := set.Kind.Descriptor().Field(name)
		if at, direct := field.Value.(*mapping.Column); direct && known.Type == clinical.TypeDecimal {
			if typ := c.typeOf(at); typ == typeDay || typ == typeMoment || typ == typeTruth {
				c.say(fault(sources.MatterTypes, field.Line, fmt.Sprintf("%s is a number, and column %s is %s", name, at.Name, typ), "name a column of numbers"))
			}
		}
	}
}

func (c *typeCheck) date(name string, line int, d *mapping.DateExpr) {
	at, direct := d.From.(*mapping.Column)
	if !direct {
		return
	}
	switch typ := c.typeOf(at); {
	case typ == typeTruth, typ == typeNumber, typ == typeWhole && d.Type != mapping.DateCompact:
		c.say(fault(sources.MatterTypes, line, fmt.Sprintf("%s is a date, and column %s is %s", name, at.Name, typ), "name a column of dates; whole numbers such as 20260131 are type: compact"))
	case (typ == typeDay || typ == typeMoment) && (d.Type == mapping.DateUK || d.Type == mapping.DateCompact):
		c.say(fault(sources.MatterTypes, line, fmt.Sprintf("%s is read as text of type %s, and column %s is %s", name, d.Type, at.Name, typ), "leave the type out, or write datetime"))
	}
}

// compared finds comparisons between columns of different types, for which no index is used.
func (c *typeCheck) compared(e mapping.Expr) {
	switch typed := e.(type) {
	case *mapping.Logic:
		for _, part := range typed.Parts {
			c.compared(part)
		}
	case *mapping.Not:
		c.compared(typed.Of)
	case *mapping.Compare:
		left, isLeft := typed.Left.(*mapping.Column)
		right, isRight := typed.Right.(*mapping.Column)
		if !isLeft || !isRight {
			return
		}
		if one, other := c.typeOf(left), c.typeOf(right); sort(one) != sort(other) && one != typeUnknown && other != typeUnknown {
			c.say(warning(sources.MatterTypes, left.Line, fmt.Sprintf("%s is compared with %s, and one is %s, the other %s", left, right, one, other),
				"have both of one type: what is compared as text reaches no row by an index"))
		}
	}
}

// sort groups types that can be compared with each other directly.
func sort(t columnType) columnType {
	switch t {
	case typeNumber:
		return typeWhole
	case typeMoment:
		return typeDay
	}
	return t
}

// String describes what a type holds.
func (t columnType) String() string {
	return [...]string{"of no known type", "text", "whole numbers", "numbers", "days", "moments", "true or false"}[t]
}
