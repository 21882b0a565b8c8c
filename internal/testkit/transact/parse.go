package transact

import (
	"context"
	"fmt"
	"strings"

	"github.com/sqlc-dev/teesql/ast"
	"github.com/sqlc-dev/teesql/parser"
)

// fault ends a statement. It is thrown within the package and handed out as an error.
type fault struct{ text string }

func (f fault) Error() string { return f.text }

func fail(format string, args ...any) { panic(fault{fmt.Sprintf(format, args...)}) }

// caught turns a fault into an error.
func caught(err *error) {
	switch thrown := recover().(type) {
	case nil:
	case fault:
		*err = thrown
	default:
		panic(thrown)
	}
}

// statements parses one batch.
func statements(sql string) []ast.Statement {
	script, err := parser.Parse(context.Background(), strings.NewReader(sql))
	if err != nil {
		fail("parse: %v", err)
	}
	if len(script.Batches) != 1 {
		fail("parse: %d batches", len(script.Batches))
	}
	return script.Batches[0].Statements
}

// question parses one SELECT, before which the session may be told who asks.
func question(sql string) *ast.SelectStatement {
	all := statements(sql)
	for len(all) > 1 {
		_, declares := all[0].(*ast.DeclareVariableStatement)
		if procedure := calls(all[0]); procedure != "sp_set_session_context" && !declares {
			fail("statement before the question: %T %s", all[0], procedure)
		}
		all = all[1:]
	}
	if len(all) != 1 {
		fail("%d statements", len(all))
	}
	asked, ok := all[0].(*ast.SelectStatement)
	if !ok || asked.Into != nil || asked.QueryExpression == nil {
		fail("no question: %T", all[0])
	}
	return asked
}

// calls is the procedure that a statement runs.
func calls(statement ast.Statement) string {
	run, ok := statement.(*ast.ExecuteStatement)
	if !ok {
		return ""
	}
	entity, ok := run.ExecuteSpecification.ExecutableEntity.(*ast.ExecutableProcedureReference)
	if !ok || entity.ProcedureReference == nil || entity.ProcedureReference.ProcedureReference == nil {
		return ""
	}
	return entity.ProcedureReference.ProcedureReference.Name.BaseIdentifier.Value
}

// branches are the SELECTs of a UNION ALL.
func branches(e ast.QueryExpression) []*ast.QuerySpecification {
	switch e := e.(type) {
	case *ast.QuerySpecification:
		return []*ast.QuerySpecification{e}
	case *ast.QueryParenthesisExpression:
		return branches(e.QueryExpression)
	case *ast.BinaryQueryExpression:
		if e.BinaryQueryExpressionType != "Union" || !e.All || e.OrderByClause != nil {
			fail("a set operation that is no UNION ALL: %s", e.BinaryQueryExpressionType)
		}
		return append(branches(e.FirstQueryExpression), branches(e.SecondQueryExpression)...)
	}
	fail("query %T", e)
	return nil
}
