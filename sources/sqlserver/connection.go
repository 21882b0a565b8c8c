package sqlserver

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"onelondon/sources/sqlsource"
)

// connector configures every session before use, and provides only sessions that read.
type connector struct {
	driver.Connector
	first string
}

// first are the settings of a new session. SNAPSHOT reads the state of one moment and waits for no locks; if a database
// does not allow it, committed rows are read, and never uncommitted ones.
func first(limit time.Duration) string {
	return "SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON;\n" +
		"SET NUMERIC_ROUNDABORT, IMPLICIT_TRANSACTIONS OFF;\n" +
		"SET NOCOUNT, XACT_ABORT ON;\n" +
		"SET LANGUAGE us_english;\nSET DATEFORMAT ymd;\nSET TEXTSIZE 2147483647;\nSET ROWCOUNT 0;\nSET DEADLOCK_PRIORITY LOW;\n" +
		"SET LOCK_TIMEOUT " + strconv.FormatInt(limit.Milliseconds(), 10) + ";\n" +
		"IF (SELECT snapshot_isolation_state FROM sys.databases WHERE database_id = DB_ID()) = 1" +
		" SET TRANSACTION ISOLATION LEVEL SNAPSHOT ELSE SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
}

// Connect opens a session and configures it, or fails.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := execute(ctx, inner, c.first); err != nil {
		inner.Close()
		return nil, err
	}
	return &session{inner}, nil
}

func execute(ctx context.Context, conn driver.Conn, batch string) error {
	preparer, ok := conn.(driver.ConnPrepareContext)
	if !ok {
		return errors.New("set up session: the driver cannot run statements")
	}
	statement, err := preparer.PrepareContext(ctx, batch)
	if err != nil {
		return err
	}
	defer statement.Close()
	run, ok := statement.(driver.StmtExecContext)
	if !ok {
		return errors.New("set up session: the driver cannot run statements")
	}
	_, err = run.ExecContext(ctx, nil)
	return err
}

// session is a connection that sends only queries.
type session struct{ driver.Conn }

var (
	_ driver.ConnPrepareContext = (*session)(nil)
	_ driver.SessionResetter    = (*session)(nil)
	_ driver.Validator          = (*session)(nil)
	_ driver.Pinger             = (*session)(nil)
	_ driver.NamedValueChecker  = (*session)(nil)
)

// errWrites is the error for a statement that is not a query.
var errWrites = errors.New("statement is not one that only reads")

// PrepareContext accepts a query. If the query names no caller, it must not be attributed to the previous one.
func (s *session) PrepareContext(ctx context.Context, statement string) (driver.Stmt, error) {
	sent, ok := sendable(statement)
	if !ok {
		return nil, errWrites
	}
	preparer, ok := s.Conn.(driver.ConnPrepareContext)
	if !ok {
		return nil, driver.ErrBadConn
	}
	return preparer.PrepareContext(ctx, sent)
}

// Prepare accepts a query.
func (s *session) Prepare(statement string) (driver.Stmt, error) {
	return s.PrepareContext(context.Background(), statement)
}

// Begin refuses: every statement is a read-only transaction of its own.
func (s *session) Begin() (driver.Tx, error) { return nil, errWrites }

// ResetSession keeps the session's configuration, which the driver's own method would reset to that of a new login.
func (s *session) ResetSession(context.Context) error {
	if !s.IsValid() {
		return driver.ErrBadConn
	}
	return nil
}

// IsValid reports whether the session can be used again.
func (s *session) IsValid() bool {
	validator, ok := s.Conn.(driver.Validator)
	return !ok || validator.IsValid()
}

// Ping reports whether the server answers.
func (s *session) Ping(ctx context.Context) error {
	if pinger, ok := s.Conn.(driver.Pinger); ok {
		return pinger.Ping(ctx)
	}
	return nil
}

// CheckNamedValue leaves values to the driver.
func (s *session) CheckNamedValue(value *driver.NamedValue) error {
	if checker, ok := s.Conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(value)
	}
	return driver.ErrSkip
}

// connection is a pool of sessions.
type connection struct {
	*sqlsource.Database
	db    *sql.DB
	limit time.Duration
}

var _ sqlsource.Connection = (*connection)(nil)

// Query runs a query within its time limit, or asks for its plan.
func (c *connection) Query(ctx context.Context, s *sqlsource.Statement, args []any, each func(row []string) error) (int, error) {
	if question, asked := strings.CutPrefix(s.SQL, explain); asked {
		plan, err := c.plan(ctx, question, args)
		if err != nil {
			return 2, err
		}
		return 2, each([]string{plan})
	}
	if _, limited := ctx.Deadline(); !limited && !s.Long {
		within, cancel := context.WithTimeout(ctx, c.limit)
		defer cancel()
		ctx = within
	}
	return c.Database.Query(ctx, s, args, each)
}

// Stream runs a counting query, after setting the caller.
func (c *connection) Stream(ctx context.Context, s *sqlsource.Statement, args []any, caller string, each func(row [][]byte) error) error {
	if question, asked := strings.CutPrefix(s.SQL, explain); asked {
		plan, err := c.plan(ctx, question, args)
		if err != nil {
			return err
		}
		return each([][]byte{[]byte(plan)})
	}
	within, cancel := context.WithTimeout(ctx, sqlsource.Remaining(ctx, s.Limit))
	defer cancel()
	said := &sqlsource.Statement{SQL: saying(len(args)+1) + s.SQL, Width: s.Width, Once: true, Long: true, Limit: s.Limit}
	return c.Database.Stream(within, said, append(args[:len(args):len(args)], filled(caller)), "", each)
}

func saying(parameter int) string {
	return strings.Replace(callerFirst, "%", "@p"+strconv.Itoa(parameter), 1)
}

func filled(caller string) string {
	return caller + strings.Repeat(" ", (callerWidth-len(caller)%callerWidth)%callerWidth)
}

// plan asks for the plan of a query, on a session that is then discarded because it no longer runs anything.
func (c *connection) plan(ctx context.Context, question string, args []any) (string, error) {
	session, err := c.db.Conn(ctx)
	if err != nil {
		return "", classify(err)
	}
	defer session.Close()
	defer func() { _ = session.Raw(func(any) error { return driver.ErrBadConn }) }()
	if _, err := session.ExecContext(ctx, showPlan); err != nil {
		return "", classify(err)
	}
	var plan string
	if err := session.QueryRowContext(ctx, declaring(args)+question).Scan(&plan); err != nil {
		return "", classify(err)
	}
	return plan, nil
}

// declaring declares the parameters of a question without a value: only what is run has parameters.
func declaring(args []any) string {
	if len(args) == 0 {
		return ""
	}
	declared := make([]string, len(args))
	for i, arg := range args {
		as := "nvarchar(max)"
		if _, isNumber := arg.(int64); isNumber {
			as = "bigint"
		}
		declared[i] = fmt.Sprintf("@p%d %s", i+1, as)
	}
	return "DECLARE " + strings.Join(declared, ", ") + ";\n"
}
