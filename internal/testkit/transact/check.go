package transact

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/sqlc-dev/teesql/ast"
)

// Check parses a question and holds it to what the server refuses, or takes for something else, though it parses. It is what
// [Database.Query] does first.
func Check(sql string, parameters int) (err error) {
	defer caught(&err)
	check(question(sql), parameters)
	return nil
}

// The server's limits.
const (
	mostParameters = 2100
	deepestCase    = 10
)

type checker struct {
	used map[int]bool
}

func check(asked *ast.SelectStatement, parameters int) {
	c := &checker{used: map[int]bool{}}
	c.node(reflect.ValueOf(asked), 0)
	if parameters > mostParameters {
		fail("error 8003: too many parameters: %d", parameters)
	}
	for number := range c.used {
		if number > parameters {
			fail("error 137: must declare the scalar variable @p%d", number)
		}
	}
}

// node walks the tree; cases is how many CASEs stand around.
func (c *checker) node(at reflect.Value, cases int) {
	switch at.Kind() {
	case reflect.Interface, reflect.Pointer:
		if at.IsNil() {
			return
		}
		if at.Kind() == reflect.Pointer && at.CanInterface() {
			cases = c.visit(at.Interface(), cases)
		}
		c.node(at.Elem(), cases)
	case reflect.Slice:
		for i := range at.Len() {
			c.node(at.Index(i), cases)
		}
	case reflect.Struct:
		for i := range at.NumField() {
			if at.Type().Field(i).IsExported() && at.Type().Field(i).Name != "Fragment" {
				c.node(at.Field(i), cases)
			}
		}
	}
}

func (c *checker) visit(node any, cases int) int {
	switch n := node.(type) {
	case *ast.BooleanScalarPlaceholder:
		fail("error 4145: a value where a condition is expected")
	case *ast.VariableReference:
		number, err := strconv.Atoi(strings.TrimPrefix(n.Name, "@p"))
		if err != nil || number < 1 {
			fail("variable %s", n.Name)
		}
		c.used[number] = true
	case *ast.ColumnReferenceExpression:
		quoted(n)
	case *ast.BinaryExpression:
		if n.BinaryExpressionType != "Add" && n.BinaryExpressionType != "Subtract" {
			fail("operator %s", n.BinaryExpressionType)
		}
	case *ast.CastCall:
		collatedOnce(n.Collation, n.Parameter)
	case *ast.ConvertCall:
		collatedOnce(n.Collation, n.Parameter)
	case *ast.FunctionCall:
		collatedOnce(n.Collation, n.Parameters)
	case *ast.QuerySpecification:
		c.query(n)
	case *ast.QueryDerivedTable:
		columnsNamed(n)
	case *ast.SelectSetVariable:
		fail("a variable is set")
	case *ast.StringLiteral:
		if !n.IsNational && n.Value != "$" && n.Value != "strict $" && n.Value != "GMT Standard Time" {
			fail("text %q is not national", n.Value)
		}
	case *ast.SearchedCaseExpression:
		collatedOnce(n.Collation, n.WhenClauses)
		thens := []ast.ScalarExpression{n.ElseExpression}
		for _, when := range n.WhenClauses {
			thens = append(thens, when.ThenExpression)
		}
		return caseOf(thens, cases)
	case *ast.SimpleCaseExpression:
		collatedOnce(n.Collation, n.WhenClauses)
		thens := []ast.ScalarExpression{n.ElseExpression}
		for _, when := range n.WhenClauses {
			thens = append(thens, when.ThenExpression)
		}
		return caseOf(thens, cases)
	}
	return cases
}

// collatedOnce refuses a collation on what has one within it.
func collatedOnce(collation *ast.Identifier, of any) {
	if collation != nil && collates(reflect.ValueOf(of)) {
		fail("error 453: COLLATE clause cannot be used on expressions containing a COLLATE clause")
	}
}

func collates(at reflect.Value) bool {
	switch at.Kind() {
	case reflect.Interface, reflect.Pointer:
		return !at.IsNil() && collates(at.Elem())
	case reflect.Slice:
		for i := range at.Len() {
			if collates(at.Index(i)) {
				return true
			}
		}
	case reflect.Struct:
		for i := range at.NumField() {
			field := at.Type().Field(i)
			if field.Name == "Collation" && !at.Field(i).IsNil() || field.IsExported() && field.Name != "Fragment" && collates(at.Field(i)) {
				return true
			}
		}
	}
	return false
}

// caseOf refuses a CASE all of whose results are NULL, and one too deep.
func caseOf(results []ast.ScalarExpression, cases int) int {
	if cases++; cases > deepestCase {
		fail("error 125: case expressions may only be nested to level 10")
	}
	for _, result := range results {
		if _, isNull := result.(*ast.NullLiteral); result != nil && !isNull {
			return cases
		}
	}
	fail("error 8133: at least one of the result expressions in a CASE must be other than NULL")
	return 0
}

// quoted demands that every name stands in brackets: a word that is none, such as TRUE, would else be taken for a column.
func quoted(c *ast.ColumnReferenceExpression) {
	if c.MultiPartIdentifier == nil {
		fail("a column without a name")
	}
	for _, part := range c.MultiPartIdentifier.Identifiers {
		if part.QuoteType != "SquareBracket" {
			fail("%s is not quoted", part.Value)
		}
	}
}

func (c *checker) query(s *ast.QuerySpecification) {
	if s.OffsetClause != nil || s.ForClause != nil || s.HavingClause != nil {
		fail("a clause that no question needs")
	}
	if s.TopRowFilter != nil && (s.TopRowFilter.Percent || s.TopRowFilter.WithTies) {
		fail("TOP of another kind than a count")
	}
	for _, element := range s.SelectElements {
		// SELECT a = b names a column; nobody here means that.
		e, ok := element.(*ast.SelectScalarExpression)
		if ok && e.ColumnName != nil && (e.ColumnName.Identifier == nil || e.ColumnName.Identifier.QuoteType != "SquareBracket") {
			fail("column %q is named without brackets", e.ColumnName.Value)
		}
	}
}

// columnsNamed refuses a derived table in which a column has no name, or two have the same, or whose order nothing keeps.
func columnsNamed(derived *ast.QueryDerivedTable) {
	for _, branch := range branches(derived.QueryExpression) {
		seen := map[string]bool{}
		for i, element := range branch.SelectElements {
			e, ok := element.(*ast.SelectScalarExpression)
			if !ok {
				continue
			}
			name := nameOf(e, i)
			if strings.HasPrefix(name, "?") {
				fail("error 8155: no column name was specified for column %d", i+1)
			}
			if seen[name] {
				fail("error 8156: the column '%s' was specified multiple times", name)
			}
			seen[name] = true
		}
		if branch.OrderByClause != nil && branch.TopRowFilter == nil {
			fail("error 1033: the ORDER BY clause is invalid in derived tables unless TOP is also specified")
		}
	}
}
