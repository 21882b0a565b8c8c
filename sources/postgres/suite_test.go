package postgres_test

import (
	"database/sql"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/postgres"
	"onelondon/sources/sourcetest"
	"onelondon/sources/sqlsource"
)

func TestTheDriverPassesTheConformanceSuite(t *testing.T) {
	dsn := testkit.PostgreSQL(t).Database(t)
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	sourcetest.RunSQL(t, sourcetest.SQL{
		Dialect: sourcetest.PostgreSQL,
		Exec: func(statement string, args ...any) error {
			_, err := db.ExecContext(t.Context(), statement, args...)
			return err
		},
		Open: func(m *mapping.Mapping, id clinical.SourceID) (sources.Source, error) {
			return postgres.Open(t.Context(), sqlsource.Options{ID: id, DSN: dsn, Mapping: m})
		},
	})
}
