package sqlserver_test

import (
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit/transact"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sourcetest"
	"onelondon/sources/sqlserver"
	"onelondon/sources/sqlsource"
)

// The suite over the model of Transact-SQL: every statement of it is read by a parser that nobody here wrote.
func TestTheDriverPassesTheConformanceSuiteOverAModelOfTransactSQL(t *testing.T) {
	db := transact.New()
	sourcetest.RunSQL(t, sourcetest.SQL{
		Dialect: sourcetest.SQLServer,
		Exec:    db.Exec,
		Open: func(m *mapping.Mapping, id clinical.SourceID) (sources.Source, error) {
			return sqlserver.Over(t.Context(), db.Connector(), sqlsource.Options{ID: id, Mapping: m})
		},
	})
}

// A survey reads a database for which there is no mapping; its statements, too, only read.
func TestASurveyReadsTheFirstRowsOverAModelOfTransactSQL(t *testing.T) {
	db := transact.New()
	for _, statement := range []string{`CREATE TABLE [Person] ([Id] int, [Name] varchar(100))`, `INSERT INTO [Person] VALUES (1, 'A'), (2, NULL), (3, 'B')`} {
		if err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	source, err := sqlserver.Over(t.Context(), db.Connector(), sqlsource.Options{ID: "unknown", Mapping: &mapping.Mapping{System: "unknown"}})
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	table := sqlsource.Table{Name: "Person", Columns: []sqlsource.Column{{Name: "Id", Type: "int"}, {Name: "Name", Type: "varchar"}}}
	var rows []string
	if err := source.Sample(t.Context(), &table, 2, func(row []string) { rows = append(rows, row[0]+row[1]) }); err != nil || len(rows) != 2 || rows[0] != "1A" {
		t.Errorf("rows %q: %v", rows, err)
	}
	if found, err := source.Among(t.Context(), &table, "Id", []string{"1", "3", "77"}); err != nil || found != 2 {
		t.Errorf("%d of two are there: %v", found, err)
	}
	tables, err := source.Tables(t.Context())
	if err != nil || len(tables) != 1 || tables[0].Name != "Person" || len(tables[0].Columns) != 2 {
		t.Errorf("tables %+v: %v", tables, err)
	}
}
