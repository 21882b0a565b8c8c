package transact

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/sqlc-dev/teesql/ast"
)

// conjuncts splits what must all hold.
func conjuncts(e ast.BooleanExpression) []ast.BooleanExpression {
	switch e := e.(type) {
	case *ast.BooleanParenthesisExpression:
		return conjuncts(e.Expression)
	case *ast.BooleanBinaryExpression:
		if e.BinaryExpressionType == "And" {
			return append(conjuncts(e.FirstExpression), conjuncts(e.SecondExpression)...)
		}
	}
	return []ast.BooleanExpression{e}
}

// speaksOf reports whether an expression reads columns of one alias and of no other.
func speaksOf(node reflect.Value, alias string) bool {
	switch node.Kind() {
	case reflect.Interface, reflect.Pointer:
		if node.IsNil() {
			return true
		}
		if c, ok := node.Interface().(*ast.ColumnReferenceExpression); ok {
			parts := c.MultiPartIdentifier.Identifiers
			return len(parts) == 2 && strings.EqualFold(parts[0].Value, alias)
		}
		return speaksOf(node.Elem(), alias)
	case reflect.Slice:
		for i := range node.Len() {
			if !speaksOf(node.Index(i), alias) {
				return false
			}
		}
	case reflect.Struct:
		for i := range node.NumField() {
			if node.Type().Field(i).IsExported() && !speaksOf(node.Field(i), alias) {
				return false
			}
		}
	}
	return true
}

// from makes the rows of a FROM clause. The first table is looked through with those of the conditions that speak of it alone.
func (q *run) from(clause *ast.FromClause, where []ast.BooleanExpression) []*scope {
	if clause == nil {
		return []*scope{{}}
	}
	if len(clause.TableReferences) != 1 {
		fail("FROM of %d tables", len(clause.TableReferences))
	}
	return q.joined(clause.TableReferences[0], where)
}

func (q *run) joined(reference ast.TableReference, where []ast.BooleanExpression) []*scope {
	join, isJoin := reference.(*ast.QualifiedJoin)
	if !isJoin {
		name, t := q.source(reference)
		var scopes []*scope
		own := slices.DeleteFunc(slices.Clone(where), func(e ast.BooleanExpression) bool { return !speaksOf(reflect.ValueOf(e), name) })
		for _, row := range t.rows {
			at := &scope{[]string{name}, []*table{t}, [][]any{row}}
			if !slices.ContainsFunc(own, func(e ast.BooleanExpression) bool { return q.holds(e, at) != yes }) {
				scopes = append(scopes, at)
			}
		}
		return scopes
	}
	name, right := q.source(join.SecondTableReference)
	var made []*scope
	for _, left := range q.joined(join.FirstTableReference, where) {
		found := false
		for _, row := range right.rows {
			both := left.beside(name, right, row)
			if q.holds(join.SearchCondition, both) == yes {
				made, found = append(made, both), true
			}
		}
		if !found && join.QualifiedJoinType == "LeftOuter" {
			made = append(made, left.beside(name, right, make([]any, len(right.columns))))
		}
	}
	if join.QualifiedJoinType != "Inner" && join.QualifiedJoinType != "LeftOuter" {
		fail("join of kind %s", join.QualifiedJoinType)
	}
	return made
}

func (s *scope) beside(name string, t *table, row []any) *scope {
	return &scope{append(s.names[:len(s.names):len(s.names)], name), append(s.tables[:len(s.tables):len(s.tables)], t),
		append(s.rows[:len(s.rows):len(s.rows)], row)}
}

// empty is a scope of the tables of a FROM clause, with no row.
func (q *run) empty(clause *ast.FromClause) *scope {
	made := &scope{}
	var add func(ast.TableReference)
	add = func(reference ast.TableReference) {
		if join, ok := reference.(*ast.QualifiedJoin); ok {
			add(join.FirstTableReference)
			add(join.SecondTableReference)
			return
		}
		name, t := q.source(reference)
		*made = *made.beside(name, t, make([]any, len(t.columns)))
	}
	if clause != nil {
		for _, reference := range clause.TableReferences {
			add(reference)
		}
	}
	return made
}

// source finds what a FROM clause names.
func (q *run) source(reference ast.TableReference) (string, *table) {
	switch r := reference.(type) {
	case *ast.NamedTableReference:
		alias := r.SchemaObject.BaseIdentifier.Value
		if list, ok := q.lists[strings.ToLower(alias)]; ok && r.SchemaObject.SchemaIdentifier == nil {
			return strings.ToLower(alias), list
		}
		t := q.database.table(r.SchemaObject)
		if r.Alias != nil {
			alias = r.Alias.Value
		}
		return strings.ToLower(alias), t
	case *ast.QueryDerivedTable:
		if r.Alias == nil {
			fail("a derived table without a name")
		}
		return strings.ToLower(r.Alias.Value), q.derived(r.QueryExpression).stored()
	case *ast.SchemaObjectFunctionTableReference:
		if r.SchemaObject.BaseIdentifier.Value == "fn_my_permissions" {
			return "", rights()
		}
	case *ast.OpenJsonTableReference:
		return "", q.opened(r)
	}
	fail("cannot read from %T", reference)
	return "", nil
}

// derived runs a query once.
func (q *run) derived(e ast.QueryExpression) *table {
	known, ok := q.chosen[e]
	if !ok {
		known = q.union(e)
		q.chosen[e] = known
	}
	return known
}

// opened makes a table of a JSON array of texts.
func (q *run) opened(r *ast.OpenJsonTableReference) *table {
	if len(r.SchemaDeclarationItems) != 1 {
		fail("OPENJSON with %d columns", len(r.SchemaDeclarationItems))
	}
	item := r.SchemaDeclarationItems[0]
	of := typeOf(item.ColumnDefinition.DataType)
	path, ok := item.Mapping.(*ast.StringLiteral)
	if !ok || path.Value != "$" && path.Value != "strict $" {
		fail("OPENJSON with another path than $")
	}
	made := &table{columns: []column{{name: item.ColumnDefinition.ColumnIdentifier.Value, kind: of.name, label: columnLabel(of.name)}}}
	made.placed()
	text, ok := q.value(r.Variable, nil).(string)
	var values []string
	if !ok || json.Unmarshal([]byte(text), &values) != nil {
		fail("error 13609: JSON text is not properly formatted")
	}
	for _, value := range values {
		var read any = value
		if isText(of.name) {
			if of.width > 0 && len(units(value)) > of.width {
				read = nil
				if path.Value == "strict $" {
					fail("error 13608: a value of a JSON text is too long")
				}
			}
		} else {
			read = convert(value, of, 0)
		}
		made.rows = append(made.rows, []any{read})
	}
	return made
}

// find looks a column up.
func (s *scope) find(c *ast.ColumnReferenceExpression) (any, column) {
	parts := c.MultiPartIdentifier.Identifiers
	if s == nil || len(parts) == 0 || len(parts) > 2 {
		fail("error 207: invalid column name")
	}
	name := strings.ToLower(parts[len(parts)-1].Value)
	for i := range s.tables {
		if len(parts) == 2 && s.names[i] != strings.ToLower(parts[0].Value) {
			continue
		}
		if at, ok := s.tables[i].places[name]; ok {
			return s.rows[i][at], s.tables[i].columns[at]
		}
	}
	fail("error 207: invalid column name '%s'", parts[len(parts)-1].Value)
	return nil, column{}
}
