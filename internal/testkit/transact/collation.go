package transact

import (
	"strings"

	"github.com/sqlc-dev/teesql/ast"
)

// A text has a collation and a level at which it has it, as the documentation of collation precedence says.

const (
	byLanguage = "by language"
	binary     = "binary"
)

type level uint8

const (
	coercible level = iota
	implicit
	explicit
	conflicting // two implicit collations met; the text cannot be compared
)

type label struct {
	collation string
	level     level
}

func (l label) isBinary() bool { return l.collation == binary }

func collate(name *ast.Identifier) label {
	if strings.HasSuffix(strings.ToUpper(name.Value), "_BIN2") {
		return label{binary, explicit}
	}
	return label{byLanguage, explicit}
}

// with is the label of what two texts make together.
func (l label) with(other label) label {
	switch {
	case l.level == explicit && other.level == explicit && l.collation != other.collation:
		fail("error 468: cannot resolve the collation conflict between two explicit collations")
	case l.level == explicit || other.level == coercible:
		return l
	case other.level == explicit || l.level == coercible:
		return other
	case l.level == conflicting || other.level == conflicting || l.collation != other.collation:
		return label{level: conflicting}
	}
	return l
}

// compared is the label under which two texts are compared.
func (l label) compared(other label) label {
	both := l.with(other)
	if both.level == conflicting {
		fail("error 468: cannot resolve the collation conflict in a comparison")
	}
	return both
}

// label finds an expression's label.
func (q *run) label(e ast.ScalarExpression, at *scope) label {
	if known, ok := q.labels[e]; ok {
		return known
	}
	found := q.labelOf(e, at)
	if q.labels == nil {
		q.labels = map[ast.ScalarExpression]label{}
	}
	q.labels[e] = found
	return found
}

func (q *run) labelOf(e ast.ScalarExpression, at *scope) label {
	if name := named(e); name != nil {
		return collate(name)
	}
	switch e := e.(type) {
	case *ast.ColumnReferenceExpression:
		_, found := at.find(e)
		return found.label
	case *ast.CastCall:
		return q.label(e.Parameter, at)
	case *ast.ConvertCall:
		return q.label(e.Parameter, at)
	case *ast.ParenthesisExpression:
		return q.label(e.Expression, at)
	case *ast.BinaryExpression:
		return q.label(e.FirstExpression, at).with(q.label(e.SecondExpression, at))
	case *ast.NullIfExpression:
		return q.label(e.FirstExpression, at)
	case *ast.CoalesceExpression:
		return q.together(e.Expressions, at)
	case *ast.FunctionCall:
		return q.together(e.Parameters, at)
	case *ast.SearchedCaseExpression:
		all := []ast.ScalarExpression{e.ElseExpression}
		for _, when := range e.WhenClauses {
			all = append(all, when.ThenExpression)
		}
		return q.together(all, at)
	case *ast.SimpleCaseExpression:
		all := []ast.ScalarExpression{e.ElseExpression}
		for _, when := range e.WhenClauses {
			all = append(all, when.ThenExpression)
		}
		return q.together(all, at)
	}
	return label{collation: byLanguage}
}

func (q *run) together(all []ast.ScalarExpression, at *scope) label {
	made := label{collation: byLanguage}
	for _, e := range all {
		if e != nil {
			made = made.with(q.label(e, at))
		}
	}
	return made
}

// named is the collation that an expression is given.
func named(e ast.ScalarExpression) *ast.Identifier {
	switch e := e.(type) {
	case *ast.ColumnReferenceExpression:
		return e.Collation
	case *ast.CastCall:
		return e.Collation
	case *ast.ConvertCall:
		return e.Collation
	case *ast.FunctionCall:
		return e.Collation
	case *ast.SearchedCaseExpression:
		return e.Collation
	case *ast.SimpleCaseExpression:
		return e.Collation
	}
	return nil
}
