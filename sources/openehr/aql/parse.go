package aql

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// deepest is how far parts of a query may stand within each other.
const deepest = 50

// longest is how many bytes a query may have.
const longest = 64 << 10

// Parse reads a query. Its error is ErrSyntax, with what stands where the reading ended, and never a value.
func Parse(text string) (*Query, error) {
	if len(text) > longest {
		return nil, fmt.Errorf("%w: it is longer than %d bytes", ErrSyntax, longest)
	}
	p := &parser{lexer: newLexer(text)}
	q := p.query()
	if p.wrong || p.ahead.kind != lexemeEnd {
		return nil, fmt.Errorf("%w: stopped %d bytes before its end", ErrSyntax, len(p.rest)+len(p.ahead.text))
	}
	if !p.declared(q) {
		return nil, fmt.Errorf("%w: a variable is not declared, or twice", ErrSyntax)
	}
	return q, nil
}

// ParsePath reads what stands behind a variable: data[at0001]/items[at0003]/value.
func ParsePath(variable, text string) (Path, error) {
	p := &parser{lexer: newLexer("/" + text)}
	path := Path{Variable: variable, Steps: p.steps()}
	if p.wrong || p.ahead.kind != lexemeEnd {
		return Path{}, fmt.Errorf("%w: expected a path such as data[at0001]/items[at0003]/value", ErrSyntax)
	}
	return path, nil
}

// classes are those of the reference model that a containment may name.
func classes() []string {
	return []string{"EHR", "EHR_STATUS", "VERSION", "COMPOSITION", "SECTION", "ENTRY", "CARE_ENTRY", "OBSERVATION", "EVALUATION", "INSTRUCTION", "ACTION",
		"ACTIVITY", "ADMIN_ENTRY", "GENERIC_ENTRY", "CLUSTER", "ELEMENT", "POINT_EVENT", "INTERVAL_EVENT"}
}

// IsClass reports whether a containment may name the class.
func IsClass(name string) bool { return slices.Contains(classes(), name) }

// IsNode reports whether text is an archetype's id or a node's code.
func IsNode(text string) bool { return node.FindString("["+text) == "["+text }

type parser struct {
	*lexer
	depth int
}

func (p *parser) query() *Query {
	q := &Query{}
	p.expect(p.keyword("SELECT"))
	for again := true; again && !p.wrong; again = p.sign(",") {
		q.Select = append(q.Select, p.item())
	}
	p.expect(p.keyword("FROM"))
	q.From = p.contained()
	p.expect(q.From.Class == "EHR")
	if p.keyword("WHERE") {
		condition := p.or()
		q.Where = &condition
	}
	if p.keyword("ORDER") {
		p.expect(p.keyword("BY"))
		for again := true; again && !p.wrong; again = p.sign(",") {
			order := Order{Path: p.path()}
			if !p.keyword("ASC") {
				order.Descending = p.keyword("DESC")
			}
			q.Order = append(q.Order, order)
		}
	}
	if p.keyword("LIMIT") {
		q.Limit = p.count()
		if p.keyword("OFFSET") {
			q.Offset = p.count()
		}
	}
	return q
}

func (p *parser) count() int {
	read := p.take()
	n, err := strconv.Atoi(read.text)
	p.expect(read.kind == lexemeNumber && err == nil && n >= 0 && n <= 1_000_000_000)
	return n
}

func (p *parser) item() Item {
	first := p.take()
	p.expect(first.kind == lexemeWord)
	var item Item
	if function := strings.ToUpper(first.text); slices.Contains([]string{"MAX", "MIN", "COUNT"}, function) && p.sign("(") {
		item.Function, item.Path = function, p.path()
		p.expect(p.sign(")"))
	} else {
		item.Path = Path{Variable: first.text, Steps: p.steps()}
	}
	if p.keyword("AS") {
		as := p.take()
		p.expect(as.kind == lexemeWord)
		item.As = as.text
	}
	return item
}

func (p *parser) path() Path {
	variable := p.take()
	p.expect(variable.kind == lexemeWord)
	return Path{Variable: variable.text, Steps: p.steps()}
}

func (p *parser) steps() []Step {
	var steps []Step
	for !p.wrong && p.sign("/") {
		name := p.take()
		p.expect(name.kind == lexemeWord)
		step := Step{Attribute: name.text}
		if p.ahead.kind == lexemeSign && p.ahead.text == "[" {
			step.Node = p.node()
			step.Name = p.named()
			p.expect(p.sign("]"))
		}
		steps = append(steps, step)
	}
	return steps
}

// named reads ", 'name'" or "and name/value = 'name'" behind a node.
func (p *parser) named() string {
	switch {
	case p.sign(","):
	case p.keyword("and"):
		p.expect(p.keyword("name") && p.sign("/") && p.keyword("value") && p.sign("="))
	default:
		return ""
	}
	name := p.take()
	p.expect(name.kind == lexemeString && name.text != "")
	return name.text
}

func (p *parser) contained() Containment {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > deepest {
		p.wrong = true
		return Containment{}
	}
	if p.sign("(") {
		return p.several()
	}
	class := p.take()
	c := Containment{Class: class.text}
	p.expect(class.kind == lexemeWord && IsClass(class.text))
	if p.ahead.kind == lexemeWord && !isKeyword(p.ahead.text) {
		c.Variable = p.take().text
	}
	if p.ahead.kind == lexemeSign && p.ahead.text == "[" {
		if latest := strings.TrimSpace(p.rest); c.Class == "VERSION" && strings.HasPrefix(latest, "LATEST_VERSION") {
			p.advance()
			p.advance()
			c.Latest = true
		} else {
			c.Archetype = p.node()
		}
		p.expect(p.sign("]"))
	}
	if p.keyword("CONTAINS") {
		inner := p.contained()
		c.Contains = &inner
	}
	return c
}

// several reads what stands between parentheses: parts that are all joined by the same word.
func (p *parser) several() Containment {
	first := p.contained()
	all := Containment{Parts: []Containment{first}}
	for !p.wrong && !p.sign(")") {
		op := Op(strings.ToUpper(p.take().text))
		p.expect((op == And || op == Or) && (all.Op == "" || all.Op == op))
		all.Op = op
		all.Parts = append(all.Parts, p.contained())
	}
	if all.Op == "" {
		return first
	}
	return all
}

func isKeyword(text string) bool {
	return slices.Contains([]string{"CONTAINS", "AND", "OR", "NOT", "WHERE", "ORDER", "LIMIT", "OFFSET", "AS", "FROM", "SELECT", "BY", "MATCHES"},
		strings.ToUpper(text))
}

func (p *parser) or() Condition {
	return p.joined(Or, func() Condition { return p.joined(And, p.condition) })
}

func (p *parser) joined(op Op, part func() Condition) Condition {
	all := Condition{Op: op, Parts: []Condition{part()}}
	for !p.wrong && p.keyword(string(op)) {
		all.Parts = append(all.Parts, part())
	}
	if len(all.Parts) == 1 {
		return all.Parts[0]
	}
	return all
}

func (p *parser) condition() Condition {
	p.depth++
	defer func() { p.depth-- }()
	switch {
	case p.depth > deepest:
		p.wrong = true
		return Condition{}
	case p.keyword("NOT"):
		return Condition{Op: Not, Parts: []Condition{p.condition()}}
	case p.sign("("):
		inner := p.or()
		p.expect(p.sign(")"))
		return inner
	}
	c := Condition{Path: p.path()}
	if p.keyword("matches") {
		c.Op = Matches
		p.expect(p.sign("{"))
		for again := true; again && !p.wrong; again = p.sign(",") {
			c.Values = append(c.Values, p.value())
		}
		p.expect(p.sign("}"))
		return c
	}
	c.Op = Op(p.take().text)
	p.expect(slices.Contains([]Op{Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual}, c.Op))
	c.Values = []Value{p.value()}
	return c
}

func (p *parser) value() Value {
	switch read := p.take(); {
	case read.kind == lexemeParameter:
		return Value{Parameter: read.text}
	case read.kind == lexemeString:
		return Value{Literal: read.text}
	case read.kind == lexemeNumber:
		return Value{Literal: Number(read.text)}
	case read.kind == lexemeWord && (strings.EqualFold(read.text, "true") || strings.EqualFold(read.text, "false")):
		return Value{Literal: strings.EqualFold(read.text, "true")}
	}
	p.wrong = true
	return Value{}
}

// declared reports whether each variable is declared once and each that is used is declared.
func (p *parser) declared(q *Query) bool {
	known := map[string]bool{}
	ok := declare(&q.From, known)
	for i := range q.Select {
		ok = ok && known[q.Select[i].Path.Variable]
	}
	for i := range q.Order {
		ok = ok && known[q.Order[i].Path.Variable]
	}
	return ok && (q.Where == nil || conditionKnows(q.Where, known))
}

func declare(c *Containment, known map[string]bool) bool {
	if c.Variable != "" {
		if known[c.Variable] {
			return false
		}
		known[c.Variable] = true
	}
	for i := range c.Parts {
		if !declare(&c.Parts[i], known) {
			return false
		}
	}
	return c.Contains == nil || declare(c.Contains, known)
}

func conditionKnows(c *Condition, known map[string]bool) bool {
	for i := range c.Parts {
		if !conditionKnows(&c.Parts[i], known) {
			return false
		}
	}
	return len(c.Parts) > 0 || known[c.Path.Variable]
}
