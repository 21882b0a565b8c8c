package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"onelondon/sources"
	"onelondon/sources/sqlsource"
)

// Dialect is PostgreSQL's way of writing what sqlsource asks.
func Dialect() *sqlsource.Dialect {
	return &sqlsource.Dialect{
		Name:          "PostgreSQL",
		Numbered:      true,
		TextType:      "text",
		Collation:     `"C"`,
		Parenthesised: true,
		CallerRow:     "set_config('application_name', LEFT(%, 63), true) || set_config('onelondon.caller', %, true)",
		Antijoin:      true,
		Unpack:        `AS MATERIALIZED (SELECT json_array_elements_text(CAST(% AS json)) AS "code")`,
		Lists:         sqlsource.ListsArrays,
		Typed:         true,
		Bare:          true,
		Double:        "double precision",
		Number: `CASE WHEN LENGTH(%) < 60 AND % ~ '^[ \t\n\r\f\v]*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)[ \t\n\r\f\v]*$'` +
			" THEN CAST(% AS double precision) END",
		Groups:  true,
		Explain: "EXPLAIN (FORMAT JSON) ",
		Scans:   scans,
		Columns: "SELECT CASE WHEN table_schema = ANY (current_schemas(false)) THEN '' ELSE table_schema END, table_name, column_name, data_type" +
			" FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')" +
			" ORDER BY table_schema, table_name, ordinal_position",
		Keys: keys,
	}
}

// keys reads pg_constraint: information_schema shows keys only to whoever may write the table. The key of a table from which others
// inherit says nothing of their rows, which are read with its own.
const keys = `SELECT CASE WHEN n.nspname = ANY (current_schemas(false)) THEN '' ELSE n.nspname END, r.relname, a.attname,
	CASE WHEN fn.nspname IS NULL OR fn.nspname = ANY (current_schemas(false)) THEN '' ELSE fn.nspname END, COALESCE(fr.relname, ''), COALESCE(fa.attname, '')
	FROM pg_constraint AS c
	JOIN pg_class AS r ON r.oid = c.conrelid JOIN pg_namespace AS n ON n.oid = r.relnamespace
	CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (here, there, place)
	JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum = k.here
	LEFT JOIN pg_class AS fr ON fr.oid = c.confrelid LEFT JOIN pg_namespace AS fn ON fn.oid = fr.relnamespace
	LEFT JOIN pg_attribute AS fa ON fa.attrelid = c.confrelid AND fa.attnum = k.there
	WHERE (c.contype = 'f' OR c.contype = 'p' AND (r.relkind <> 'r' OR NOT r.relhassubclass)) AND n.nspname NOT IN ('pg_catalog', 'information_schema')
	ORDER BY n.nspname, r.relname, c.conname, k.place`

// scans reads a plan in JSON, which comes as one row, and names the first table that is read from end to end.
func scans(row []string) (string, bool) {
	var plans []struct{ Plan node }
	if json.Unmarshal([]byte(row[0]), &plans) != nil || len(plans) == 0 {
		return "", false
	}
	return plans[0].Plan.scanned()
}

type node struct {
	Type  string `json:"Node Type"`
	Alias string
	Plans []node
}

func (n *node) scanned() (string, bool) {
	if n.Type == "Seq Scan" {
		return n.Alias, true
	}
	for i := range n.Plans {
		if table, whole := n.Plans[i].scanned(); whole {
			return table, true
		}
	}
	return "", false
}

// Open connects and makes sure that the session may only read.
func Open(ctx context.Context, options sqlsource.Options) (*sqlsource.Source, error) {
	options = options.Filled()
	config, err := pgxpool.ParseConfig(options.DSN)
	if err != nil {
		// The parser's error may quote the DSN, and that may hold a password.
		return nil, fmt.Errorf("open PostgreSQL source %s: the DSN cannot be read", options.ID)
	}
	config.MaxConns = int32(options.Connections) + 1 // for the one that counts
	config.MaxConnIdleTime = 5 * time.Minute
	config.ShouldPing = func(_ context.Context, p pgxpool.ShouldPingParams) bool { return p.IdleDuration > 30*time.Second }
	config.AfterConnect = readOnly
	setUp(config.ConnConfig.RuntimeParams, options)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL source %s: %w", options.ID, classify(err))
	}
	connection := &connection{pool: pool, kept: options.Plans}
	if err := connection.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open PostgreSQL source %s: %w", options.ID, err)
	}
	return sqlsource.New(options, Dialect(), connection)
}

// setUp makes a session read-only and its texts what the SQL of sqlsource expects. Statements are prepared once and look a
// person up by an index, so one general plan is right for all of them, and compiling it never pays.
func setUp(parameters map[string]string, options sqlsource.Options) {
	for name, value := range map[string]string{
		"default_transaction_read_only": "on",
		"standard_conforming_strings":   "on",
		"DateStyle":                     "ISO, YMD",
		"TimeZone":                      "Europe/London",
		"client_encoding":               "UTF8",
		"statement_timeout":             strconv.FormatInt(options.StatementTimeout.Milliseconds(), 10),
		"plan_cache_mode":               "force_generic_plan",
		"jit":                           "off",
	} {
		parameters[name] = value
	}
	if parameters["application_name"] == "" {
		parameters["application_name"] = "onelondon"
	}
}

// readOnly refuses a session that could write, whatever a pooler between us and the database made of the settings.
func readOnly(ctx context.Context, conn *pgx.Conn) error {
	result := conn.PgConn().ExecParams(ctx, "SHOW transaction_read_only", nil, nil, nil, nil).Read()
	if result.Err != nil {
		return result.Err
	}
	if len(result.Rows) != 1 || string(result.Rows[0][0]) != "on" {
		return fmt.Errorf("%w: the session is not read-only", sources.ErrUnavailable)
	}
	return nil
}
