package mapping

import "slices"

// Use is a column that a mapping reads, with the line that says so. Column is empty if a table is named without one.
type Use struct {
	Schema, Table, Column string
	Line                  int
}

// ColumnsOf lists every table and column that m reads, once for each line, in no particular order. It is for checks
// against a live database or a published list of columns.
func ColumnsOf(m *Mapping) []Use {
	w := walker{tables: map[string]Table{}}
	w.person(&m.Person)
	for _, sets := range m.Records {
		for i := range sets {
			w.set(&sets[i], &m.Person)
		}
	}
	for i := range m.Watermark {
		mark := walker{tables: map[string]Table{}}
		mark.table(m.Watermark[i].From)
		mark.date(&m.Watermark[i].Date)
		w.uses = append(w.uses, mark.uses...)
	}
	slices.SortFunc(w.uses, func(a, b Use) int { return a.Line - b.Line })
	return slices.Compact(w.uses)
}

// walker visits expressions with the tables in scope.
type walker struct {
	tables map[string]Table
	uses   []Use
}

func (w *walker) table(t Table) {
	w.tables[t.Alias] = t
	w.uses = append(w.uses, Use{Schema: t.Schema, Table: t.Name, Line: t.Line})
}

func (w *walker) joins(joins []Join) {
	for _, join := range joins {
		w.table(join.Table)
		w.expr(join.On)
	}
}

func (w *walker) person(p *Person) {
	w.table(p.From)
	w.joins(p.Joins)
	w.expr(p.NHSNumber, p.Where, p.Organisation.Code, p.Organisation.Name, p.Registered, p.Sensitive)
}

func (w *walker) set(s *RecordSet, p *Person) {
	scope := walker{tables: map[string]Table{}}
	scope.person(p)
	scope.uses = nil
	scope.table(s.From)
	scope.joins(s.Joins)
	scope.expr(s.Person, s.Where, s.ID, s.Organisation.Code, s.Organisation.Name)
	for _, label := range s.Labels {
		scope.expr(label)
	}
	for _, field := range s.Fields {
		scope.expr(field.Value)
		if field.Date != nil {
			scope.date(field.Date)
		}
		if field.Concept != nil {
			scope.concept(field.Concept)
		}
	}
	w.uses = append(w.uses, scope.uses...)
}

func (w *walker) date(d *DateExpr) { w.expr(d.From, d.Precision) }

func (w *walker) concept(c *ConceptExpr) {
	w.expr(c.Text)
	for _, coding := range c.Codings {
		w.expr(coding.System, coding.Code, coding.Display)
	}
}

func (w *walker) expr(exprs ...Expr) {
	for _, expr := range exprs {
		switch e := expr.(type) {
		case *Column:
			table := w.tables[e.Alias]
			w.uses = append(w.uses, Use{Schema: table.Schema, Table: table.Name, Column: e.Name, Line: e.Line})
		case *NodePath:
			table := w.tables[e.Alias]
			w.uses = append(w.uses, Use{Schema: table.Schema, Table: table.Name, Column: e.Path, Line: e.Line})
		case *Call:
			w.expr(e.Args...)
		case *Compare:
			w.expr(e.Left, e.Right)
		case *Logic:
			w.expr(e.Parts...)
		case *Not:
			w.expr(e.Of)
		case *IsNull:
			w.expr(e.Of)
		case *IsTruth:
			w.expr(e.Of)
		case *InList:
			w.expr(e.Of)
		case *Case:
			w.expr(e.Of, e.Else)
		case *Latest:
			for _, c := range e.Of {
				w.expr(c)
			}
			for _, c := range []*Column{e.Number, e.Text} {
				if c != nil {
					w.expr(c)
				}
			}
		}
	}
}
