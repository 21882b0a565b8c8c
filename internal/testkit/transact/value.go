package transact

import (
	"strconv"
	"strings"

	"github.com/sqlc-dev/teesql/ast"
)

// value works an expression out.
func (q *run) value(e ast.ScalarExpression, at *scope) any {
	switch e := e.(type) {
	case *ast.StringLiteral:
		return e.Value
	case *ast.IntegerLiteral:
		return wholeOf(e.Value)
	case *ast.NumericLiteral:
		whole, behind, _ := strings.Cut(e.Value, ".")
		if number, err := strconv.ParseInt(whole, 10, 64); err == nil && behind == "" {
			return number
		}
		return decimal{numberOf(e.Value), len(behind)}
	case *ast.NullLiteral:
		return nil
	case *ast.UnaryExpression:
		if number, ok := q.value(e.Expression, at).(int64); ok && e.UnaryExpressionType == "Negative" {
			return -number
		}
	case *ast.VariableReference:
		return q.argument(e)
	case *ast.ColumnReferenceExpression:
		value, _ := at.find(e)
		return value
	case *ast.ParenthesisExpression:
		return q.value(e.Expression, at)
	case *ast.BinaryExpression:
		return sum(e.BinaryExpressionType, q.value(e.FirstExpression, at), q.value(e.SecondExpression, at))
	case *ast.SearchedCaseExpression, *ast.SimpleCaseExpression:
		return q.choose(e, at)
	case *ast.NullIfExpression:
		if q.compares("Equals", e.FirstExpression, e.SecondExpression, at) == yes {
			return nil
		}
		return q.value(e.FirstExpression, at)
	case *ast.CoalesceExpression:
		for _, one := range e.Expressions {
			if value := q.value(one, at); value != nil {
				return value
			}
		}
		return nil
	case *ast.CastCall, *ast.ConvertCall, *ast.TryConvertCall:
		return q.converted(e, at)
	case *ast.FunctionCall:
		return q.call(e, at)
	}
	fail("expression %T", e)
	return nil
}

func (q *run) argument(e *ast.VariableReference) any {
	number, err := strconv.Atoi(strings.TrimPrefix(e.Name, "@p"))
	if err != nil || number < 1 || number > len(q.args) {
		fail("error 137: must declare the scalar variable %q", e.Name)
	}
	switch value := q.args[number-1].(type) {
	case bool:
		if value {
			return int64(1)
		}
		return int64(0)
	case int:
		return int64(value)
	default:
		return value
	}
}

func sum(how string, one, other any) any {
	if one == nil || other == nil {
		return nil
	}
	first, isText := one.(string)
	second, areTexts := other.(string)
	switch {
	case isText && areTexts && how == "Add":
		return first + second
	case isText || areTexts:
		if isText && areTexts {
			fail("texts joined by %s", how)
		}
		return wholeSum(how, wholeOf(one), wholeOf(other)) // + of a number and a text is a sum
	}
	return wholeSum(how, wholeOf(one), wholeOf(other))
}

func wholeSum(how string, one, other int64) any {
	switch how {
	case "Add":
		return one + other
	case "Subtract":
		return one - other
	}
	fail("operator %s", how)
	return nil
}

func (q *run) choose(e ast.ScalarExpression, at *scope) any {
	var chosen, otherwise ast.ScalarExpression
	switch e := e.(type) {
	case *ast.SearchedCaseExpression:
		otherwise = e.ElseExpression
		for _, when := range e.WhenClauses {
			if q.holds(when.WhenExpression, at) == yes {
				chosen = when.ThenExpression
				break
			}
		}
	case *ast.SimpleCaseExpression:
		otherwise = e.ElseExpression
		for _, when := range e.WhenClauses {
			if q.compares("Equals", e.InputExpression, when.WhenExpression, at) == yes {
				chosen = when.ThenExpression
				break
			}
		}
	}
	if chosen == nil {
		chosen = otherwise
	}
	if chosen == nil {
		return nil
	}
	return q.value(chosen, at)
}

func (q *run) converted(e ast.ScalarExpression, at *scope) (made any) {
	switch e := e.(type) {
	case *ast.CastCall:
		return convert(q.value(e.Parameter, at), typeOf(e.DataType), 0)
	case *ast.ConvertCall:
		style := 0
		if e.Style != nil {
			style = int(wholeOf(q.value(e.Style, at)))
		}
		return convert(q.value(e.Parameter, at), typeOf(e.DataType), style)
	case *ast.TryConvertCall:
		defer func() {
			if thrown := recover(); thrown != nil {
				made = nil // as the function says
			}
		}()
		return convert(q.value(e.Parameter, at), typeOf(e.DataType), 0)
	}
	return nil
}

// call works a function of one row out.
func (q *run) call(e *ast.FunctionCall, at *scope) any {
	args := make([]any, len(e.Parameters))
	for i, parameter := range e.Parameters {
		args[i] = q.value(parameter, at)
	}
	name := strings.ToUpper(e.FunctionName.Value)
	if name == "ISNULL" && len(args) == 2 {
		if args[0] == nil {
			return args[1]
		}
		return args[0]
	}
	switch name {
	case "SCHEMA_NAME":
		return "dbo"
	case "DB_ID":
		return int64(5)
	}
	for _, arg := range args {
		if arg == nil {
			return nil
		}
	}
	switch name + "/" + strconv.Itoa(len(args)) {
	case "LOWER/1":
		return strings.ToLower(text(args[0]))
	case "UPPER/1":
		return strings.ToUpper(text(args[0]))
	case "LTRIM/1":
		return strings.TrimLeft(text(args[0]), " ")
	case "RTRIM/1":
		return strings.TrimRight(text(args[0]), " ")
	case "REPLACE/3":
		return strings.ReplaceAll(text(args[0]), text(args[1]), text(args[2]))
	case "LEN/1":
		return int64(len(units(strings.TrimRight(text(args[0]), " "))))
	case "DATALENGTH/1":
		return int64(2 * len(units(text(args[0]))))
	case "NCHAR/1":
		return string(rune(wholeOf(args[0])))
	case "SUBSTRING/3":
		return substring(text(args[0]), wholeOf(args[1]), wholeOf(args[2]))
	}
	fail("function %s of %d", name, len(args))
	return nil
}

// text is an argument that must be text.
func text(value any) string {
	t, ok := value.(string)
	if !ok {
		return textOf(value, 0)
	}
	return t
}

func substring(text string, from, length int64) string {
	if length < 0 {
		fail("error 537: invalid length parameter passed to the SUBSTRING function")
	}
	all := units(text)
	first, last := max(from-1, 0), min(from-1+length, int64(len(all)))
	if first >= last {
		return ""
	}
	return ofUnits(all[first:last])
}
