package mapping

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"onelondon/internal/yamltree"
)

// deepest is the maximum nesting of expressions.
const deepest = 40

// scope is what an expression may refer to. The zero scope allows every alias and no placeholder.
type scope struct {
	line    int
	aliases map[string]bool // nil allows every alias
	lookup  func(placeholder string) (string, bool)
	paths   bool // columns are node paths
}

// ParseExpr parses one expression in the text form of mappings. Aliases are not checked, since no tables are declared.
// The error is a [Faults] whose places are positions in text.
func ParseExpr(text string) (Expr, error) {
	expr, faults := parseExpr(text, scope{line: 1})
	if len(faults) == 0 {
		return expr, nil
	}
	var all Faults
	for _, fault := range faults {
		all = append(all, Fault{File: "expression", Line: 1, Column: fault.at + 1, Message: fault.message})
	}
	return nil, all
}

// parser parses tokens from left to right, with one method for each rule of the grammar. A syntax fault ends the
// parsing through stop; other faults are collected.
type parser struct {
	tokens []token
	next   int
	depth  int
	scope  scope
	faults []exprFault
	failed bool
}

func parseExpr(text string, s scope) (Expr, []exprFault) {
	p, fault := newParser(text, s)
	if fault != nil {
		return nil, []exprFault{*fault}
	}
	expr := p.or()
	p.finish()
	return expr, p.faults
}

func newParser(text string, s scope) (*parser, *exprFault) {
	tokens, fault := lex(text, s.lookup)
	return &parser{tokens: tokens, scope: s}, fault
}

// finish reports anything that is left over.
func (p *parser) finish() {
	if !p.failed && p.peek().kind != tokenEnd {
		p.stop(p.peek().at, "unexpected %s; join conditions with and or or, and put nested comparisons in parentheses", yamltree.Show(p.peek().text))
	}
}

// stop records the syntax fault that ends the parsing, and skips to the end.
func (p *parser) stop(at int, format string, args ...any) {
	if p.failed {
		return
	}
	p.failed = true
	p.note(at, format, args...)
	p.next = len(p.tokens) - 1
}

func (p *parser) note(at int, format string, args ...any) {
	p.faults = append(p.faults, exprFault{at, fmt.Sprintf(format, args...)})
}

func (p *parser) peek() token { return p.tokens[p.next] }

func (p *parser) take() token {
	taken := p.tokens[p.next]
	if taken.kind != tokenEnd {
		p.next++
	}
	return taken
}

// keyword takes the word if it is next.
func (p *parser) keyword(word string) bool {
	if next := p.peek(); next.kind == tokenWord && strings.EqualFold(next.text, word) {
		p.next++
		return true
	}
	return false
}

// symbol takes the symbol if it is next.
func (p *parser) symbol(symbol string) bool {
	if next := p.peek(); next.kind == tokenSymbol && next.text == symbol {
		p.next++
		return true
	}
	return false
}

func (p *parser) expect(symbol string) {
	if !p.symbol(symbol) {
		p.stop(p.peek().at, "expected %q before %s", symbol, describe(p.peek()))
	}
}

func (p *parser) or() Expr { return p.chain("or", p.and) }

func (p *parser) and() Expr { return p.chain("and", p.not) }

func (p *parser) chain(op string, part func() Expr) Expr {
	parts := []Expr{part()}
	for p.keyword(op) {
		parts = append(parts, part())
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return &Logic{Op: op, Parts: parts}
}

func (p *parser) not() Expr {
	if !p.keyword("not") {
		return p.comparison()
	}
	if p.enter() {
		defer p.leave()
		return &Not{Of: p.not()}
	}
	return &Literal{}
}

// comparison parses a value and at most one test of it.
func (p *parser) comparison() Expr {
	left := p.value()
	if next := p.peek(); next.kind == tokenSymbol && slices.Contains([]string{"=", "!=", "<", "<=", ">", ">="}, next.text) {
		p.next++
		return &Compare{Op: next.text, Left: left, Right: p.value()}
	}
	switch {
	case p.keyword("is"):
		return p.is(left)
	case p.keyword("in"):
		return p.list(left, false)
	case p.peek().kind == tokenWord && strings.EqualFold(p.peek().text, "not"):
		p.next++
		if !p.keyword("in") {
			p.stop(p.peek().at, "expected in after not, before %s; write x not in (...) or not x = ...", describe(p.peek()))
		}
		return p.list(left, true)
	}
	return left
}

func (p *parser) is(of Expr) Expr {
	negate := p.keyword("not")
	switch {
	case p.keyword("null"):
		return &IsNull{Of: of, Negate: negate}
	case p.keyword("true"):
		return &IsTruth{Of: of, Want: true, Negate: negate}
	case p.keyword("false"):
		return &IsTruth{Of: of, Negate: negate}
	}
	p.stop(p.peek().at, "expected null, true or false after is, before %s", describe(p.peek()))
	return of
}

func (p *parser) list(of Expr, negate bool) Expr {
	in := &InList{Of: of, Negate: negate}
	p.expect("(")
	for !p.failed {
		value := p.take()
		literal, ok := asLiteral(value)
		if !ok || literal.Value == nil {
			p.stop(value.at, "a list after in holds literals, not %s", describe(value))
			break
		}
		in.Values = append(in.Values, *literal)
		if !p.symbol(",") {
			break
		}
	}
	p.expect(")")
	return in
}

// value parses a literal, a column, a call or an expression in parentheses.
func (p *parser) value() Expr {
	first := p.take()
	if first.kind == tokenSymbol && first.text == "(" {
		if !p.enter() {
			return &Literal{}
		}
		defer p.leave()
		inner := p.or()
		p.expect(")")
		return inner
	}
	if literal, ok := asLiteral(first); ok {
		return literal
	}
	if first.kind == tokenWord && isKeyword(first.text) || first.kind != tokenWord {
		p.stop(first.at, "expected a column, a literal or a function, not %s", describe(first))
		return &Literal{}
	}
	switch {
	case p.symbol("("):
		return p.call(first)
	case p.symbol("."):
		return p.column(first)
	case p.peek().kind == tokenPath:
		return p.path(first)
	}
	p.stop(first.at, "%s stands alone; write a column as alias.%s, a text as '%s'", yamltree.Show(first.text), first.text, first.text)
	return &Literal{}
}

func (p *parser) column(alias token) Expr {
	name := p.take()
	if name.kind != tokenWord && name.kind != tokenQuoted {
		p.stop(name.at, "expected a column after %s., not %s", alias.text, describe(name))
	}
	if p.scope.paths {
		p.stop(alias.at, "an openEHR server has no columns; write a path, such as %s/data[at0001]/items[at0003]/value/value", alias.text)
	}
	p.declared(alias)
	return &Column{Alias: alias.text, Name: name.text, Line: p.scope.line}
}

// path reads a node path.
func (p *parser) path(alias token) Expr {
	way := p.take()
	if !p.scope.paths {
		p.stop(way.at, "a path is for an openEHR server; write a column as %s.name", alias.text)
	}
	p.declared(alias)
	return &NodePath{Alias: alias.text, Path: way.text, Line: p.scope.line}
}

func (p *parser) declared(alias token) {
	if p.scope.aliases != nil && !p.scope.aliases[alias.text] && !p.failed {
		p.note(alias.at, "no table is called %s here; declare it in from or join before it is used%s", alias.text, p.scope.known())
	}
}

// known lists the aliases in scope for a message.
func (s scope) known() string {
	if len(s.aliases) == 0 {
		return ""
	}
	names := make([]string, 0, len(s.aliases))
	for name := range s.aliases {
		names = append(names, name)
	}
	slices.Sort(names)
	return " (known: " + strings.Join(names, ", ") + ")"
}

func (p *parser) enter() bool {
	p.depth++
	if p.depth > deepest {
		p.stop(p.peek().at, "the expression nests deeper than %d; simplify it", deepest)
	}
	return !p.failed
}

func (p *parser) leave() { p.depth-- }

func asLiteral(t token) (*Literal, bool) {
	switch t.kind {
	case tokenText:
		return &Literal{Value: t.text}, true
	case tokenInteger:
		number, err := strconv.ParseInt(t.text, 10, 64)
		return &Literal{Value: number}, err == nil
	case tokenWord:
		switch strings.ToLower(t.text) {
		case "true":
			return &Literal{Value: true}, true
		case "false":
			return &Literal{Value: false}, true
		case "null":
			return &Literal{}, true
		}
	}
	return nil, false
}

func isKeyword(word string) bool {
	return slices.Contains([]string{"and", "or", "not", "is", "in", "null", "true", "false", "as", "on"}, strings.ToLower(word))
}

func describe(t token) string {
	switch t.kind {
	case tokenEnd:
		return "the end"
	case tokenText:
		return "a text literal"
	case tokenInteger:
		return "the number " + t.text
	}
	return yamltree.Show(t.text)
}
