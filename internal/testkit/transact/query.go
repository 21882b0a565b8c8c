package transact

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sqlc-dev/teesql/ast"
)

// run is one statement being run.
type run struct {
	database *Database
	args     []any
	lists    map[string]*table // common table expressions
	labels   map[ast.ScalarExpression]label
	chosen   map[ast.QueryExpression]*table // subqueries, which depend on no row
}

// scope is the tables that a row is of, and the row.
type scope struct {
	names  []string
	tables []*table
	rows   [][]any
}

// Query runs a question. Every value of the answer is text or nil.
func (d *Database) Query(sql string, args ...any) (rows [][]any, err error) {
	defer caught(&err)
	asked := d.question(sql, len(args))
	q := &run{database: d, args: args, lists: map[string]*table{}, chosen: map[ast.QueryExpression]*table{}}
	if asked.WithCtesAndXmlNamespaces != nil {
		for _, list := range asked.WithCtesAndXmlNamespaces.CommonTableExpressions {
			q.lists[strings.ToLower(list.ExpressionName.Value)] = q.union(list.QueryExpression).stored()
		}
	}
	answer := q.union(asked.QueryExpression)
	for _, row := range answer.rows {
		shown := make([]any, len(row))
		for i, value := range row {
			if value != nil {
				shown[i] = textOf(value, isoStyle)
			}
		}
		rows = append(rows, shown)
	}
	return rows, nil
}

// question parses and checks a question, and remembers the last one.
func (d *Database) question(sql string, parameters int) *ast.SelectStatement {
	if last := d.last.Load(); last != nil && last.sql == sql {
		return last.asked
	}
	asked := question(sql)
	check(asked, parameters)
	d.last.Store(&checked{sql, asked})
	return asked
}

// checked is a question that was checked.
type checked struct {
	sql   string
	asked *ast.SelectStatement
}

// union runs the branches of a UNION ALL.
func (q *run) union(e ast.QueryExpression) *table {
	var whole *table
	for _, branch := range branches(e) {
		one := q.selected(branch)
		if whole == nil {
			whole = one
			continue
		}
		if len(one.columns) != len(whole.columns) {
			fail("error 205: all queries combined by UNION must have an equal number of columns")
		}
		for i := range one.columns {
			whole.columns[i].label = whole.columns[i].label.with(one.columns[i].label)
			if whole.columns[i].label.level == conflicting {
				fail("error 451: cannot resolve the collation conflict in column %d of a UNION", i+1)
			}
			if isText(whole.columns[i].kind) != isText(one.columns[i].kind) {
				fail("column %d of a UNION is %s and %s", i+1, whole.columns[i].kind, one.columns[i].kind)
			}
		}
		whole.rows = append(whole.rows, one.rows...)
	}
	return whole
}

// selected runs one SELECT.
func (q *run) selected(s *ast.QuerySpecification) *table {
	var where []ast.BooleanExpression
	if s.WhereClause != nil {
		where = conjuncts(s.WhereClause.SearchCondition)
	}
	scopes := q.from(s.FromClause, where)
	if s.WhereClause != nil {
		scopes = slices.DeleteFunc(scopes, func(at *scope) bool { return q.holds(s.WhereClause.SearchCondition, at) != yes })
	}
	if s.GroupByClause != nil {
		return q.grouped(s, scopes)
	}
	if s.OrderByClause != nil {
		q.sort(s.OrderByClause, scopes)
	}
	if s.TopRowFilter != nil {
		most := wholeOf(q.value(s.TopRowFilter.Expression, nil))
		scopes = scopes[:min(int64(len(scopes)), most)]
	}
	if aggregates(s.SelectElements) {
		made := q.columns(s, q.empty(s.FromClause))
		made.rows = [][]any{q.row(s, &scope{}, append([]*scope{}, scopes...))}
		return made
	}
	made := q.columns(s, q.empty(s.FromClause))
	for _, at := range scopes {
		made.rows = append(made.rows, q.row(s, at, nil))
	}
	if s.UniqueRowFilter == "Distinct" {
		made.rows = distinct(made.rows)
	}
	return made
}

func distinct(rows [][]any) [][]any {
	seen := map[string]bool{}
	return slices.DeleteFunc(rows, func(row []any) bool {
		key := ""
		for _, value := range row {
			if value != nil {
				key += "v" + textOf(value, isoStyle) + "\x00"
			}
			key += "|"
		}
		again := seen[key]
		seen[key] = true
		return again
	})
}

func (q *run) sort(by *ast.OrderByClause, scopes []*scope) {
	slices.SortStableFunc(scopes, func(a, b *scope) int {
		for _, element := range by.OrderByElements {
			one, other := q.value(element.Expression, a), q.value(element.Expression, b)
			order := ordered(one, other, q.label(element.Expression, a))
			if element.SortOrder == "Descending" {
				order = -order
			}
			if order != 0 {
				return order
			}
		}
		return 0
	})
}

// ordered puts null first.
func ordered(one, other any, l label) int {
	switch {
	case one == nil && other == nil:
		return 0
	case one == nil:
		return -1
	case other == nil:
		return 1
	}
	return compare(one, other, l)
}

// columns names the columns of a SELECT and finds their labels.
func (q *run) columns(s *ast.QuerySpecification, at *scope) *table {
	made := &table{}
	for i, element := range s.SelectElements {
		switch e := element.(type) {
		case *ast.SelectStarExpression:
			for _, t := range at.tables {
				made.columns = append(made.columns, t.columns...)
			}
		case *ast.SelectScalarExpression:
			made.columns = append(made.columns, column{name: nameOf(e, i), kind: q.kind(e.Expression, at), label: q.label(e.Expression, at)})
		default:
			fail("cannot select %T", e)
		}
	}
	made.placed()
	return made
}

// stored is the table as another query sees it: a column made of a text has its collation implicitly.
func (t *table) stored() *table {
	for i := range t.columns {
		if l := &t.columns[i].label; l.level == explicit || l.level == coercible {
			l.level = implicit
		}
	}
	return t
}

func nameOf(e *ast.SelectScalarExpression, at int) string {
	if e.ColumnName != nil {
		return e.ColumnName.Value
	}
	if c, ok := e.Expression.(*ast.ColumnReferenceExpression); ok {
		return c.MultiPartIdentifier.Identifiers[len(c.MultiPartIdentifier.Identifiers)-1].Value
	}
	return "?" + strconv.Itoa(at)
}

func (q *run) row(s *ast.QuerySpecification, at *scope, group []*scope) []any {
	var row []any
	for _, element := range s.SelectElements {
		switch e := element.(type) {
		case *ast.SelectStarExpression:
			for _, of := range at.rows {
				row = append(row, of...)
			}
		case *ast.SelectScalarExpression:
			if group == nil {
				row = append(row, q.value(e.Expression, at))
			} else {
				row = append(row, (&grouping{q, group}).value(e.Expression))
			}
		}
	}
	return row
}

// grouped runs a SELECT with GROUP BY one expression.
func (q *run) grouped(s *ast.QuerySpecification, scopes []*scope) *table {
	by, ok := s.GroupByClause.GroupingSpecifications[0].(*ast.ExpressionGroupingSpecification)
	if !ok || len(s.GroupByClause.GroupingSpecifications) != 1 {
		fail("GROUP BY of another kind than one expression")
	}
	made := q.columns(s, q.empty(s.FromClause))
	groups, order := map[string][]*scope{}, []string{}
	for _, at := range scopes {
		key := "null"
		if value := q.value(by.Expression, at); value != nil {
			key = "v" + weight(textOf(value, isoStyle), q.label(by.Expression, at))
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], at)
	}
	for _, key := range order {
		made.rows = append(made.rows, q.row(s, nil, groups[key]))
	}
	return made
}
