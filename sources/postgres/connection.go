package postgres

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"onelondon/sources/sqlsource"
)

// connection is a pool that uses the extended protocol directly: parameters and results are text, and a row is read in
// one piece.
type connection struct {
	pool *pgxpool.Pool
	kept int // maximum number of prepared statements on each connection
}

var _ sqlsource.Connection = (*connection)(nil)

// session is the state kept for one connection.
type session struct {
	prepared map[uint64]prepared
	args     [][]byte
	values   []byte // the buffer behind args; never nil, since a nil argument would be sent as NULL
	row      []string
	all      []byte
}

type prepared struct {
	statement   *sqlsource.Statement
	description *pgconn.StatementDescription
}

const sessionKey = "onelondon"

func sessionOf(conn *pgconn.PgConn) *session {
	if known, ok := conn.CustomData()[sessionKey].(*session); ok {
		return known
	}
	made := &session{prepared: map[uint64]prepared{}, values: make([]byte, 0, 512)}
	conn.CustomData()[sessionKey] = made
	return made
}

// Query runs a statement on a connection of the pool, in one round trip if the connection has it prepared.
func (c *connection) Query(ctx context.Context, s *sqlsource.Statement, args []any, each func(row []string) error) (int, error) {
	acquired, err := c.pool.Acquire(ctx)
	if err != nil {
		return 0, fault(ctx, err)
	}
	defer acquired.Release()
	conn := acquired.Conn().PgConn()
	session := sessionOf(conn)
	if s.Long {
		if _, err := conn.ExecParams(ctx, "SET statement_timeout = 0", nil, nil, nil, nil).Close(); err != nil {
			return 1, fault(ctx, err)
		}
		defer hurry(ctx, conn)
	}
	values := session.bind(args)
	var reader *pgconn.ResultReader
	trips := 1
	if s.Once {
		reader = conn.ExecParams(ctx, s.SQL, values, nil, nil, nil)
	} else {
		description, waited, err := session.prepare(ctx, conn, s, c.kept)
		if err != nil {
			c.lost(conn)
			return waited, fault(ctx, err)
		}
		trips += waited
		reader = conn.ExecStatement(ctx, description, values, nil, nil)
	}
	if stopped := session.read(reader, each); stopped != nil {
		// Reading the rest could take longer than opening a new connection.
		closing, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		conn.Close(closing)
		return trips, stopped
	}
	if _, err := reader.Close(); err != nil {
		c.lost(conn)
		return trips, fault(ctx, err)
	}
	return trips, nil
}

// Stream runs a statement in a transaction of its own, with settings that end with it: read-only, the caller's
// identity, the server's time limit, and a plan made for the actual values. Settings and statement are sent together,
// and the server treats them as one transaction. The statement itself does not set the caller, because a call of
// set_config would prevent parallel execution.
func (c *connection) Stream(ctx context.Context, s *sqlsource.Statement, args []any, caller string, each func(row [][]byte) error) error {
	acquired, err := c.pool.Acquire(ctx)
	if err != nil {
		return fault(ctx, err)
	}
	defer acquired.Release()
	conn := acquired.Conn().PgConn()
	both := pgconn.Batch{}
	study(&both, caller, sqlsource.Remaining(ctx, s.Limit))
	both.ExecParams(s.SQL, sessionOf(conn).bind(args), nil, nil, nil)
	answers := conn.ExecBatch(ctx, &both)
	if answers.NextResult() {
		_, _ = answers.ResultReader().Close() // of the settings; Close reports their errors below
	}
	if answers.NextResult() {
		for reader := answers.ResultReader(); reader.NextRow(); {
			if stopped := each(reader.Values()); stopped != nil {
				closing, cancel := context.WithTimeout(ctx, time.Second)
				defer cancel()
				conn.Close(closing)
				return stopped
			}
		}
	}
	if err := answers.Close(); err != nil {
		c.lost(conn)
		return fault(ctx, err)
	}
	return nil
}

// study adds the settings for counting to a batch, before the statement.
func study(both *pgconn.Batch, caller string, limit time.Duration) {
	const settings = "SELECT set_config('transaction_read_only', 'on', true), set_config('statement_timeout', $1, true)," +
		" set_config('plan_cache_mode', 'force_custom_plan', true)," +
		" set_config('application_name', LEFT($2, 63), true), set_config('onelondon.caller', $2, true)"
	both.ExecParams(settings, [][]byte{strconv.AppendInt(nil, limit.Milliseconds(), 10), []byte(caller)}, nil, nil, nil)
}

// hurry resets the statement timeout. If that fails, the connection is not used again.
func hurry(ctx context.Context, conn *pgconn.PgConn) {
	if conn.IsClosed() {
		return
	}
	if _, err := conn.ExecParams(ctx, "RESET statement_timeout", nil, nil, nil, nil).Close(); err != nil {
		conn.Close(ctx)
	}
}

// lost drops the idle connections after one turned out to be broken, since a server that went away has closed all of
// them.
func (c *connection) lost(conn *pgconn.PgConn) {
	if conn.IsClosed() {
		c.pool.Reset()
	}
}

// bind writes the arguments into one buffer. Those written before the buffer had to grow remain where they were.
func (s *session) bind(args []any) [][]byte {
	s.args, s.values = s.args[:0], s.values[:0]
	for _, arg := range args {
		from := len(s.values)
		switch arg := arg.(type) {
		case string:
			s.values = append(s.values, arg...)
		case int64:
			s.values = strconv.AppendInt(s.values, arg, 10)
		}
		s.args = append(s.args, s.values[from:len(s.values):len(s.values)])
	}
	return s.args
}

func (s *session) read(reader *pgconn.ResultReader, each func(row []string) error) error {
	for reader.NextRow() {
		values := reader.Values()
		s.all, s.row = s.all[:0], s.row[:0]
		for _, value := range values {
			s.all = append(s.all, value...)
		}
		rest := string(s.all)
		for _, value := range values {
			s.row = append(s.row, rest[:len(value)])
			rest = rest[len(value):]
		}
		if err := each(s.row); err != nil {
			return err
		}
	}
	return nil
}

// prepare returns the name of the prepared statement, and the number of round trips that preparing took.
func (s *session) prepare(ctx context.Context, conn *pgconn.PgConn, statement *sqlsource.Statement, keep int) (*pgconn.StatementDescription, int, error) {
	if known, ok := s.prepared[statement.Serial()]; ok {
		return known.description, 0, nil
	}
	trips := 1
	if len(s.prepared) >= keep {
		trips += s.sweep(ctx, conn)
	}
	name := "onelondon_" + strconv.FormatUint(statement.Serial(), 10)
	description, err := conn.Prepare(ctx, name, statement.SQL, nil)
	if err != nil {
		return nil, trips, err
	}
	s.prepared[statement.Serial()] = prepared{statement, description}
	return description, trips, nil
}

// sweep closes statements that will not be used again.
func (s *session) sweep(ctx context.Context, conn *pgconn.PgConn) int {
	trips := 0
	for serial, known := range s.prepared {
		if known.statement.Forgotten() && conn.Deallocate(ctx, known.description.Name) == nil {
			delete(s.prepared, serial)
			trips++
		}
	}
	return trips
}

// Forget does nothing immediately: each connection cleans up before it would prepare more than it may keep.
func (c *connection) Forget(*sqlsource.Statement) {}

// Ping reports whether the database answers.
func (c *connection) Ping(ctx context.Context) error {
	if err := c.pool.Ping(ctx); err != nil {
		return fault(ctx, err)
	}
	return nil
}

// Close closes the pool after its statements have ended.
func (c *connection) Close() error {
	c.pool.Close()
	return nil
}
