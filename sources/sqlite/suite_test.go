package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sourcetest"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlsource"
)

func TestTheDriverPassesTheConformanceSuite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "suite.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	sourcetest.RunSQL(t, sourcetest.SQL{
		Dialect: sourcetest.SQLite,
		Exec: func(statement string, args ...any) error {
			_, err := db.ExecContext(t.Context(), statement, args...)
			return err
		},
		Open: func(m *mapping.Mapping, id clinical.SourceID) (sources.Source, error) {
			return sqlite.Open(t.Context(), sqlsource.Options{ID: id, DSN: path, Mapping: m})
		},
	})
}
