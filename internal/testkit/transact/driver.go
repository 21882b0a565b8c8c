package transact

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	mssql "github.com/microsoft/go-mssqldb"
	"github.com/sqlc-dev/teesql/ast"
)

// Connector opens sessions of a database for package database/sql. Sessions take questions, and statements that set them up,
// which are parsed and noted and change nothing.
func (d *Database) Connector() *Connector { return &Connector{database: d} }

// Connector is a driver.Connector.
type Connector struct {
	database *Database
	// Sent is told every statement, if set. It must be safe for concurrent use.
	Sent func(sql string, args []driver.NamedValue)
}

// Connect opens a session.
func (c *Connector) Connect(context.Context) (driver.Conn, error) { return &session{connector: c}, nil }

// Driver is none: the connector is all there is.
func (c *Connector) Driver() driver.Driver { return nil }

type session struct {
	connector *Connector
	planning  bool // what is sent is not run any more
}

func (s *session) Prepare(sql string) (driver.Stmt, error) {
	return &statement{s, s.connector, sql}, nil
}

func (s *session) PrepareContext(_ context.Context, sql string) (driver.Stmt, error) {
	return s.Prepare(sql)
}

func (s *session) Close() error { return nil }

func (s *session) Begin() (driver.Tx, error) { return nil, errors.New("the model has no transactions") }

type statement struct {
	session   *session
	connector *Connector
	sql       string
}

func (s *statement) Close() error  { return nil }
func (s *statement) NumInput() int { return -1 }

func (s *statement) Exec([]driver.Value) (driver.Result, error) { return nil, driver.ErrSkip }

func (s *statement) Query([]driver.Value) (driver.Rows, error) { return nil, driver.ErrSkip }

// ExecContext takes statements that set the session up.
func (s *statement) ExecContext(_ context.Context, args []driver.NamedValue) (result driver.Result, err error) {
	defer caught(&err)
	s.note(args)
	for _, one := range statements(s.sql) {
		switch one := one.(type) {
		case *ast.PredicateSetStatement:
			s.session.planning = s.session.planning || strings.EqualFold(string(one.Options), "ShowPlanXml") && one.IsOn
		case *ast.SetCommandStatement, *ast.SetTextSizeStatement, *ast.SetRowCountStatement,
			*ast.SetTransactionIsolationLevelStatement, *ast.IfStatement:
		default:
			fail("a session is not set up by %T", one)
		}
	}
	return driver.ResultNoRows, nil
}

func (s *statement) note(args []driver.NamedValue) {
	if s.connector.Sent != nil {
		s.connector.Sent(s.sql, args)
	}
}

// QueryContext runs a question.
func (s *statement) QueryContext(ctx context.Context, named []driver.NamedValue) (driver.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.note(named)
	args := make([]any, len(named))
	for i := range named {
		args[i] = named[i].Value
	}
	if s.session.planning {
		return &answer{rows: [][]any{{noPlan}}, width: 1}, Check(s.sql, mostParameters)
	}
	found, err := s.connector.database.Query(s.sql, args...)
	if err != nil {
		return nil, numbered(err)
	}
	return &answer{rows: found, width: width(s.connector.database.question(s.sql, len(args)))}, nil
}

// numbered makes an error of go-mssqldb's of a fault that has a number.
func numbered(err error) error {
	var number int32
	text, numbered := strings.CutPrefix(err.Error(), "error ")
	if _, scanned := fmt.Sscanf(text, "%d:", &number); !numbered || scanned != nil {
		return err
	}
	_, message, _ := strings.Cut(text, ": ")
	return mssql.Error{Number: number, Class: 16, Message: message}
}

// noPlan is what the model says of how it would run a question: nothing.
const noPlan = `<?xml version="1.0" encoding="utf-16"?><ShowPlanXML xmlns="http://schemas.microsoft.com/sqlserver/2004/07/showplan"/>`

// width is how many columns a question has.
func width(asked *ast.SelectStatement) int {
	first := branches(asked.QueryExpression)[0]
	if _, isStar := first.SelectElements[0].(*ast.SelectStarExpression); isStar {
		if derived, ok := first.FromClause.TableReferences[0].(*ast.QueryDerivedTable); ok {
			return len(branches(derived.QueryExpression)[0].SelectElements)
		}
	}
	return len(first.SelectElements)
}

// answer hands rows out.
type answer struct {
	rows  [][]any
	width int
	next  int
}

func (a *answer) Columns() []string { return slices.Repeat([]string{""}, a.width) }

func (a *answer) Close() error { return nil }

func (a *answer) Next(into []driver.Value) error {
	if a.next == len(a.rows) {
		return io.EOF
	}
	for i, value := range a.rows[a.next] {
		into[i] = value
	}
	a.next++
	return nil
}
