package openehr

import (
	"fmt"
	"maps"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/openehr/aql"
)

// selection is a query over one set of records, with the columns that some fields need.
type selection struct {
	plan   *plan
	set    *set
	fields clinical.FieldSet
	query  aql.Query
	place  map[string]int // of a path among the columns
	values map[string]any // of the parameters
	added  []string       // what of a question was added, by name
}

// The columns that every selection begins with.
const (
	columnEHR = iota
	columnNumber
	columnQueryable
)

// mostSelections is how many selections are kept.
const mostSelections = 256

// selecting is a query that selects just what the fields need, to be narrowed to some people.
func (p *plan) selecting(s *set, fields clinical.FieldSet) *selection {
	key := selectionKey{s, fields}
	p.mu.Lock()
	defer p.mu.Unlock()
	kept := p.made[key]
	if kept == nil {
		kept = p.drawn(s, fields)
		if len(p.made) >= mostSelections {
			clear(p.made)
		}
		if !s.bare { // which is made anew each time
			p.made[key] = kept
		}
	}
	made := *kept
	made.values = maps.Clone(kept.values)
	if kept.query.Where != nil {
		where := *kept.query.Where
		where.Parts = slices.Clone(where.Parts)
		made.query.Where = &where
	}
	return &made
}

// drawn makes a selection.
func (p *plan) drawn(s *set, fields clinical.FieldSet) *selection {
	made := &selection{plan: p, set: s, fields: fields, place: map[string]int{}, values: map[string]any{}, query: aql.Query{From: s.from}}
	ehr := p.mapping.Person.From.Alias
	made.column(path(ehr, "ehr_id", "value"))
	made.column(p.number)
	made.column(path(ehr, "ehr_status", "is_queryable"))
	person := &p.mapping.Person
	made.needs(person.Where, person.Organisation.Code, person.Registered, person.Sensitive, s.Where, s.ID, s.Organisation.Code, s.Organisation.Name)
	for _, label := range s.Labels {
		made.needs(label)
	}
	descriptor := s.Kind.Descriptor()
	for i := range descriptor.Fields {
		field, held := s.Fields[descriptor.Fields[i].Name]
		if held && fields.Has(descriptor.Fields[i].Bit) {
			made.needs(exprsOf(&field)...)
		}
	}
	var conditions []aql.Condition
	for _, expr := range []mapping.Expr{person.Where, s.Where} {
		conditions = made.pushed(expr, conditions)
	}
	if len(conditions) > 0 {
		made.query.Where = &aql.Condition{Op: aql.And, Parts: conditions}
	}
	return made
}

func path(variable string, attributes ...string) aql.Path {
	p := aql.Path{Variable: variable}
	for _, attribute := range attributes {
		p.Steps = append(p.Steps, aql.Step{Attribute: attribute})
	}
	return p
}

// column adds a column, once.
func (s *selection) column(p aql.Path) {
	key := p.String()
	if _, already := s.place[key]; !already {
		s.place[key] = len(s.query.Select)
		s.query.Select = append(s.query.Select, aql.Item{Path: p, As: fmt.Sprintf("v%d", len(s.query.Select))})
	}
}

func (s *selection) needs(exprs ...mapping.Expr) {
	for _, expr := range exprs {
		walk(expr, func(column *mapping.NodePath) {
			s.column(s.plan.paths[column.String()])
		})
	}
}

// pushed adds the parts of a condition that the server may check already: that a path is a text, or one of several. All of it is
// checked again here.
func (s *selection) pushed(expr mapping.Expr, into []aql.Condition) []aql.Condition {
	switch e := expr.(type) {
	case *mapping.Logic:
		if e.Op == "and" {
			for _, part := range e.Parts {
				into = s.pushed(part, into)
			}
		}
	case *mapping.Compare:
		column, isColumn := e.Left.(*mapping.NodePath)
		literal, isLiteral := e.Right.(*mapping.Literal)
		if e.Op == "=" && isColumn && isLiteral {
			into = s.oneOf(column, []mapping.Literal{*literal}, into)
		}
	case *mapping.InList:
		if column, ok := e.Of.(*mapping.NodePath); ok && !e.Negate {
			into = s.oneOf(column, e.Values, into)
		}
	}
	return into
}

func (s *selection) oneOf(column *mapping.NodePath, literals []mapping.Literal, into []aql.Condition) []aql.Condition {
	var values []aql.Value
	for i := range literals {
		text, ok := literals[i].Value.(string)
		if !ok {
			return into
		}
		values = append(values, s.parameter(text))
	}
	return append(into, among(s.plan.paths[column.String()], values))
}

// parameter makes a value a parameter.
func (s *selection) parameter(value any) aql.Value {
	name := fmt.Sprintf("p%d", len(s.values))
	s.values[name] = value
	return aql.Value{Parameter: name}
}

// among compares a path with one value, or with several.
func among(p aql.Path, values []aql.Value) aql.Condition {
	if len(values) == 1 {
		return aql.Condition{Op: aql.Equal, Path: p, Values: values}
	}
	return aql.Condition{Op: aql.Matches, Path: p, Values: values}
}

// valued is that a path leads to one of some texts.
func (s *selection) valued(p aql.Path, texts []string) aql.Condition {
	parameters := make([]aql.Value, len(texts))
	for i, text := range texts {
		parameters[i] = s.parameter(text)
	}
	return among(p, parameters)
}

// only adds that a path is one of some values.
func (s *selection) only(p aql.Path, values []string) { s.and(s.valued(p, values)) }

// statement is the query as it is sent, with at most so many rows.
func (s *selection) statement(most int) *statement {
	query := s.query
	query.Limit = most
	return &statement{Q: query.String(), Parameters: s.values}
}

// needed are the fields that a part shows, and those that decide which records it has.
func needed(part *sources.Part) clinical.FieldSet {
	descriptor := part.Kind.Descriptor()
	fields := part.Fields | descriptor.Set("date")
	if len(part.Filter.Codes) > 0 {
		fields |= descriptor.Set("code")
	}
	if len(part.Filter.Statuses) > 0 {
		fields |= descriptor.Set("status")
	}
	if part.Filter.OfPlan {
		fields |= descriptor.Set("planId")
	}
	if part.Kind == clinical.KindUrgentCarePlan {
		fields |= descriptor.Set("consentDate")
	}
	return fields&descriptor.All() | decisive(&part.Condition, descriptor)
}

// decisive are the fields that a condition speaks of.
func decisive(released *condition.Condition, descriptor *clinical.Descriptor) clinical.FieldSet {
	var fields clinical.FieldSet
	for _, clause := range released.Clauses() {
		for i := range clause {
			switch clause[i].Attribute {
			case condition.Publisher:
				fields |= descriptor.Set("publisher")
			case condition.Status:
				fields |= descriptor.Set("status")
			case condition.Code, condition.System:
				fields |= descriptor.Set("code")
			}
			if clause[i].Codes != nil {
				fields |= descriptor.Set("code")
			}
		}
	}
	return fields
}
