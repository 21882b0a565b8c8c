package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"onelondon/sources"
	"onelondon/sources/sqlsource"
)

// The collations that compare text byte for byte, including trailing blanks.
const (
	exactMariaDB = "utf8mb4_nopad_bin"
	exactMySQL   = "utf8mb4_0900_bin"
)

const sqlMode = "ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT"

// Dialect is the dialect of MariaDB or of MySQL.
func Dialect(mariaDB bool) *sqlsource.Dialect {
	d := &sqlsource.Dialect{
		Name:          "MySQL",
		TextType:      "CHAR CHARACTER SET utf8mb4",
		Collation:     exactMySQL,
		LooseText:     true,
		FoldedNames:   true,
		Parenthesised: true,
		CallerRow:     "@onelondon_caller := %",
		LongSelect:    "SELECT /*+ MAX_EXECUTION_TIME(0) */",
		Typed:         true,
		Double:        "DOUBLE",
		Number:        "CAST(% AS DOUBLE)",
		Groups:        true,
		Explain:       "EXPLAIN ",
		Scans:         scans,
		Columns: "SELECT CASE WHEN table_schema = DATABASE() THEN '' ELSE table_schema END, table_name, column_name, data_type" +
			" FROM information_schema.columns WHERE table_schema NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys')" +
			" ORDER BY table_schema, table_name, ordinal_position",
		Keys: "SELECT CASE WHEN table_schema = DATABASE() THEN '' ELSE table_schema END, table_name, column_name," +
			" CASE WHEN referenced_table_schema IS NULL OR referenced_table_schema = DATABASE() THEN '' ELSE referenced_table_schema END," +
			" COALESCE(referenced_table_name, ''), COALESCE(referenced_column_name, '') FROM information_schema.key_column_usage" +
			" WHERE (constraint_name = 'PRIMARY' OR referenced_table_name IS NOT NULL)" +
			" AND table_schema NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys') ORDER BY table_schema, table_name, constraint_name, ordinal_position",
	}
	if mariaDB {
		d.Name, d.Collation = "MariaDB", exactMariaDB
		d.LongSelect = "SET STATEMENT max_statement_time = 0 FOR SELECT"
	}
	d.Unpack = `AS (SELECT "code" FROM JSON_TABLE(%, '$[*]' COLUMNS ("code" VARCHAR(500) CHARACTER SET utf8mb4 COLLATE ` +
		d.Collation + ` PATH '$' ERROR ON ERROR)) AS l)`
	return d
}

// scans reads a line of EXPLAIN, whose columns begin with id, select_type, table, [partitions,] type. The type ALL
// means a complete scan; derived tables and the result of a union are in angle brackets.
func scans(row []string) (string, bool) {
	if len(row) < 5 || strings.HasPrefix(row[2], "<") {
		return "", false
	}
	return row[2], row[3] == "ALL" || row[4] == "ALL"
}

// Open connects, finds out whether the server is MariaDB or MySQL, and verifies that the session is read-only.
func Open(ctx context.Context, options sqlsource.Options) (*sqlsource.Source, error) {
	options = options.Filled()
	config, err := mysql.ParseDSN(options.DSN)
	if err != nil {
		// The parser's error may quote the DSN, which may contain a password.
		return nil, fmt.Errorf("open MySQL source %s: the DSN cannot be read", options.ID)
	}
	inner, err := mysql.NewConnector(setUp(config))
	if err != nil {
		return nil, fmt.Errorf("open MySQL source %s: the DSN cannot be used", options.ID)
	}
	db := sql.OpenDB(&connector{Connector: inner, timeout: options.StatementTimeout})
	db.SetMaxOpenConns(options.Connections + 1) // one more for counting
	db.SetMaxIdleConns(options.Connections)
	db.SetConnMaxIdleTime(5 * time.Minute)
	mariaDB, err := probe(ctx, db)
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("open MySQL source %s: %w", options.ID, err)
	}
	connection := sqlsource.NewDatabase(db, false, classify).Studying(studying(mariaDB, options.StatementTimeout))
	return sqlsource.New(options, Dialect(mariaDB), connection)
}

// studying prepares a session for a counting statement.
func studying(mariaDB bool, usual time.Duration) sqlsource.Study {
	return func(ctx context.Context, session *sql.Conn, caller string, limit time.Duration) (func(context.Context) error, error) {
		set := func(ctx context.Context, limit time.Duration, caller any) error {
			_, err := session.ExecContext(ctx, "SET @onelondon_caller = ?, SESSION "+timeLimit(mariaDB, limit), caller)
			return err
		}
		return func(ctx context.Context) error { return set(ctx, usual, nil) }, set(ctx, limit, caller)
	}
}

// timeLimit writes the server's limit on a statement: in seconds for MariaDB, in milliseconds for MySQL.
func timeLimit(mariaDB bool, limit time.Duration) string {
	if mariaDB {
		return "max_statement_time = " + strconv.FormatFloat(limit.Seconds(), 'f', 3, 64)
	}
	return "max_execution_time = " + strconv.FormatInt(limit.Milliseconds(), 10)
}

// setUp fixes the settings on which the SQL of sqlsource depends, whatever the DSN says. Values are never interpolated
// into statements.
func setUp(config *mysql.Config) *mysql.Config {
	config = config.Clone()
	config.InterpolateParams, config.MultiStatements, config.ParseTime, config.AllowAllFiles = false, false, false, false
	// The driver's log may quote a statement; errors that matter are returned.
	config.Logger = log.New(io.Discard, "", 0)
	if config.Params == nil {
		config.Params = map[string]string{}
	}
	config.Params["sql_mode"] = "'" + sqlMode + "'"
	// The option only records the character set, and cannot fail.
	_ = config.Apply(mysql.Charset("utf8mb4", ""))
	return config
}

// connector makes every session read-only before it is used.
type connector struct {
	driver.Connector
	timeout time.Duration
}

// Connect opens a session and configures it, or fails.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	run, ok := conn.(driver.ExecerContext)
	if !ok {
		conn.Close()
		return nil, errors.New("set up session: the driver cannot run statements")
	}
	if _, err := run.ExecContext(ctx, "SET SESSION TRANSACTION READ ONLY", nil); err != nil {
		conn.Close()
		return nil, err
	}
	// Only one of the two variables exists. MariaDB caches the results of subqueries under the collations of the row's
	// columns, and would confuse the result for 'A' with that for 'a'.
	if _, err := run.ExecContext(ctx, "SET SESSION "+timeLimit(true, c.timeout)+", optimizer_switch = 'subquery_cache=off'", nil); err != nil {
		if _, err := run.ExecContext(ctx, "SET SESSION "+timeLimit(false, c.timeout), nil); err != nil {
			conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

// probe verifies that the session has the settings that sqlsource needs, and that the exact collation exists.
func probe(ctx context.Context, db *sql.DB) (mariaDB bool, err error) {
	var version, mode string
	if err := db.QueryRowContext(ctx, "SELECT VERSION(), @@SESSION.sql_mode").Scan(&version, &mode); err != nil {
		return false, classify(err)
	}
	for _, needed := range strings.Split(sqlMode, ",") {
		if !strings.Contains(mode, needed) {
			return false, fmt.Errorf("%w: the session's sql_mode lacks %s", sources.ErrUnavailable, needed)
		}
	}
	if strings.Contains(mode, "HIGH_NOT_PRECEDENCE") {
		return false, fmt.Errorf("%w: the session's sql_mode has HIGH_NOT_PRECEDENCE", sources.ErrUnavailable)
	}
	mariaDB = strings.Contains(version, "MariaDB")
	collation := exactMySQL
	if mariaDB {
		collation = exactMariaDB
	}
	var same int
	if err := db.QueryRowContext(ctx, "SELECT CAST('a' AS CHAR CHARACTER SET utf8mb4) COLLATE "+collation+" = 'a '").Scan(&same); err != nil {
		return false, fmt.Errorf("%w: the server has no collation %s", sources.ErrUnavailable, collation)
	}
	if same != 0 {
		return false, fmt.Errorf("%w: collation %s does not tell 'a' from 'a '", sources.ErrUnavailable, collation)
	}
	return mariaDB, nil
}

// classify reduces an error to its kind and number, because a message may quote a value. Messages about missing tables
// and columns quote only names.
func classify(err error) error {
	var refused *mysql.MySQLError
	if !errors.As(err, &refused) {
		return fmt.Errorf("%w: MySQL", sources.ErrUnavailable)
	}
	return sources.WithCode(kindOf(refused), fmt.Sprintf("MySQL %d", refused.Number))
}

func kindOf(refused *mysql.MySQLError) error {
	switch refused.Number {
	case 1054, 1146: // unknown column, unknown table
		return fmt.Errorf("%w: %s", sources.ErrSchema, refused.Message)
	case 1142, 1143: // no privilege on the table, on the column
		return fmt.Errorf("%w: %w: error %d", sources.ErrSchema, sqlsource.ErrDenied, refused.Number)
	case 1267, 1271: // incompatible collations
		return fmt.Errorf("%w: error %d", sources.ErrSchema, refused.Number)
	case 1792: // cannot execute statement in a READ ONLY transaction
		return fmt.Errorf("%w: error %d", sqlsource.ErrReadOnly, refused.Number)
	case 1969, 3024: // statement timeout of MariaDB, of MySQL
		return fmt.Errorf("%w: error %d", context.DeadlineExceeded, refused.Number)
	case 1040, 1044, 1045, 1049, 1053, 1203, 1226, 2006, 2013:
		return fmt.Errorf("%w: error %d", sources.ErrUnavailable, refused.Number)
	}
	return fmt.Errorf("MySQL error %d", refused.Number)
}
