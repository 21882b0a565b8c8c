package mapping

import (
	"strconv"
	"strings"
)

// String gives the column as it is written: alias.Name, the name in double quotes where it is not a plain word.
func (c *Column) String() string {
	if isWord(c.Name) {
		return c.Alias + "." + c.Name
	}
	return c.Alias + `."` + c.Name + `"`
}

// String gives the path as it is written.
func (n *NodePath) String() string { return n.Alias + "/" + n.Path }

// String gives the literal as it is written.
func (l *Literal) String() string {
	switch value := l.Value.(type) {
	case string:
		return "'" + strings.ReplaceAll(value, "'", "''") + "'"
	case int64:
		return strconv.FormatInt(value, 10)
	case bool:
		return strconv.FormatBool(value)
	}
	return "null"
}

// String gives the call as it is written.
func (c *Call) String() string { return c.Function + "(" + list(c.Args, ", ", Expr.String) + ")" }

// String gives the comparison as it is written.
func (c *Compare) String() string { return operand(c.Left) + " " + c.Op + " " + operand(c.Right) }

// String gives the parts with their operator between them, nested operators in parentheses.
func (l *Logic) String() string { return list(l.Parts, " "+l.Op+" ", enclosed) }

// String gives the negation as it is written.
func (n *Not) String() string { return "not " + enclosed(n.Of) }

// String gives the test as it is written.
func (n *IsNull) String() string { return operand(n.Of) + is(n.Negate) + "null" }

// String gives the test as it is written.
func (t *IsTruth) String() string {
	return operand(t.Of) + is(t.Negate) + strconv.FormatBool(t.Want)
}

// String gives the test as it is written.
func (l *InList) String() string {
	in := " in ("
	if l.Negate {
		in = " not in ("
	}
	return operand(l.Of) + in + list(l.Values, ", ", func(value Literal) string { return value.String() }) + ")"
}

// String shows the translation for people; a Case has no text form of its own, it comes from values in the YAML.
func (c *Case) String() string {
	var b strings.Builder
	b.WriteString("case " + operand(c.Of))
	for _, when := range c.When {
		b.WriteString(" when " + when.Key.String() + " then " + when.Value.String())
	}
	if c.Else != nil {
		b.WriteString(" else " + c.Else.String())
	}
	return b.String() + " end"
}

// String shows the condition for people.
func (l *Latest) String() string {
	of := list(l.Of, ", ", func(c *Column) string { return c.String() })
	return "latest(" + l.Table.Alias + " of " + of + ")"
}

func is(negate bool) string {
	if negate {
		return " is not "
	}
	return " is "
}

// operand writes what stands beside an operator: anything but a simple value goes into parentheses.
func operand(expr Expr) string {
	switch expr.(type) {
	case *Column, *Literal, *Call:
		return expr.String()
	}
	return "(" + expr.String() + ")"
}

// enclosed writes a part of and, or, not: only a nested and or or goes into parentheses.
func enclosed(expr Expr) string {
	switch expr.(type) {
	case *Logic:
		return "(" + expr.String() + ")"
	}
	return expr.String()
}

func list[T any](items []T, separator string, write func(T) string) string {
	parts := make([]string, len(items))
	for i, item := range items {
		parts[i] = write(item)
	}
	return strings.Join(parts, separator)
}
