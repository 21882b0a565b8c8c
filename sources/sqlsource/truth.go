package sqlsource

import (
	"strings"

	"onelondon/sources/mapping"
)

// truth writes an expression as a parenthesised truth value of three values.
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
		return "(" + d.operand(e.Of) + " IS " + negated(e.Negate) + "NULL)"
	case *mapping.IsTruth:
		return d.isTruth(e)
	case *mapping.InList:
		return d.inList(e)
	case *mapping.Literal:
		return truthLiteral(e)
	}
	if plain, ok := d.plainTruth(e); ok {
		return "(" + plain + ")"
	}
	return "(" + d.words(e, "TRUE", "FALSE") + ")"
}

func truthLiteral(l *mapping.Literal) string {
	set, known := truthOf(constant(l))
	switch {
	case !known:
		return "(TRUE AND NULL)"
	case set:
		return "TRUE"
	}
	return "FALSE"
}

func negated(negate bool) string {
	if negate {
		return "NOT "
	}
	return ""
}

// isTruth reads a column only as far as the question needs.
func (d *Dialect) isTruth(e *mapping.IsTruth) string {
	if _, plain := d.plainTruth(e.Of); plain || isBoolean(e.Of) {
		want := "FALSE"
		if e.Want {
			want = "TRUE"
		}
		return "(" + d.truth(e.Of) + " IS " + negated(e.Negate) + want + ")"
	}
	chosen := d.words(e.Of, "", "TRUE")
	if e.Want {
		chosen = d.words(e.Of, "TRUE", "")
	}
	return "((" + chosen + ") IS " + negated(e.Negate) + "TRUE)"
}

// compare leaves columns as they are, so that an index can serve; a literal has no type of its own and takes the column's.
// Where the column's own comparison is loose, a literal is compared exactly instead.
func (d *Dialect) compare(e *mapping.Compare) string {
	op := e.Op
	if op == "!=" {
		op = "<>"
	}
	if isBool(e.Left) || isBool(e.Right) || isBoolean(e.Left) || isBoolean(e.Right) {
		return d.truth(e.Left) + " " + op + " " + d.truth(e.Right)
	}
	if d.LooseText && (op == "=" || op == "<>") && (isString(e.Left) || isString(e.Right)) {
		return d.text(e.Left) + " " + op + " " + d.text(e.Right)
	}
	return d.operand(e.Left) + " " + op + " " + d.operand(e.Right)
}

func (d *Dialect) operand(e mapping.Expr) string {
	switch e := e.(type) {
	case *mapping.Column:
		return column(e)
	case *mapping.Literal:
		return bare(e)
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
		values[i] = bare(&e.Values[i])
	}
	of := d.operand(e.Of)
	if truths {
		of = d.truthText(e.Of)
	} else if d.LooseText && texts {
		of = d.text(e.Of)
	}
	return "(" + of + " " + negated(e.Negate) + "IN (" + strings.Join(values, ", ") + "))"
}
