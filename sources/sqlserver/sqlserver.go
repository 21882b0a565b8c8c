package sqlserver

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	mssql "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"

	"onelondon/sources"
	"onelondon/sources/sqlsource"
)

// collation compares text code unit by code unit. Like every collation of SQL Server it takes no notice of trailing blanks, for
// which sqlsource marks where a text ends.
const collation = "Latin1_General_BIN2"

// callerFirst tells the session who asks; behind it stands the question.
const callerFirst = "EXEC sys.sp_set_session_context N'onelondon.caller', %;\n"

// callerWidth is what the caller's text is filled up to a multiple of: the server keeps a plan for each length of a text.
const callerWidth = 128

// Dialect is SQL Server's way of writing what sqlsource asks.
func Dialect() *sqlsource.Dialect {
	return &sqlsource.Dialect{
		Name:           "SQL Server",
		Transact:       true,
		Numbered:       true,
		TextType:       "nvarchar(4000)",
		ShownType:      "nvarchar(max)",
		Collation:      collation,
		LooseText:      true,
		FoldedNames:    true,
		CallerFirst:    callerFirst,
		CallerWidth:    callerWidth,
		MostParameters: 2000, // of 2,100
		MostLookups:    240,
		Antijoin:       true,
		Unpack:         "AS (SELECT CAST([code] AS nvarchar(500)) COLLATE " + collation + " + NCHAR(1) AS [code] FROM OPENJSON(%) WITH ([code] nvarchar(500) 'strict $'))",
		Lists:          sqlsource.ListsOpened,
		Typed:          true,
		Double:         "float",
		Number:         "TRY_CONVERT(float, %)",
		Groups:         true,
		Explain:        explain,
		Scans:          scans,
		Rights: "SELECT [permission_name] FROM [sys].[fn_my_permissions](NULL, N'DATABASE')" +
			" WHERE [permission_name] IN (N'INSERT', N'UPDATE', N'DELETE', N'EXECUTE', N'ALTER', N'CONTROL')",
		Columns: columnsOf("CAST([TABLE_SCHEMA] AS nvarchar(300)) COLLATE "+collation, "") + " UNION ALL " + columnsOf("N''", " WHERE [TABLE_SCHEMA] IN (SCHEMA_NAME(), N'dbo')"),
		Once: columnsOf("CASE WHEN [TABLE_SCHEMA] IN (SCHEMA_NAME(), N'dbo') THEN N'' ELSE [TABLE_SCHEMA] END", "") +
			" ORDER BY [TABLE_SCHEMA], [TABLE_NAME], [ORDINAL_POSITION]",
		Keys: keysOf("N'', N'', N''", "", " WHERE [c].[CONSTRAINT_TYPE] = N'PRIMARY KEY'") + " UNION ALL " +
			keysOf("CASE WHEN [u].[TABLE_SCHEMA] IN (SCHEMA_NAME(), N'dbo') THEN N'' ELSE [u].[TABLE_SCHEMA] END, [u].[TABLE_NAME], [u].[COLUMN_NAME]",
				" JOIN [INFORMATION_SCHEMA].[REFERENTIAL_CONSTRAINTS] AS [r] ON [r].[CONSTRAINT_SCHEMA] = [c].[CONSTRAINT_SCHEMA] AND [r].[CONSTRAINT_NAME] = [c].[CONSTRAINT_NAME]"+
					" JOIN [INFORMATION_SCHEMA].[KEY_COLUMN_USAGE] AS [u] ON [u].[CONSTRAINT_SCHEMA] = [r].[UNIQUE_CONSTRAINT_SCHEMA]"+
					" AND [u].[CONSTRAINT_NAME] = [r].[UNIQUE_CONSTRAINT_NAME] AND [u].[ORDINAL_POSITION] = [k].[ORDINAL_POSITION]", ""),
	}
}

// keysOf lists columns of keys, with what they point at.
func keysOf(target, joins, where string) string {
	return "SELECT CASE WHEN [k].[TABLE_SCHEMA] IN (SCHEMA_NAME(), N'dbo') THEN N'' ELSE [k].[TABLE_SCHEMA] END, [k].[TABLE_NAME], [k].[COLUMN_NAME], " + target +
		" FROM [INFORMATION_SCHEMA].[TABLE_CONSTRAINTS] AS [c] JOIN [INFORMATION_SCHEMA].[KEY_COLUMN_USAGE] AS [k]" +
		" ON [k].[CONSTRAINT_SCHEMA] = [c].[CONSTRAINT_SCHEMA] AND [k].[CONSTRAINT_NAME] = [c].[CONSTRAINT_NAME]" + joins + where
}

// columnsOf lists columns with their types and, behind a slash, their collations. A table of the session's own schema goes by its
// name alone as well.
func columnsOf(schema, where string) string {
	// The catalogue's own columns may have a collation each.
	exact := func(column string) string { return "CAST([" + column + "] AS nvarchar(300)) COLLATE " + collation }
	return "SELECT " + schema + ", " + exact("TABLE_NAME") + ", " + exact("COLUMN_NAME") + ", " + exact("DATA_TYPE") + " + ISNULL(N'/' + " +
		exact("COLLATION_NAME") + ", N'') FROM [INFORMATION_SCHEMA].[COLUMNS]" + where
}

// Open connects and makes sure that the server can answer what sqlsource asks.
func Open(ctx context.Context, options sqlsource.Options) (*sqlsource.Source, error) {
	options = options.Filled()
	config, err := configOf(options.DSN)
	if err != nil {
		return nil, fmt.Errorf("open SQL Server source %s: %w", options.ID, err)
	}
	return Over(ctx, mssql.NewConnectorConfig(config), options)
}

// Over opens a source over a connector of go-mssqldb's that the caller made, for ways of signing in that no DSN can say. The
// connector decides whether traffic is encrypted.
func Over(ctx context.Context, inner driver.Connector, options sqlsource.Options) (*sqlsource.Source, error) {
	options = options.Filled()
	db := sql.OpenDB(&connector{Connector: inner, first: first(options.StatementTimeout)})
	db.SetMaxOpenConns(options.Connections + 1) // for the one that counts
	db.SetMaxIdleConns(options.Connections)
	db.SetConnMaxIdleTime(5 * time.Minute)
	source, err := over(ctx, db, options)
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("open SQL Server source %s: %w", options.ID, err)
	}
	return source, nil
}

func over(ctx context.Context, db *sql.DB, options sqlsource.Options) (*sqlsource.Source, error) {
	if err := probe(ctx, db); err != nil {
		return nil, err
	}
	source, err := sqlsource.New(options, Dialect(), &connection{
		Database: sqlsource.NewDatabase(db, true, classify).Unprepared(), db: db, limit: options.StatementTimeout})
	if err != nil {
		return nil, err
	}
	return source, source.LearnTypes(ctx)
}

// configOf reads a DSN. What it may hold is in no error.
func configOf(dsn string) (msdsn.Config, error) {
	address, err := url.Parse(dsn)
	if err != nil || address.Scheme != "sqlserver" {
		return msdsn.Config{}, errors.New("the DSN cannot be read; write sqlserver://user:${PASSWORD}@host:1433?database=name")
	}
	query := address.Query()
	for key, values := range query {
		if key != strings.ToLower(key) {
			delete(query, key)
			query[strings.ToLower(key)] = values
		}
	}
	if query.Get("encrypt") == "" {
		query.Set("encrypt", "true")
	}
	query.Set("applicationintent", "ReadOnly")
	query.Set("log", "0") // the driver's own words may quote a statement
	if query.Get("app name") == "" {
		query.Set("app name", "onelondon")
	}
	if query.Get("database") == "" {
		return msdsn.Config{}, errors.New("the DSN names no database; add database=name")
	}
	address.RawQuery = query.Encode()
	config, err := msdsn.Parse(address.String())
	if err != nil {
		return msdsn.Config{}, errors.New("the DSN cannot be read; write sqlserver://user:${PASSWORD}@host:1433?database=name")
	}
	return config, secure(&config)
}

// secure refuses to send records in clear, or to a server that does not show who it is, anywhere but on this machine.
func secure(config *msdsn.Config) error {
	if config.Host == "localhost" || net.ParseIP(config.Host).IsLoopback() {
		return nil
	}
	switch {
	case config.Encryption != msdsn.EncryptionRequired && config.Encryption != msdsn.EncryptionStrict:
		return errors.New("the DSN asks for traffic in clear; write encrypt=true or encrypt=strict")
	case config.TrustServerCertificate:
		return errors.New("the DSN trusts any certificate; name that of the server's authority with certificate=")
	}
	return nil
}

// probe makes sure that the server can do what every statement needs: lists as JSON, and a collation that marks of ends work under.
func probe(ctx context.Context, db *sql.DB) error {
	var level, exact int
	const ask = "SELECT [compatibility_level], CASE WHEN CAST(N'a' AS nvarchar(9)) COLLATE " + collation + " + NCHAR(1) = N'a ' + NCHAR(1)" +
		" THEN 0 ELSE 1 END FROM [sys].[databases] WHERE [database_id] = DB_ID()"
	if err := db.QueryRowContext(ctx, ask).Scan(&level, &exact); err != nil {
		return classify(err)
	}
	if level < 130 {
		return fmt.Errorf("%w: the database has compatibility level %d; 130 is needed", sources.ErrUnavailable, level)
	}
	if exact != 1 {
		return fmt.Errorf("%w: collation %s does not tell 'a' from 'a '", sources.ErrUnavailable, collation)
	}
	return nil
}
