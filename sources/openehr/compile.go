package openehr

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
	"onelondon/sources/openehr/aql"
)

// plan is a mapping made ready to be asked with.
type plan struct {
	mapping *mapping.Mapping
	number  aql.Path // to the NHS number
	sets    map[clinical.Kind][]*set
	marks   []*mark
	paths   map[string]aql.Path // of every path that the mapping has, as it is written

	mu   sync.Mutex
	made map[selectionKey]*selection // without people; what was asked for is asked for again
}

// selectionKey is what a selection is made of.
type selectionKey struct {
	set    *set
	fields clinical.FieldSet
}

// set is one set of records.
type set struct {
	*mapping.RecordSet
	from aql.Containment // of the whole query, from the EHR down
	own  bool            // a row is the EHR's own
	bare bool            // there are no records: a row says whose the EHR is

	identity *aql.Path   // to the record's id; nil where it is no one path
	refused  atomic.Bool // the server refused what it was told beside the person
}

// mark is one place where the newest entry can be seen.
type mark struct {
	from aql.Containment
	path aql.Path
	date *mapping.DateExpr
}

// CheckMapping finds what of a mapping an openEHR server cannot be asked. Name is the file's name for messages.
func CheckMapping(name string, m *mapping.Mapping) error {
	_, err := compile(name, m)
	return err
}

// compiler collects faults.
type compiler struct {
	file    string
	faults  mapping.Faults
	aliases map[string]bool // aliases that a path may begin with
	paths   map[string]aql.Path
}

func (c *compiler) fault(line int, format string, args ...any) {
	c.faults = append(c.faults, mapping.Fault{File: c.file, Line: max(line, 1), Column: 1, Message: fmt.Sprintf(format, args...)})
}

func compile(name string, m *mapping.Mapping) (*plan, error) {
	c := &compiler{file: name}
	if !m.Paths {
		c.fault(1, "the mapping is of a database: its columns are no node paths")
	}
	p := &plan{mapping: m, sets: map[clinical.Kind][]*set{}, paths: map[string]aql.Path{}, made: map[selectionKey]*selection{}}
	c.paths = p.paths
	c.person(&m.Person, p)
	for _, kind := range clinical.Kinds() {
		for i := range m.Records[kind] {
			p.sets[kind] = append(p.sets[kind], c.set(&m.Records[kind][i], m))
		}
	}
	for i := range m.Watermark {
		p.marks = append(p.marks, c.mark(&m.Watermark[i], m.Person.From.Alias))
	}
	if len(c.faults) == 0 {
		return p, nil
	}
	slices.SortStableFunc(c.faults, func(a, b mapping.Fault) int { return cmp.Compare(a.Line, b.Line) })
	return nil, slices.Compact(c.faults).Err()
}

func (c *compiler) person(person *mapping.Person, p *plan) {
	if person.From.Name != "EHR" || person.From.Schema != "" || len(person.Joins) > 0 {
		c.fault(cmp.Or(person.From.Line, person.Line), "a person is an EHR; write from: EHR as e, without join")
	}
	c.aliases = map[string]bool{person.From.Alias: true}
	column, ok := person.NHSNumber.(*mapping.NodePath)
	if !ok || person.Format == mapping.NumberNumeric {
		c.fault(person.Line, "nhs_number must be one path to text, such as e/ehr_status/subject/external_ref/id/value")
	} else if path, err := aql.ParsePath(column.Alias, column.Path); err == nil {
		p.number = path
	}
	c.exprs(person.NHSNumber, person.Where, person.Organisation.Code, person.Organisation.Name, person.Registered, person.Sensitive)
}

func (c *compiler) set(s *mapping.RecordSet, m *mapping.Mapping) *set {
	person := m.Person.From
	c.aliases = map[string]bool{person.Alias: true, s.From.Alias: true}
	made := &set{RecordSet: s, own: s.From == person, from: aql.Containment{Class: "EHR", Variable: person.Alias}}
	if !made.own {
		if !isTrue(s.Person) {
			c.fault(s.Line, "a composition is in its person's EHR; write person: true")
		}
		made.from.Contains = c.contained(s)
	} else if len(s.Joins) > 0 {
		c.fault(s.Line, "a set of the EHR itself has no join; begin it from a COMPOSITION")
	}
	c.exprs(s.Where, s.ID, s.Organisation.Code, s.Organisation.Name)
	if id, ok := s.ID.(*mapping.NodePath); ok {
		at := c.paths[id.String()]
		made.identity = &at
	}
	for _, label := range s.Labels {
		c.exprs(label)
	}
	for _, field := range s.Fields {
		c.exprs(exprsOf(&field)...)
		if field.Date != nil {
			c.date(field.Date, field.Line)
		}
	}
	return made
}

// date refuses dates that are not of ISO 8601, as all of openEHR's are.
func (c *compiler) date(date *mapping.DateExpr, line int) {
	if date.Type == mapping.DateUK || date.Type == mapping.DateCompact {
		c.fault(line, "openEHR's dates are of ISO 8601; use type: iso")
	}
}

// contained makes the containment of a set's tables: the composition, within its VERSION where that is joined, and in it all of the
// joined entries, or, where they are joined by left, any.
func (c *compiler) contained(s *mapping.RecordSet) *aql.Containment {
	root := c.class(s.From)
	if root.Class != "COMPOSITION" {
		c.fault(s.From.Line, "a set begins with a composition; write from: COMPOSITION.\"openEHR-EHR-COMPOSITION.name.v0\" as c")
	}
	all := aql.Containment{Op: aql.And}
	outer, left := &root, 0
	for i := range s.Joins {
		join := &s.Joins[i]
		c.aliases[join.Alias] = true
		if !isTrue(join.On) {
			c.fault(join.Line, "what a composition contains is joined on true")
		}
		if join.Name == "VERSION" && join.Schema == "" && !join.Left && outer == &root {
			outer = &aql.Containment{Class: "VERSION", Variable: join.Alias, Latest: true, Contains: &root}
			continue
		}
		if join.Left {
			left++
			all.Op = aql.Or
		}
		all.Parts = append(all.Parts, c.class(join.Table))
	}
	if left > 0 && left < len(all.Parts) {
		c.fault(s.Line, "some entries are joined by left and some are not; AQL knows all of them or any of them, so read what may be missing by paths from the composition")
	}
	switch len(all.Parts) {
	case 0:
	case 1:
		root.Contains = &all.Parts[0]
	default:
		root.Contains = &all
	}
	return outer
}

func (c *compiler) class(table mapping.Table) aql.Containment {
	found := aql.Containment{Class: table.Name, Variable: table.Alias}
	if table.Schema != "" {
		found.Class, found.Archetype = table.Schema, table.Name
		if !aql.IsNode(table.Name) {
			c.fault(table.Line, "%q is not an archetype; write it as openEHR-EHR-EVALUATION.name.v0", table.Name)
		}
	}
	if !aql.IsClass(found.Class) || found.Class == "EHR" || found.Class == "VERSION" {
		c.fault(table.Line, "%q is not a class that an EHR contains, such as COMPOSITION or EVALUATION", found.Class)
	}
	return found
}

func (c *compiler) mark(w *mapping.Watermark, ehr string) *mark {
	made := &mark{date: &w.Date, from: aql.Containment{Class: "EHR", Variable: "ehr"}}
	column, ok := w.Date.From.(*mapping.NodePath)
	if !ok {
		c.fault(w.From.Line, "a watermark needs one path, without a function")
		return made
	}
	c.aliases = map[string]bool{w.From.Alias: true}
	c.exprs(column)
	c.date(&w.Date, w.From.Line)
	made.path, _ = aql.ParsePath(column.Alias, column.Path) // faulted above
	switch {
	case w.From.Name == "EHR" && w.From.Schema == "":
		made.from.Variable = w.From.Alias
	case w.From.Name == "VERSION" && w.From.Schema == "":
		made.from.Contains = &aql.Containment{Class: "VERSION", Variable: w.From.Alias, Latest: true, Contains: &aql.Containment{Class: "COMPOSITION"}}
	default:
		inner := c.class(w.From)
		made.from.Contains = &inner
	}
	if made.from.Variable == w.From.Alias && made.from.Contains != nil {
		made.from.Variable = ehr + "_"
	}
	return made
}

// exprs checks every column of expressions.
func (c *compiler) exprs(exprs ...mapping.Expr) {
	for _, expr := range exprs {
		walk(expr, func(column *mapping.NodePath) {
			if !c.aliases[column.Alias] {
				c.fault(column.Line, "%s is not in reach of this set", column.Alias)
			}
			path, err := aql.ParsePath(column.Alias, column.Path)
			if c.paths[column.String()] = path; err != nil {
				c.fault(column.Line, "%q is not a node path, such as data[at0001]/items[at0003]/value/value", column.Path)
			}
		})
	}
}

func isTrue(expr mapping.Expr) bool {
	literal, ok := expr.(*mapping.Literal)
	return ok && literal.Value == true
}

// exprsOf are the expressions of a field.
func exprsOf(field *mapping.FieldExpr) []mapping.Expr {
	all := []mapping.Expr{field.Value}
	if field.Date != nil {
		all = append(all, field.Date.From, field.Date.Precision)
	}
	if field.Concept != nil {
		all = append(all, field.Concept.Text)
		for i := range field.Concept.Codings {
			coding := &field.Concept.Codings[i]
			all = append(all, coding.System, coding.Code, coding.Display)
		}
	}
	return all
}

// walk calls each for every column of an expression.
func walk(expr mapping.Expr, each func(*mapping.NodePath)) {
	switch e := expr.(type) {
	case *mapping.NodePath:
		each(e)
	case *mapping.Call:
		walkAll(e.Args, each)
	case *mapping.Compare:
		walk(e.Left, each)
		walk(e.Right, each)
	case *mapping.Logic:
		walkAll(e.Parts, each)
	case *mapping.Not:
		walk(e.Of, each)
	case *mapping.IsNull:
		walk(e.Of, each)
	case *mapping.IsTruth:
		walk(e.Of, each)
	case *mapping.InList:
		walk(e.Of, each)
	case *mapping.Case:
		walk(e.Of, each)
		walk(e.Else, each)
	}
}

func walkAll(exprs []mapping.Expr, each func(*mapping.NodePath)) {
	for _, expr := range exprs {
		walk(expr, each)
	}
}
