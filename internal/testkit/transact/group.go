package transact

import (
	"strings"

	"github.com/sqlc-dev/teesql/ast"
)

// grouping works expressions out over the rows of a group.
type grouping struct {
	*run
	group []*scope
}

func (g *grouping) value(e ast.ScalarExpression) any {
	switch call := e.(type) {
	case *ast.FunctionCall:
		if name := strings.ToUpper(call.FunctionName.Value); name == "MIN" || name == "MAX" {
			return g.extreme(call, name == "MAX")
		}
	case *ast.CastCall:
		if aggregated(call.Parameter) {
			return convert(g.value(call.Parameter), typeOf(call.DataType), 0)
		}
	case *ast.ConvertCall:
		if aggregated(call.Parameter) {
			return convert(g.value(call.Parameter), typeOf(call.DataType), isoStyle)
		}
	}
	if len(g.group) == 0 {
		return nil
	}
	return g.run.value(e, g.group[0]) // of what is grouped by, all rows have the same
}

func (g *grouping) extreme(call *ast.FunctionCall, most bool) (found any) {
	for _, at := range g.group {
		value := g.run.value(call.Parameters[0], at)
		if value == nil {
			continue
		}
		if found == nil || (compare(value, found, g.label(call.Parameters[0], at)) > 0) == most {
			found = value
		}
	}
	return found
}

// aggregated reports whether an expression is of a group and not of a row.
func aggregated(e ast.ScalarExpression) bool {
	switch e := e.(type) {
	case *ast.FunctionCall:
		name := strings.ToUpper(e.FunctionName.Value)
		return name == "MIN" || name == "MAX"
	case *ast.CastCall:
		return aggregated(e.Parameter)
	case *ast.ConvertCall:
		return aggregated(e.Parameter)
	}
	return false
}

func aggregates(elements []ast.SelectElement) bool {
	for _, element := range elements {
		if e, ok := element.(*ast.SelectScalarExpression); ok && aggregated(e.Expression) {
			return true
		}
	}
	return false
}

// kind is the type of an expression as far as a UNION cares: text or another.
func (q *run) kind(e ast.ScalarExpression, at *scope) string {
	switch e := e.(type) {
	case *ast.CastCall:
		return typeOf(e.DataType).name
	case *ast.ConvertCall:
		return typeOf(e.DataType).name
	case *ast.ColumnReferenceExpression:
		_, found := at.find(e)
		return found.kind
	case *ast.IntegerLiteral, *ast.NullLiteral:
		return "int"
	}
	return "nvarchar"
}
