package mutants_test

import (
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// point is a place where a module can be broken, and how.
type point struct {
	rule string // the rule's name
	line int
	what string // in words, without the line, so that it stays when lines move
	do   func()
}

// pointer finds the points of a module. They change the module that was given, so that each serves once.
type pointer struct {
	module *ast.Module
	rule   *ast.Rule
	points []point
}

func pointsOf(module *ast.Module) []point {
	p := &pointer{module: module}
	for i := range module.Rules {
		for rule := module.Rules[i]; rule != nil; rule = rule.Else {
			p.rule = rule
			p.whole(i)
		}
	}
	return p.points
}

func (p *pointer) add(line int, do func(), format string, arguments ...any) {
	p.points = append(p.points, point{p.rule.Head.Ref().String(), line, fmt.Sprintf(format, arguments...), do})
}

// whole finds the points of one rule.
func (p *pointer) whole(i int) {
	rule := p.rule
	if rule == p.module.Rules[i] {
		p.add(rule.Loc().Row, func() { p.module.Rules = slices.Delete(p.module.Rules, i, i+1) }, "leave out %s", shown(rule))
	}
	for _, body := range bodies(rule) {
		p.body(body)
	}
	for _, part := range []any{rule.Head, rule.Body} {
		ast.WalkTerms(part, func(term *ast.Term) bool { return p.term(term) })
	}
	ast.WalkExprs(rule.Body, func(expression *ast.Expr) bool {
		if terms, ok := expression.Terms.([]*ast.Term); ok {
			p.operator(expression, terms[0])
		}
		return false
	})
}

// shown is enough of a rule to know which of several it is.
func shown(rule *ast.Rule) string {
	text := rule.Head.String()
	if len(rule.Body) > 0 && rule.Body[0].String() != "true" {
		text += " if " + rule.Body[0].String()
	}
	return text
}

// bodies are the rule's own body and those of the comprehensions and of every every in it.
func bodies(rule *ast.Rule) []*ast.Body {
	all := []*ast.Body{&rule.Body}
	ast.WalkNodes(rule, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.Every:
			all = append(all, &node.Body)
		case *ast.Term:
			switch value := node.Value.(type) {
			case *ast.SetComprehension:
				all = append(all, &value.Body)
			case *ast.ArrayComprehension:
				all = append(all, &value.Body)
			case *ast.ObjectComprehension:
				all = append(all, &value.Body)
			}
		}
		return false
	})
	return all
}

// body drops and denies each condition of a body.
func (p *pointer) body(body *ast.Body) {
	for i, expression := range *body {
		if expression.String() == "true" {
			continue
		}
		text, line := expression.String(), expression.Loc().Row
		p.add(line, func() {
			rest := slices.Concat((*body)[:i], (*body)[i+1:])
			if len(rest) == 0 {
				rest = ast.NewBody(ast.NewExpr(ast.BooleanTerm(true)))
			}
			*body = rest
		}, "drop %s", text)
		if !expression.IsSome() && !expression.IsEvery() && !expression.IsAssignment() {
			p.add(line, func() { expression.Negated = !expression.Negated }, "deny %s", text)
		}
	}
}

// term changes constants. Names of properties and rules are left: a property that does not exist is the schema's to find.
func (p *pointer) term(term *ast.Term) (stop bool) {
	if term.Loc() == nil {
		return false // not written, but meant
	}
	switch value := term.Value.(type) {
	case ast.Ref:
		return true
	case ast.Boolean:
		p.add(term.Loc().Row, func() { term.Value = !value }, "%v for %v", !value, value)
	case ast.String:
		p.add(term.Loc().Row, func() { become(term, value+"_changed") }, "another text for %s", value)
	case ast.Number:
		n, _ := value.Int()
		p.add(term.Loc().Row, func() { become(term, ast.Number(fmt.Sprint(n+1))) }, "%d for %d", n+1, n)
	case ast.Call:
		p.operator(term, value[0])
	}
	return false
}

// become gives a term another value, also where the formatter looks for it: it writes a text as it stood in the source.
func become(term *ast.Term, value ast.Value) {
	term.Value = value
	term.Location.Text = []byte(value.String())
}

// operators turns operators into ones that are nearly right.
func operators() map[string][]string {
	return map[string][]string{"equal": {"neq"}, "eq": {"neq"}, "neq": {"equal"}, "lt": {"gte", "lte"}, "lte": {"gt", "lt"},
		"gt": {"lte", "gte"}, "gte": {"lt", "gt"}, "or": {"and"}, "and": {"or"}, "minus": {"or"}, "plus": {"minus"}}
}

func (p *pointer) operator(node fmt.Stringer, name *ast.Term) {
	for _, other := range operators()[name.String()] {
		line := p.rule.Loc().Row
		if name.Loc() != nil {
			line = name.Loc().Row
		}
		p.add(line, func() { name.Value = ast.Ref{ast.VarTerm(other)} }, "%s for %s in %s", other, name, node)
	}
}
