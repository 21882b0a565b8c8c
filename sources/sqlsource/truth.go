package sqlsource

import (
	"strings"

	"onelondon/sources/mapping"
)

// truth writes an expression as a parenthesised three-valued truth value.
func (d *Dialect) truth(e mapping.Expr) string {
	switch e := e.(type) {
	case *mapping.Compare:
		return "(" + d.compare(e) + ")"
	case *mapping.Logic:
		parts := make([]string, len(e.Parts))
		for i, part := range e.Parts {
			parts[i] = d.truth(part)
		}
		return "(" + strings.Join(parts, " "+strings.ToUpper(e.Op)+" ") + ")"
	case *mapping.Not:
		return "(NOT " + d.truth(e.Of) + ")"
	case *mapping.IsNull:
		return "(" + d.value(e.Of) + " IS " + negated(e.Negate) + "NULL)"
	case *mapping.IsTruth:
		return d.isTruth(e)
	case *mapping.InList:
		return d.inList(e)
	case *mapping.Latest:
		return d.latest(e)
	case *mapping.Literal:
		return d.truthLiteral(e)
	}
	if plain, ok := d.plainTruth(e); ok {
		return "(" + plain + ")"
	}
	return "(" + d.chosen(func(yes, no string) string { return d.words(e, yes, no) }) + ")"
}

func (d *Dialect) truthLiteral(l *mapping.Literal) string {
	set, known := truthOf(constant(l))
	switch {
	case !known:
		return d.neither()
	case set:
		return d.yes()
	}
	return d.no()
}

func negated(negate bool) string {
	if negate {
		return "NOT "
	}
	return ""
}

// isTruth reads a column only as far as the test needs.
func (d *Dialect) isTruth(e *mapping.IsTruth) string {
	if _, plain := d.plainTruth(e.Of); plain || isBoolean(e.Of) {
		return d.isOrNot(d.truth(e.Of), e.Want, e.Negate)
	}
	return d.isWord(func(yes string) string {
		if e.Want {
			return d.words(e.Of, yes, "")
		}
		return d.words(e.Of, "", yes)
	}, e.Negate)
}

// compare leaves columns bare, so that an index can be used; an untyped literal adapts to the column. If the column's
// own comparison is loose, a literal is compared exactly as well.
func (d *Dialect) compare(e *mapping.Compare) string {
	op := e.Op
	if op == "!=" {
		op = "<>"
	}
	if isBool(e.Left) || isBool(e.Right) || isBoolean(e.Left) || isBoolean(e.Right) {
		return d.truthValue(e.Left) + " " + op + " " + d.truthValue(e.Right)
	}
	exactly := isString(e.Left) || isString(e.Right) || d.Transact && (isMade(e.Left) || isMade(e.Right))
	if d.LooseText && (op == "=" || op == "<>") && exactly {
		return d.ended(d.text(e.Left)) + " " + op + " " + d.ended(d.text(e.Right))
	}
	return d.operand(e.Left) + " " + op + " " + d.operand(e.Right)
}

// isMade reports whether an expression is computed text, which has no index and no type of its own.
func isMade(e mapping.Expr) bool {
	switch e.(type) {
	case *mapping.Call, *mapping.Case:
		return true
	}
	return false
}

// value writes an operand that must be a value, whatever the dialect does with truth values.
func (d *Dialect) value(e mapping.Expr) string {
	if isBoolean(e) {
		return d.truthValue(e)
	}
	return d.operand(e)
}

func (d *Dialect) operand(e mapping.Expr) string {
	switch e := e.(type) {
	case *mapping.Column:
		return d.column(e)
	case *mapping.Literal:
		return d.bare(e)
	}
	if isBoolean(e) {
		return d.truth(e)
	}
	return d.text(e)
}

func isBool(e mapping.Expr) bool {
	l, ok := e.(*mapping.Literal)
	if !ok {
		return false
	}
	_, ok = l.Value.(bool)
	return ok
}

func isString(e mapping.Expr) bool {
	l, ok := e.(*mapping.Literal)
	if !ok {
		return false
	}
	_, ok = l.Value.(string)
	return ok
}

func (d *Dialect) inList(e *mapping.InList) string {
	if len(e.Values) == 0 {
		return "(" + d.truth(&mapping.Literal{Value: e.Negate}) + ")"
	}
	truths, texts := false, false
	values := make([]string, len(e.Values))
	for i := range e.Values {
		truths = truths || isBool(&e.Values[i])
		texts = texts || isString(&e.Values[i])
		values[i] = d.bare(&e.Values[i])
	}
	of := d.value(e.Of)
	if truths {
		of = d.truthText(e.Of)
	} else if d.LooseText && texts {
		of = d.ended(d.text(e.Of))
		for i := range values {
			values[i] = d.ended(values[i])
		}
	}
	return "(" + of + " " + negated(e.Negate) + "IN (" + strings.Join(values, ", ") + "))"
}
