package aql

import (
	"fmt"
	"strings"
)

// String writes the query on one line.
func (q *Query) String() string {
	var b strings.Builder
	b.WriteString("SELECT ")
	for i := range q.Select {
		if i > 0 {
			b.WriteString(", ")
		}
		item := &q.Select[i]
		if item.Function != "" {
			b.WriteString(item.Function + "(" + item.Path.String() + ")")
		} else {
			b.WriteString(item.Path.String())
		}
		if item.As != "" {
			b.WriteString(" AS " + item.As)
		}
	}
	b.WriteString(" FROM " + q.From.String())
	if q.Where != nil {
		b.WriteString(" WHERE " + q.Where.String())
	}
	for i, order := range q.Order {
		b.WriteString([]string{" ORDER BY ", ", "}[min(i, 1)] + order.Path.String())
		if order.Descending {
			b.WriteString(" DESC")
		}
	}
	if q.Limit > 0 {
		fmt.Fprintf(&b, " LIMIT %d", q.Limit)
		if q.Offset > 0 {
			fmt.Fprintf(&b, " OFFSET %d", q.Offset)
		}
	}
	return b.String()
}

// String writes the path.
func (p *Path) String() string {
	var b strings.Builder
	b.WriteString(p.Variable)
	for _, step := range p.Steps {
		b.WriteString("/" + step.Attribute)
		if step.Node != "" {
			b.WriteString("[" + step.Node)
			if step.Name != "" {
				b.WriteString(" and name/value=" + quote(step.Name))
			}
			b.WriteString("]")
		}
	}
	return b.String()
}

// String writes the containment.
func (c *Containment) String() string {
	if c.Op != "" {
		parts := make([]string, len(c.Parts))
		for i := range c.Parts {
			parts[i] = c.Parts[i].String()
			if c.Parts[i].Contains != nil {
				parts[i] = "(" + parts[i] + ")"
			}
		}
		return "(" + strings.Join(parts, " "+string(c.Op)+" ") + ")"
	}
	text := c.Class
	if c.Variable != "" {
		text += " " + c.Variable
	}
	switch {
	case c.Latest:
		text += "[LATEST_VERSION]"
	case c.Archetype != "":
		text += "[" + c.Archetype + "]"
	}
	if c.Contains != nil {
		text += " CONTAINS " + c.Contains.String()
	}
	return text
}

// String writes the condition.
func (c *Condition) String() string {
	switch c.Op {
	case And, Or:
		parts := make([]string, len(c.Parts))
		for i := range c.Parts {
			parts[i] = c.Parts[i].String()
		}
		return "(" + strings.Join(parts, " "+string(c.Op)+" ") + ")"
	case Not:
		return "NOT (" + c.Parts[0].String() + ")"
	case Matches:
		values := make([]string, len(c.Values))
		for i := range c.Values {
			values[i] = c.Values[i].String()
		}
		return c.Path.String() + " matches {" + strings.Join(values, ", ") + "}"
	}
	return c.Path.String() + " " + string(c.Op) + " " + c.Values[0].String()
}

// String writes the value.
func (v *Value) String() string {
	if v.Parameter != "" {
		return "$" + v.Parameter
	}
	if text, ok := v.Literal.(string); ok {
		return quote(text)
	}
	return fmt.Sprint(v.Literal)
}

func quote(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
