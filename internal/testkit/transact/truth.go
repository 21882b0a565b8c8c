package transact

import (
	"strings"

	"github.com/sqlc-dev/teesql/ast"
)

// truth has three values.
type truth uint8

const (
	no truth = iota
	unknown
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// holds works a condition out.
func (q *run) holds(e ast.BooleanExpression, at *scope) truth {
	switch e := e.(type) {
	case *ast.BooleanParenthesisExpression:
		return q.holds(e.Expression, at)
	case *ast.BooleanNotExpression:
		return yes - q.holds(e.Expression, at)
	case *ast.BooleanBinaryExpression:
		one := q.holds(e.FirstExpression, at)
		if e.BinaryExpressionType == "And" {
			if one == no {
				return no
			}
			return min(one, q.holds(e.SecondExpression, at))
		}
		if one == yes {
			return yes
		}
		return max(one, q.holds(e.SecondExpression, at))
	case *ast.BooleanIsNullExpression:
		return truthOf((q.value(e.Expression, at) == nil) != e.IsNot)
	case *ast.BooleanComparisonExpression:
		return q.compares(e.ComparisonType, e.FirstExpression, e.SecondExpression, at)
	case *ast.BooleanTernaryExpression:
		if e.TernaryExpressionType != "Between" {
			fail("condition %s", e.TernaryExpressionType)
		}
		return min(q.compares("GreaterThanOrEqualTo", e.FirstExpression, e.SecondExpression, at),
			q.compares("LessThanOrEqualTo", e.FirstExpression, e.ThirdExpression, at))
	case *ast.ExistsPredicate:
		return truthOf(q.exists(e, at))
	case *ast.BooleanInExpression:
		found := q.among(e, at)
		if e.NotDefined {
			return yes - found
		}
		return found
	}
	fail("condition %T", e)
	return no
}

// exists looks for a row of a query that may speak of the row outside.
func (q *run) exists(e *ast.ExistsPredicate, at *scope) bool {
	asked := branches(e.Subquery)
	if len(asked) != 1 || asked[0].WhereClause == nil || asked[0].GroupByClause != nil || asked[0].TopRowFilter != nil {
		fail("EXISTS of another query than a plain one")
	}
	for _, row := range q.from(asked[0].FromClause, nil) {
		for i := range at.names {
			row = row.beside(at.names[i], at.tables[i], at.rows[i])
		}
		if q.holds(asked[0].WhereClause.SearchCondition, row) == yes {
			return true
		}
	}
	return false
}

func (q *run) compares(how string, first, second ast.ScalarExpression, at *scope) truth {
	one, other := q.value(first, at), q.value(second, at)
	if one == nil || other == nil {
		return unknown
	}
	order := compare(one, other, q.label(first, at).compared(q.label(second, at)))
	switch how {
	case "Equals":
		return truthOf(order == 0)
	case "NotEqualToBrackets", "NotEqualToExclamation":
		return truthOf(order != 0)
	case "LessThan":
		return truthOf(order < 0)
	case "LessThanOrEqualTo":
		return truthOf(order <= 0)
	case "GreaterThan":
		return truthOf(order > 0)
	case "GreaterThanOrEqualTo":
		return truthOf(order >= 0)
	}
	fail("comparison %s", how)
	return no
}

func (q *run) among(e *ast.BooleanInExpression, at *scope) truth {
	if e.Subquery != nil {
		return q.amongRows(e, at)
	}
	found := no
	for _, value := range e.Values {
		found = max(found, q.compares("Equals", e.Expression, value, at))
	}
	return found
}

func (q *run) amongRows(e *ast.BooleanInExpression, at *scope) truth {
	list := q.derived(e.Subquery)
	if len(list.columns) != 1 {
		fail("IN a query of %d columns", len(list.columns))
	}
	value := q.value(e.Expression, at)
	if value == nil {
		return truthOf(false) + truth(min(1, len(list.rows)))
	}
	l := q.label(e.Expression, at).compared(list.columns[0].label)
	found := no
	for _, row := range list.rows {
		switch {
		case row[0] == nil:
			found = max(found, unknown)
		case compare(value, row[0], l) == 0:
			return yes
		}
	}
	return found
}

// compare orders two values that are not null. One of them becomes what the other is, by the precedence of types.
func compare(one, other any, l label) int {
	first, isText := one.(string)
	second, areTexts := other.(string)
	if isText && areTexts {
		return strings.Compare(weight(first, l), weight(second, l))
	}
	_, isMoment := one.(moment)
	_, orMoment := other.(moment)
	if isMoment || orMoment {
		return strings.Compare(momentOf(one, "datetime2").text, momentOf(other, "datetime2").text)
	}
	if isWhole(one, other) {
		return sign(wholeOf(one), wholeOf(other))
	}
	return sign(numberOf(one), numberOf(other))
}

// isWhole reports whether two values are compared as whole numbers.
func isWhole(one, other any) bool {
	for _, value := range []any{one, other} {
		switch value.(type) {
		case float64, decimal:
			return false
		}
	}
	return true
}

func sign[N int64 | float64](one, other N) int {
	switch {
	case one < other:
		return -1
	case one > other:
		return 1
	}
	return 0
}

// weight is what a text is compared by: its code units, each as two bytes, or its letters whatever their case; without trailing
// blanks, which are as if they were not there, before what is less than a blank.
func weight(text string, l label) string {
	text = strings.TrimRight(text, " ")
	if !l.isBinary() {
		text = strings.ToLower(strings.Map(func(r rune) rune {
			if r < ' ' {
				return -1
			}
			return r
		}, text))
	}
	all := units(text)
	bytes := make([]byte, 0, 2*len(all)+8)
	for _, unit := range all {
		bytes = append(bytes, byte(unit>>8), byte(unit))
	}
	return string(append(bytes, 0, ' ')) // a shorter text is filled up with blanks
}
