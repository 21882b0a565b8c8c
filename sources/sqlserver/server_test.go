package sqlserver_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	_ "github.com/microsoft/go-mssqldb"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sourcetest"
	"onelondon/sources/sqlserver"
	"onelondon/sources/sqlsource"
)

// address names an environment variable with the DSN of a SQL Server whose login may make and drop databases.
const address = "ONELONDON_SQLSERVER"

func TestTheDriverPassesTheConformanceSuiteOnAServer(t *testing.T) {
	dsn := testkit.Address(t, address, "SQL Server")
	owner, err := sql.Open("sqlserver", dsn)
	if err != nil {
		t.Fatalf("open %s: the DSN cannot be read", address)
	}
	defer owner.Close()
	owner.SetMaxOpenConns(1) // so that USE stays
	name := fmt.Sprintf("onelondon_%d", time.Now().UnixNano())
	exec := func(statement string, args ...any) error {
		_, err := owner.ExecContext(t.Context(), statement, args...)
		return err
	}
	for _, statement := range []string{"CREATE DATABASE [" + name + "]", "ALTER DATABASE [" + name + "] SET ALLOW_SNAPSHOT_ISOLATION ON"} {
		if err := exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		for _, statement := range []string{"USE [master]", "ALTER DATABASE [" + name + "] SET SINGLE_USER WITH ROLLBACK IMMEDIATE", "DROP DATABASE [" + name + "]"} {
			if _, err := owner.Exec(statement); err != nil {
				t.Error(err)
			}
		}
	})
	loading := func(statement string, args ...any) error {
		// A statement with parameters runs in a scope of its own, in which USE would end.
		if err := exec("USE [" + name + "]"); err != nil {
			return err
		}
		return exec(statement, args...)
	}
	sourcetest.RunSQL(t, sourcetest.SQL{
		Dialect: sourcetest.SQLServer,
		Exec:    loading,
		Open: func(m *mapping.Mapping, id clinical.SourceID) (sources.Source, error) {
			return sqlserver.Open(t.Context(), sqlsource.Options{ID: id, DSN: sqlserver.InDatabase(dsn, name), Mapping: m})
		},
	})
}
