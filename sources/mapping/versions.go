package mapping

import (
	"slices"

	"onelondon/internal/yamltree"
)

// version is a rule of versions: only the latest of a table's rows with the same key is seen.
type version struct {
	table        Table
	of           []string
	number, text string
	at           yamltree.Node
	used         bool
}

// versions reads which tables keep every version of a row. The function latest applies the rules after everything else
// has been read.
func (l *loader) versions(n yamltree.Node) (rules []version) {
	for _, item := range l.List(n) {
		keys := l.Object(item, "table", "of", "number", "text")
		rule := version{at: item}
		if table, ok := keys["table"]; ok {
			rule.table = l.versioned(table)
		}
		if of, ok := keys["of"]; ok {
			rule.of = l.columnNames(of)
		}
		for key, into := range map[string]*string{"number": &rule.number, "text": &rule.text} {
			if column, ok := keys[key]; ok {
				*into, _ = l.Text(column)
			}
		}
		switch {
		case rule.table.Name == "" || len(rule.of) == 0:
			l.Fault(item, "a table with versions needs table and of; write {table: Table, of: ItsId, number: ItsVersion}")
		case rule.number == "" && rule.text == "":
			l.Fault(item, "nothing says which version is the latest; name a column under number, or under text where texts have the order of time")
		case slices.ContainsFunc(rules, func(r version) bool { return r.table.Name == rule.table.Name && r.table.Schema == rule.table.Schema }):
			l.Fault(item, "table %s is listed twice; remove one", yamltree.Show(rule.table.Name))
		default:
			rules = append(rules, rule)
		}
	}
	return rules
}

// versioned reads "Table" or "schema.Table".
func (l *loader) versioned(n yamltree.Node) Table {
	text, ok := l.Text(n)
	if !ok {
		return Table{}
	}
	p, fault := newParser(text, l.scope(n, nil))
	if fault != nil {
		l.report(n, text, []exprFault{*fault})
		return Table{}
	}
	table := Table{Line: n.Line, Name: p.name("a table")}
	if p.symbol(".") {
		table.Schema, table.Name = table.Name, p.name("a table")
	}
	p.finish()
	l.report(n, text, p.faults)
	return table
}

// columnNames reads a name or a list of names.
func (l *loader) columnNames(n yamltree.Node) (names []string) {
	if _, ok := n.Scalar(); ok {
		if name, ok := l.Text(n); ok && name != "" {
			return []string{name}
		}
		return nil
	}
	for _, item := range l.List(n) {
		if name, ok := l.Text(item); ok && name != "" {
			names = append(names, name)
		}
	}
	return names
}

// latest restricts every table with versions to the latest, wherever the mapping reads it.
func (l *loader) latest(rules []version, into *Mapping) {
	if len(rules) == 0 {
		return
	}
	person := &into.Person
	person.Where = both(shown(rules, person.From), person.Where)
	latestJoined(rules, person.Joins)
	for _, sets := range into.Records {
		for i := range sets {
			set := &sets[i]
			if set.From.Alias != person.From.Alias {
				set.Where = both(shown(rules, set.From), set.Where)
			}
			latestJoined(rules, set.Joins)
		}
	}
	for i := range rules {
		if !rules[i].used {
			l.Fault(rules[i].at, "table %s is read nowhere; remove its line", yamltree.Show(rules[i].table.Name))
		}
	}
}

func latestJoined(rules []version, joins []Join) {
	for i := range joins {
		joins[i].On = both(joins[i].On, shown(rules, joins[i].Table))
	}
}

// shown is the condition that a row of a table is its latest version; nil for a table without versions.
func shown(rules []version, table Table) Expr {
	for i := range rules {
		rule := &rules[i]
		if rule.table.Name != table.Name || rule.table.Schema != table.Schema {
			continue
		}
		rule.used = true
		column := func(name string) *Column {
			if name == "" {
				return nil
			}
			return &Column{Alias: table.Alias, Name: name, Line: rule.table.Line}
		}
		latest := &Latest{Table: table, Number: column(rule.number), Text: column(rule.text)}
		for _, name := range rule.of {
			latest.Of = append(latest.Of, column(name))
		}
		return latest
	}
	return nil
}

// both is the conjunction of two conditions, each of which may be nil.
func both(one, other Expr) Expr {
	switch {
	case one == nil:
		return other
	case other == nil:
		return one
	}
	return &Logic{Op: "and", Parts: []Expr{one, other}}
}
