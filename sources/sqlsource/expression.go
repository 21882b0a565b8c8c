package sqlsource

import (
	"fmt"
	"strconv"
	"strings"

	"onelondon/sources/mapping"
)

// An expression of a mapping is written in one of three ways: as text, as a truth value or, in comparisons only, as the
// bare column, so that its index can be used. A truth value may be stored as a boolean, a number or a word; it is read
// through its text, alike in every database.

// words writes a choice by the words for true and false. It avoids IN with a list, for which SQLite builds a table each
// time.
func (d *Dialect) words(of mapping.Expr, yes, no string) string {
	var b strings.Builder
	b.WriteString("CASE " + d.ended("LOWER("+d.text(of)+")"))
	for _, choice := range [...]struct {
		words  [5]string
		result string
	}{{[5]string{"1", "t", "true", "y", "yes"}, yes}, {[5]string{"0", "f", "false", "n", "no"}, no}} {
		if choice.result == "" {
			continue
		}
		for _, word := range choice.words {
			b.WriteString(" WHEN " + d.ended(d.literal(word)) + " THEN " + choice.result)
		}
	}
	return b.String() + " END"
}

// text writes an expression as text under the exact collation; null stays null.
func (d *Dialect) text(e mapping.Expr) string {
	switch e := e.(type) {
	case *mapping.Column:
		return d.columnText(e)
	case *mapping.Literal:
		return d.exact(d.bare(e))
	case *mapping.Call:
		return d.call(e)
	case *mapping.Case:
		return d.choose(e)
	}
	return d.truthText(e)
}

// bare writes a constant without a type; databases then adapt it to the other operand.
func (d *Dialect) bare(l *mapping.Literal) string {
	if l.Value == nil {
		return d.null()
	}
	return d.literal(constant(l))
}

// constant is the text of a literal; "" for null.
func constant(l *mapping.Literal) string {
	switch value := l.Value.(type) {
	case nil:
		return ""
	case string:
		return value
	case bool:
		if value {
			return "1"
		}
		return "0"
	case int64:
		return strconv.FormatInt(value, 10)
	}
	return fmt.Sprint(l.Value)
}

func (d *Dialect) texts(exprs []mapping.Expr) []string {
	all := make([]string, len(exprs))
	for i, e := range exprs {
		all[i] = d.text(e)
	}
	return all
}

func (d *Dialect) call(c *mapping.Call) string {
	args := d.texts(c.Args)
	switch c.Function {
	case "concat":
		return d.concat(c.Args)
	case "text":
		return args[0]
	case "substring":
		return d.sub(args[0], number(c.Args[1]), number(c.Args[2]))
	case "datetime":
		day, clock := d.sub(d.moments(c.Args[0]), "1", "10"), d.sub(d.unlessEmpty(d.moments(c.Args[1])), "1", "8")
		return "(" + d.joined(day, d.orElse(d.joined(d.literal(" "), clock), d.literal(""))) + ")"
	case "trim":
		return d.trim(args[0])
	case "nullif":
		return d.unlessSame(args[0], args[1])
	case "coalesce":
		if len(args) == 1 {
			return args[0]
		}
	}
	return strings.ToUpper(c.Function) + "(" + strings.Join(args, ", ") + ")"
}

// concat leaves out nulls; if everything is null, so is the result.
func (d *Dialect) concat(args []mapping.Expr) string {
	parts, never := make([]string, len(args)), false
	for i, e := range args {
		if fixed, ok := e.(*mapping.Literal); ok {
			parts[i], never = d.bare(fixed), never || constant(fixed) != ""
			if fixed.Value == nil {
				parts[i] = d.literal("")
			}
			continue
		}
		parts[i] = d.orElse(d.text(e), d.literal(""))
	}
	joined := d.exact(d.joined(parts...))
	if never {
		return joined
	}
	return d.unlessEmpty(joined)
}

// number writes a whole number given as a literal in a mapping; anything else becomes null.
func number(e mapping.Expr) string {
	if l, ok := e.(*mapping.Literal); ok {
		if value, ok := l.Value.(int64); ok {
			return strconv.FormatInt(value, 10)
		}
	}
	return "NULL"
}

func (d *Dialect) choose(c *mapping.Case) string {
	of := d.text(c.Of)
	var b strings.Builder
	b.WriteString("CASE")
	for i := range c.When {
		when := &c.When[i]
		if key, ok := when.Key.Value.(bool); ok {
			b.WriteString(" WHEN " + d.isTruth(&mapping.IsTruth{Of: c.Of, Want: key}))
		} else {
			b.WriteString(" WHEN " + d.ended(of) + " = " + d.ended(d.bare(&when.Key)))
		}
		b.WriteString(" THEN " + d.bare(&when.Value))
	}
	if len(c.When) == 0 {
		b.WriteString(" WHEN " + d.no() + " THEN " + d.null())
	}
	if c.Else != nil {
		b.WriteString(" ELSE " + d.text(c.Else))
	}
	b.WriteString(" END")
	return d.exact(b.String())
}

// truthText writes a truth value as '1', '0' or null.
func (d *Dialect) truthText(e mapping.Expr) string {
	if _, plain := d.plainTruth(e); plain || isBoolean(e) {
		sql := d.truth(e)
		return d.exact("CASE WHEN " + sql + " THEN " + d.literal("1") + " WHEN (NOT " + sql + ") THEN " + d.literal("0") + " END")
	}
	return d.exact(d.words(e, d.literal("1"), d.literal("0")))
}

// said writes a truth value in the system's own text, which truthOf reads.
func (d *Dialect) said(e mapping.Expr) string {
	if isBoolean(e) {
		return d.truthText(e)
	}
	return d.text(e)
}

func isBoolean(e mapping.Expr) bool {
	switch e.(type) {
	case *mapping.Compare, *mapping.Logic, *mapping.Not, *mapping.IsNull, *mapping.IsTruth, *mapping.InList, *mapping.Latest:
		return true
	}
	return false
}
