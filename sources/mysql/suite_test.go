package mysql_test

import (
	"database/sql"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/mysql"
	"onelondon/sources/sourcetest"
	"onelondon/sources/sqlsource"
)

func TestTheDriverPassesTheConformanceSuite(t *testing.T) {
	dsn := testkit.MariaDB(t).Database(t)
	db, err := sql.Open("mysql", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	sourcetest.RunSQL(t, sourcetest.SQL{
		Dialect: sourcetest.MySQL,
		Exec: func(statement string, args ...any) error {
			_, err := db.ExecContext(t.Context(), statement, args...)
			return err
		},
		Open: func(m *mapping.Mapping, id clinical.SourceID) (sources.Source, error) {
			return mysql.Open(t.Context(), sqlsource.Options{ID: id, DSN: dsn, Mapping: m})
		},
	})
}
