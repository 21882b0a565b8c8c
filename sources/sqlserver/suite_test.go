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
