package mapping

import (
	"strconv"
	"strings"
)

// String returns the column in its text form: alias.Name, with the name in double quotes unless it is a plain word.
func (c *Column) String() string {
	if isWord(c.Name) {
		return c.Alias + "." + c.Name
	}
	return c.Alias + `."` + c.Name + `"`
}

// String returns the path in its text form.
func (n *NodePath) String() string { return n.Alias + "/" + n.Path }

// String returns the literal in its text form.
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

// String returns the call in its text form.
func (c *Call) String() string { return c.Function + "(" + list(c.Args, ", ", Expr.String) + ")" }

// String returns the comparison in its text form.
func (c *Compare) String() string { return operand(c.Left) + " " + c.Op + " " + operand(c.Right) }

// String returns the parts joined by the operator, with nested operators in parentheses.
func (l *Logic) String() string { return list(l.Parts, " "+l.Op+" ", enclosed) }

// String returns the negation in its text form.
func (n *Not) String() string { return "not " + enclosed(n.Of) }

// String returns the test in its text form.
func (n *IsNull) String() string { return operand(n.Of) + is(n.Negate) + "null" }

// String returns the test in its text form.
func (t *IsTruth) String() string {
	return operand(t.Of) + is(t.Negate) + strconv.FormatBool(t.Want)
}

// String returns the test in its text form.
func (l *InList) String() string {
	in := " in ("
	if l.Negate {
		in = " not in ("
	}
	return operand(l.Of) + in + list(l.Values, ", ", func(value Literal) string { return value.String() }) + ")"
}

// String describes the translation for people; a Case has no text form, since it comes from values in the YAML.
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

// String describes the condition for people.
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

// operand writes an operand, in parentheses unless it is a simple value.
func operand(expr Expr) string {
	switch expr.(type) {
	case *Column, *Literal, *Call:
		return expr.String()
	}
	return "(" + expr.String() + ")"
}

// enclosed writes an operand of and, or and not, in parentheses only if it is itself an and or or.
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
