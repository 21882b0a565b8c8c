package mapping

import (
	"maps"

	"onelondon/internal/yamltree"
)

// expr reads an expression in the scope of aliases.
func (l *loader) expr(n yamltree.Node, aliases map[string]bool) Expr {
	text, ok := l.Text(n)
	if !ok {
		return nil
	}
	expr, faults := parseExpr(text, l.scope(n, aliases))
	l.report(n, text, faults)
	return expr
}

func (l *loader) scope(n yamltree.Node, aliases map[string]bool) scope {
	if aliases == nil {
		aliases = map[string]bool{}
	}
	return scope{line: n.Line, aliases: aliases, lookup: l.placeholder, paths: l.paths}
}

// report turns faults inside an expression into faults of the file. The column is exact if the text is on one line of
// the file, unchanged.
func (l *loader) report(n yamltree.Node, text string, faults []exprFault) {
	for _, fault := range faults {
		at := n
		if offset, ok := offsetInLine(n, text); ok {
			at.Column += offset + fault.at
		}
		l.Fault(at, "%s", fault.message)
	}
}

func offsetInLine(n yamltree.Node, text string) (int, bool) {
	origin, ok := n.Origin()
	if !ok {
		return 0, false
	}
	switch origin {
	case text:
		return 0, true
	case `"` + text + `"`, "'" + text + "'":
		return 1, true
	}
	return 0, false
}

// condition reads an expression that must be a truth value.
func (l *loader) condition(n yamltree.Node, aliases map[string]bool) Expr {
	expr := l.expr(n, aliases)
	if expr != nil && !isCondition(expr) {
		l.Fault(n, "%s is a value, not a condition; compare it, or write is true", yamltree.Show(expr.String()))
	}
	return expr
}

func isCondition(expr Expr) bool {
	switch typed := expr.(type) {
	case *Literal:
		_, ok := typed.Value.(bool)
		return ok
	case *Call, *Case:
		return false
	case *Not:
		return isCondition(typed.Of)
	case *Logic:
		for _, part := range typed.Parts {
			if !isCondition(part) {
				return false
			}
		}
	}
	return true
}

// from reads "Table as alias" or "schema.Table as alias" and adds the alias to the scope.
func (l *loader) from(n yamltree.Node, aliases map[string]bool) Table {
	text, ok := l.Text(n)
	if !ok {
		return Table{Line: n.Line}
	}
	p, fault := newParser(text, l.scope(n, aliases))
	if fault != nil {
		l.report(n, text, []exprFault{*fault})
		return Table{Line: n.Line}
	}
	table := p.table()
	p.finish()
	p.declare(table)
	l.report(n, text, p.faults)
	return table
}

// joins reads "[left] Table as alias on condition", in order: a condition may use the tables before it.
func (l *loader) joins(n yamltree.Node, aliases map[string]bool) []Join {
	var joins []Join
	for _, item := range l.List(n) {
		text, ok := l.Text(item)
		if !ok {
			continue
		}
		p, fault := newParser(text, l.scope(item, aliases))
		if fault != nil {
			l.report(item, text, []exprFault{*fault})
			continue
		}
		join := Join{Left: p.keyword("left")}
		join.Table = p.table()
		p.declare(join.Table)
		if !p.keyword("on") {
			p.stop(p.peek().at, "expected on before %s; write [left] Table as alias on condition", describe(p.peek()))
		}
		join.On = p.or()
		p.finish()
		if !p.failed && !isCondition(join.On) {
			p.note(0, "%s is a value, not a condition; compare it", yamltree.Show(join.On.String()))
		}
		l.report(item, text, p.faults)
		joins = append(joins, join)
	}
	return joins
}

// table parses [schema.]Table as alias.
func (p *parser) table() Table {
	table := Table{Line: p.scope.line}
	at := p.peek().at
	table.Name = p.name("a table")
	if p.symbol(".") {
		table.Schema, table.Name = table.Name, p.name("a table")
	}
	if !p.keyword("as") {
		p.stop(at, "the table has no alias; write Table as alias")
		return table
	}
	alias := p.peek()
	table.Alias = p.name("an alias")
	if alias.kind == tokenQuoted || isKeyword(alias.text) {
		p.stop(alias.at, "%s cannot be an alias; use a short plain word", yamltree.Show(alias.text))
	}
	return table
}

func (p *parser) name(what string) string {
	read := p.take()
	if read.kind != tokenWord && read.kind != tokenQuoted {
		p.stop(read.at, "expected %s, not %s", what, describe(read))
	}
	return read.text
}

// declare adds the table's alias to the scope, once.
func (p *parser) declare(table Table) {
	switch {
	case p.failed || table.Alias == "":
	case p.scope.aliases[table.Alias]:
		p.note(0, "alias %s is declared twice; give each table its own", table.Alias)
	default:
		p.scope.aliases[table.Alias] = true
	}
}

// person reads how a person is found.
func (l *loader) person(n yamltree.Node) Person {
	person := Person{Line: n.Line, Format: NumberPlain}
	keys := l.Object(n, "from", "join", "nhs_number", "organisation", "where", "registered", "sensitive")
	aliases := map[string]bool{}
	l.personScope = aliases
	if from, ok := keys["from"]; ok {
		person.From = l.from(from, aliases)
		l.personTable = person.From
	} else {
		l.Fault(n, "from is missing; name the table that holds people, as in Patient as p")
	}
	if joins, ok := keys["join"]; ok {
		person.Joins = l.joins(joins, aliases)
	}
	if number, ok := keys["nhs_number"]; ok {
		person.NHSNumber, person.Format = l.nhsNumber(number)
	} else {
		l.Fault(n, "nhs_number is missing; name the column that holds the NHS number")
	}
	if organisation, ok := keys["organisation"]; ok {
		person.Organisation = l.organisation(organisation, aliases)
	} else {
		l.Fault(n, "organisation is missing; give the code of the organisation whose records these are")
	}
	l.owner = person.Organisation
	person.Where = l.optional(keys, "where", aliases)
	person.Registered = l.optional(keys, "registered", aliases)
	person.Sensitive = l.optional(keys, "sensitive", aliases)
	return person
}

// optional reads a condition that may be left out.
func (l *loader) optional(keys map[string]yamltree.Node, key string, aliases map[string]bool) Expr {
	if n, ok := keys[key]; ok {
		return l.condition(n, aliases)
	}
	return nil
}

func (l *loader) nhsNumber(n yamltree.Node) (Expr, NumberFormat) {
	if _, ok := n.Scalar(); ok {
		return l.expr(n, l.personScope), NumberPlain
	}
	keys := l.Object(n, "from", "format")
	format := NumberPlain
	if written, ok := keys["format"]; ok {
		text, _ := l.Text(written)
		format = NumberFormat(text)
		if format != NumberPlain && format != NumberSpaced && format != NumberNumeric {
			l.Fault(written, "unknown format %s; use plain, spaced or numeric", yamltree.Show(text))
		}
	}
	from, ok := keys["from"]
	if !ok {
		l.Fault(n, "from is missing; name the column that holds the NHS number")
		return nil, format
	}
	return l.expr(from, l.personScope), format
}

func (l *loader) organisation(n yamltree.Node, aliases map[string]bool) Organisation {
	var organisation Organisation
	keys := l.Object(n, "code", "name")
	if code, ok := keys["code"]; ok {
		organisation.Code = l.expr(code, aliases)
	} else {
		l.Fault(n, "code is missing; give the column or '${parameter}' that holds the ODS code")
	}
	if name, ok := keys["name"]; ok {
		organisation.Name = l.expr(name, aliases)
	}
	return organisation
}

// watermarks reads the columns that show the newest entry.
func (l *loader) watermarks(n yamltree.Node) []Watermark {
	var marks []Watermark
	for _, item := range l.List(n) {
		keys := l.Object(item, "from", "date")
		from, hasFrom := keys["from"]
		date, hasDate := keys["date"]
		if !hasFrom || !hasDate {
			l.Fault(item, "a watermark needs from and date; write {from: Table as t, date: t.Column}")
			continue
		}
		aliases := map[string]bool{}
		mark := Watermark{From: l.from(from, aliases)}
		if read := l.date(date, aliases); read != nil {
			mark.Date = *read
		}
		marks = append(marks, mark)
	}
	return marks
}

// widened is the union of two sets of aliases, as a copy, so that further declarations do not leak.
func widened(aliases, others map[string]bool) map[string]bool {
	all := maps.Clone(aliases)
	maps.Copy(all, others)
	return all
}
