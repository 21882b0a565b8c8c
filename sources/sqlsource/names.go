package sqlsource

import (
	"context"
	"fmt"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// catalogue holds what is visible to the session: tables, their columns and the columns' types.
type catalogue map[string]map[string]string

func (s *Source) catalogue(ctx context.Context) (catalogue, error) {
	known := catalogue{}
	statement := &Statement{SQL: s.dialect.Columns, Width: 4, Once: true, serial: s.serials.Add(1)}
	_, err := s.connection.Query(ctx, statement, nil, func(row []string) error {
		table := s.folded(row[0] + "." + row[1])
		if known[table] == nil {
			known[table] = map[string]string{}
		}
		of, collation, collated := strings.Cut(row[3], "/")
		if of = strings.ToLower(of); collated {
			of += "/" + collation
		}
		known[table][s.folded(row[2])] = of
		return nil
	})
	return known, err
}

func (s *Source) folded(name string) string {
	if s.dialect.FoldedNames {
		return strings.ToLower(name)
	}
	return name
}

// checkNames looks up every table and column of the mapping in the database's catalogue, and reports what has changed
// since the last check. It returns whether anything is missing.
func (s *Source) checkNames(ctx context.Context, before sources.Layout) (missing bool, findings []sources.Finding) {
	known, err := s.catalogue(ctx)
	if err != nil {
		return true, []sources.Finding{fault(sources.MatterSchema, 0, fmt.Sprintf("the catalogue cannot be read: %v", err), "let the role read the catalogue")}
	}
	c := s.names(known, before)
	return len(c.findings) > 0, append(c.findings, drift(before, sources.Layout(known))...)
}

// tables lists the tables from which the mapping reads, by their names in the catalogue.
func (s *Source) tables() []string {
	c := s.names(catalogue{}, nil)
	return sortedNames(c.asked)
}

// names checks the names in the mapping against a catalogue.
func (s *Source) names(known catalogue, before sources.Layout) *nameCheck {
	c := &nameCheck{source: s, known: known, before: before, said: map[string]bool{}, asked: map[string]bool{}}
	person := &s.mapping.Person
	scope := c.scope(nil, person.From, person.Joins)
	c.columns(scope, person.NHSNumber, person.Where, person.Organisation.Code, person.Organisation.Name, person.Registered, person.Sensitive)
	for _, kind := range clinical.Kinds() {
		for i := range s.mapping.Records[kind] {
			c.set(scope, &s.mapping.Records[kind][i])
		}
	}
	for i := range s.mapping.Watermark {
		w := &s.mapping.Watermark[i]
		c.columns(c.scope(nil, w.From, nil), w.Date.From, w.Date.Precision)
	}
	return c
}

type nameCheck struct {
	source   *Source
	known    catalogue
	before   sources.Layout
	said     map[string]bool
	asked    map[string]bool // the tables that have been looked up
	findings []sources.Finding
}

// scope maps aliases to tables, and checks the tables and their join conditions.
func (c *nameCheck) scope(outer map[string]string, from mapping.Table, joins []mapping.Join) map[string]string {
	scope := map[string]string{}
	for alias, table := range outer {
		scope[alias] = table
	}
	tables := []mapping.Table{from}
	for _, join := range joins {
		tables = append(tables, join.Table)
	}
	for _, t := range tables {
		scope[t.Alias] = c.source.folded(t.Schema + "." + t.Name)
		c.asked[scope[t.Alias]] = true
		if c.known[scope[t.Alias]] == nil {
			c.missing(t.Line, "table "+strings.TrimPrefix(t.Schema+"."+t.Name, "."), moved(scope[t.Alias], c.before[scope[t.Alias]], c.known))
		}
	}
	for _, join := range joins {
		c.columns(scope, join.On)
	}
	return scope
}

func (c *nameCheck) set(outer map[string]string, set *mapping.RecordSet) {
	scope := c.scope(outer, set.From, set.Joins)
	c.columns(scope, set.Person, set.Where, set.ID, set.Organisation.Code, set.Organisation.Name)
	for _, e := range set.Labels {
		c.columns(scope, e)
	}
	for _, field := range set.Fields {
		c.columns(scope, field.Value)
		if field.Date != nil {
			c.columns(scope, field.Date.From, field.Date.Precision)
		}
		if field.Concept == nil {
			continue
		}
		c.columns(scope, field.Concept.Text)
		for _, coding := range field.Concept.Codings {
			c.columns(scope, coding.System, coding.Code, coding.Display)
		}
	}
}

func (c *nameCheck) columns(scope map[string]string, exprs ...mapping.Expr) {
	for _, e := range exprs {
		for _, column := range columnsOf(e) {
			columns, folded := c.known[scope[column.Alias]], c.source.folded(column.Name)
			if _, known := columns[folded]; columns != nil && !known {
				c.missing(column.Line, fmt.Sprintf("column %s of table %s", column.Name, strings.TrimPrefix(scope[column.Alias], ".")),
					renamed(folded, c.before[scope[column.Alias]], columns))
			}
		}
	}
}

func (c *nameCheck) missing(line int, what, perhaps string) {
	if c.said[what] {
		return
	}
	c.said[what] = true
	c.findings = append(c.findings, fault(sources.MatterSchema, line, what+" is not there, or the role may not see it",
		"correct the name in the mapping, letter by letter, or grant the role the right to select"+perhaps))
}
