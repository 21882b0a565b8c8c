package mapping

import (
	"fmt"
	"strings"

	"onelondon/internal/yamltree"
)

// arity is the number of arguments that a function takes; most is 0 if unlimited.
type arity struct{ least, most int }

// arityOf returns the arity of a function of the language.
func arityOf(function string) (arity, bool) {
	switch function {
	case "coalesce", "concat":
		return arity{2, 0}, true
	case "nullif", "datetime":
		return arity{2, 2}, true
	case "substring":
		return arity{3, 3}, true
	case "trim", "lower", "upper", "text":
		return arity{1, 1}, true
	}
	return arity{}, false
}

func (p *parser) call(name token) Expr {
	function := strings.ToLower(name.text)
	limits, ok := arityOf(function)
	if !ok {
		p.stop(name.at, "function %s is not known; use coalesce, concat, nullif, trim, lower, upper, substring, text or datetime", yamltree.Show(name.text))
		return &Literal{}
	}
	if !p.enter() {
		return &Literal{}
	}
	defer p.leave()
	call := &Call{Function: function, Args: []Expr{p.or()}}
	for p.symbol(",") {
		call.Args = append(call.Args, p.or())
	}
	p.expect(")")
	if p.failed {
		return call
	}
	if n := len(call.Args); n < limits.least || limits.most > 0 && n > limits.most {
		p.note(name.at, "%s takes %s, not %d", function, limits, n)
	} else if function == "substring" && !(positive(call.Args[1]) && positive(call.Args[2])) {
		p.note(name.at, "substring takes a first place and a length, both whole numbers from 1; write substring(x, 1, 7)")
	}
	return call
}

// String describes the number of arguments.
func (a arity) String() string {
	switch {
	case a.most == 0:
		return fmt.Sprintf("%d arguments or more", a.least)
	case a.least == 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", a.least)
}

func positive(expr Expr) bool {
	literal, ok := expr.(*Literal)
	if !ok {
		return false
	}
	number, ok := literal.Value.(int64)
	return ok && number >= 1
}
