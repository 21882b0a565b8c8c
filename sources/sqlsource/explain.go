package sqlsource

import (
	"context"
	"strconv"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// Explained is one statement of the plan for a query, with the values that would be sent with it. The values identify
// the person: they must be shown only to those who may read the record, and never logged.
type Explained struct {
	SQL      string
	Args     []any // strings and int64s, in the order of the placeholders
	Width    int   // columns of a row: first the branch number, then the record's identifier
	Branches []Branch
}

// Branch describes the rows with one branch number. The caller's own row, if there is one, has no number.
type Branch struct {
	Part   int // of the query
	Kind   clinical.Kind
	Values []Value
}

// Value describes one column of a branch, or a constant from the mapping.
type Value struct {
	Name     string // "date", "code.0.display", "organisation.name", "label.sealed"; codings are numbered
	Column   int    // position in the row; 0 for a constant
	Constant string
}

// Explain plans a query like Fetch, but sends nothing.
func (s *Source) Explain(query sources.Query) []Explained {
	p := s.planFor(&query)
	all := make([]Explained, len(p.steps))
	for i := range p.steps {
		step := &p.steps[i]
		all[i] = Explained{SQL: step.statement.SQL, Args: s.bind(nil, step.slots, &query), Width: step.statement.Width}
		for _, l := range step.layouts {
			all[i].Branches = append(all[i].Branches, l.explain())
		}
	}
	return all
}

func (l *layout) explain() Branch {
	b := Branch{Part: l.part, Kind: l.kind.Kind}
	for i := range l.cells {
		c := &l.cells[i]
		b.Values = append(b.Values, Value{Name: c.name(), Column: c.column, Constant: c.fixed})
	}
	return b
}

func (c *cell) name() string {
	switch c.role {
	case roleNumber:
		return "nhsNumber"
	case roleOrganisation:
		return "organisation"
	case roleOrganisationName:
		return "organisation.name"
	case roleLabel:
		return "label." + string(c.label)
	case roleConceptText:
		return c.field.Name + ".text"
	case roleCodingSystem:
		return c.field.Name + "." + strconv.Itoa(c.coding) + ".system"
	case roleCodingCode:
		return c.field.Name + "." + strconv.Itoa(c.coding) + ".code"
	case roleCodingDisplay:
		return c.field.Name + "." + strconv.Itoa(c.coding) + ".display"
	}
	return c.field.Name
}

// ExplainEvents plans the statements for a set of events, like Events; only the keys of code tables are queried.
func (s *Source) ExplainEvents(ctx context.Context, set sources.RecordedSet) ([]Explained, error) {
	statements, err := s.count(ctx, &set, "", map[string][]string{})
	all := make([]Explained, len(statements))
	for i := range statements {
		all[i] = Explained{SQL: statements[i].statement.SQL, Args: statements[i].args, Width: statements[i].statement.Width}
	}
	return all, err
}

// EventScans lists the tables that the database would scan completely to answer a set.
func (s *Source) EventScans(ctx context.Context, set sources.RecordedSet) (tables []string, err error) {
	explained, err := s.ExplainEvents(ctx, set)
	for i := range explained {
		if err != nil {
			return tables, err
		}
		err = s.connection.Stream(ctx, s.study(s.dialect.Explain+explained[i].SQL, 0), explained[i].Args, "", func(row [][]byte) error {
			columns := make([]string, len(row))
			for at := range row {
				columns[at] = string(row[at])
			}
			if table, whole := s.dialect.Scans(columns); whole {
				tables = append(tables, table)
			}
			return nil
		})
	}
	return tables, err
}
