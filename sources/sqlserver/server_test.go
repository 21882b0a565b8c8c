package sqlserver_test

import (
	"database/sql"
	"testing"

	_ "github.com/microsoft/go-mssqldb"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sourcetest"
	"onelondon/sources/sqlserver"
	"onelondon/sources/sqlsource"
)

func TestTheDriverPassesTheConformanceSuiteOnAServer(t *testing.T) {
	dsn := testkit.SQLServer(t)
	db, err := sql.Open("sqlserver", dsn)
	if err != nil {
		t.Fatal("open the test's own database: the DSN cannot be read")
	}
	defer db.Close()
	sourcetest.RunSQL(t, sourcetest.SQL{
		Dialect: sourcetest.SQLServer,
		Exec: func(statement string, args ...any) error {
			_, err := db.ExecContext(t.Context(), statement, args...)
			return err
		},
		Open: func(m *mapping.Mapping, id clinical.SourceID) (sources.Source, error) {
			return sqlserver.Open(t.Context(), sqlsource.Options{ID: id, DSN: dsn, Mapping: m})
		},
	})
}
