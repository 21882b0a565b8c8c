package sqlsource

import (
	"fmt"
	"strconv"
	"strings"

	"onelondon/sources/mapping"
)

// An expression of a mapping is written in one of three ways: as text, as a truth value, or, in comparisons only, as the
// column itself so that its index serves. A truth value in a column may be a boolean, a number or a word; it is read through
// its text, alike in every database.
const (
	trueWords  = "('1', 't', 'true', 'y', 'yes')"
	falseWords = "('0', 'f', 'false', 'n', 'no')"
)

func column(c *mapping.Column) string { return name(c.Alias) + "." + name(c.Name) }

// text writes an expression as text under the exact collation; null stays null.
func (d *Dialect) text(e mapping.Expr) string {
	switch e := e.(type) {
	case *mapping.Column:
		return d.exact(column(e))
	case *mapping.Literal:
		return d.exact(bare(e))
	case *mapping.Call:
		return d.call(e)
	case *mapping.Case:
		return d.choose(e)
	}
	return d.truthText(e)
}

// bare writes a constant without a type; databases then take it for whatever it is compared with.
func bare(l *mapping.Literal) string {
	if l.Value == nil {
		return "NULL"
	}
	return literal(constant(l))
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
		return "SUBSTR(" + args[0] + ", " + number(c.Args[1]) + ", " + number(c.Args[2]) + ")"
	case "datetime":
		day := "SUBSTR(" + args[0] + ", 1, 10)"
		return "(" + day + " || COALESCE(' ' || SUBSTR(NULLIF(" + args[1] + ", ''), 1, 8), ''))"
	case "coalesce":
		if len(args) == 1 {
			return args[0]
		}
	}
	return strings.ToUpper(c.Function) + "(" + strings.Join(args, ", ") + ")"
}

// concat leaves out what is null; nothing at all is null.
func (d *Dialect) concat(args []mapping.Expr) string {
	parts, never := make([]string, len(args)), false
	for i, e := range args {
		if fixed, ok := e.(*mapping.Literal); ok {
			parts[i], never = bare(fixed), never || constant(fixed) != ""
			if fixed.Value == nil {
				parts[i] = "''"
			}
			continue
		}
		parts[i] = "COALESCE(" + d.text(e) + ", '')"
	}
	joined := d.exact(strings.Join(parts, " || "))
	if never {
		return joined
	}
	return "NULLIF(" + joined + ", '')"
}

// number writes a whole number that a mapping gave as a literal; anything else counts as nothing.
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
			b.WriteString(" WHEN LOWER(" + of + ") IN " + words(key))
		} else {
			b.WriteString(" WHEN " + of + " = " + bare(&when.Key))
		}
		b.WriteString(" THEN " + bare(&when.Value))
	}
	if len(c.When) == 0 {
		b.WriteString(" WHEN FALSE THEN NULL")
	}
	if c.Else != nil {
		b.WriteString(" ELSE " + d.text(c.Else))
	}
	b.WriteString(" END")
	return d.exact(b.String())
}

func words(yes bool) string {
	if yes {
		return trueWords
	}
	return falseWords
}

// truthText writes a truth value as '1', '0' or null.
func (d *Dialect) truthText(e mapping.Expr) string {
	if isBoolean(e) {
		sql := d.truth(e)
		return d.exact("CASE WHEN " + sql + " THEN '1' WHEN (NOT " + sql + ") THEN '0' END")
	}
	of := "LOWER(" + d.text(e) + ")"
	return d.exact("CASE WHEN " + of + " IN " + trueWords + " THEN '1' WHEN " + of + " IN " + falseWords + " THEN '0' END")
}

// said writes a truth value as whatever text the system has for it; truthOf reads it.
func (d *Dialect) said(e mapping.Expr) string {
	if isBoolean(e) {
		return d.truthText(e)
	}
	return d.text(e)
}

func isBoolean(e mapping.Expr) bool {
	switch e.(type) {
	case *mapping.Compare, *mapping.Logic, *mapping.Not, *mapping.IsNull, *mapping.IsTruth, *mapping.InList:
		return true
	}
	return false
}
