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
	used   map[int]bool
	shapes map[reflect.Type]shape
}

// shape is which fields of a node hold others, and which its collation; -1 where it takes none.
type shape struct {
	holding   []int
	collation int
}

func check(asked *ast.SelectStatement, parameters int) {
	c := &checker{used: map[int]bool{}, shapes: map[reflect.Type]shape{}}
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

// node walks the tree; cases is how many CASEs stand around. It says whether something within has a collation of its own.
func (c *checker) node(at reflect.Value, cases int) (collated bool) {
	switch at.Kind() {
	case reflect.Interface:
		return !at.IsNil() && c.node(at.Elem(), cases)
	case reflect.Pointer:
		if at.IsNil() {
			return false
		}
		cases = c.visit(at.Interface(), cases)
		return c.node(at.Elem(), cases)
	case reflect.Slice:
		for i := range at.Len() {
			collated = c.node(at.Index(i), cases) || collated
		}
	case reflect.Struct:
		of := c.shapeOf(at.Type())
		for _, i := range of.holding {
			collated = c.node(at.Field(i), cases) || collated
		}
		if of.collation >= 0 && !at.Field(of.collation).IsNil() {
			if collated {
				fail("error 453: COLLATE clause cannot be used on expressions containing a COLLATE clause")
			}
			return true
		}
	}
	return collated
}

func (c *checker) shapeOf(node reflect.Type) shape {
	known, ok := c.shapes[node]
	if ok {
		return known
	}
	known.collation = -1
	for i := range node.NumField() {
		field := node.Field(i)
		switch kind := field.Type.Kind(); {
		case field.Name == "Collation":
			known.collation = i
		case field.IsExported() && (kind == reflect.Interface || kind == reflect.Pointer || kind == reflect.Slice):
			known.holding = append(known.holding, i)
		}
	}
	c.shapes[node] = known
	return known
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
		thens := []ast.ScalarExpression{n.ElseExpression}
		for _, when := range n.WhenClauses {
			thens = append(thens, when.ThenExpression)
		}
		return caseOf(thens, cases)
	case *ast.SimpleCaseExpression:
		thens := []ast.ScalarExpression{n.ElseExpression}
		for _, when := range n.WhenClauses {
			thens = append(thens, when.ThenExpression)
		}
		return caseOf(thens, cases)
	}
	return cases
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
