package sqlsource_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/internal/testkit/transact"
	"onelondon/sources/mapping"
	"onelondon/sources/mysql"
	"onelondon/sources/postgres"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlserver"
	"onelondon/sources/sqlsource"
)

// clinic is the schema of testdata/clinic.yaml. BOOL and MOMENT are replaced by each database's own types.
const clinic = `
CREATE TABLE "Practice" ("PracticeId" INTEGER, "Ods" VARCHAR(20));
CREATE TABLE "Patient" ("PatientId" VARCHAR(40), "NhsNumber" VARCHAR(20), "PracticeId" INTEGER, "Surname" VARCHAR(40),
	"Sex" CHAR(1), "Born" DATE, "Deleted" BOOL, "Dummy" BOOL, "Kind" VARCHAR(20), "Sensitive" BOOL);
CREATE INDEX "patient_nhs" ON "Patient" ("NhsNumber");
CREATE TABLE "Coding" ("CodeId" BIGINT, "Snomed" VARCHAR(40), "Term" VARCHAR(80));
CREATE INDEX "coding_id" ON "Coding" ("CodeId");
CREATE TABLE "Obs" ("ObsId" VARCHAR(60), "PatientId" VARCHAR(40), "CodeId" BIGINT, "LocalSystem" VARCHAR(10),
	"LocalCode" VARCHAR(40), "Words" VARCHAR(200), "Happened" VARCHAR(40), "HappenedPrecision" VARCHAR(10), "State" VARCHAR(10),
	"Note" VARCHAR(200), "Publisher" VARCHAR(20), "Org" VARCHAR(20), "Amount" VARCHAR(20), "Unit" VARCHAR(20), "Deleted" BOOL,
	"Confidential" BOOL, "ThirdParty" VARCHAR(10));
CREATE INDEX "obs_patient" ON "Obs" ("PatientId");
CREATE TABLE "Visit" ("VisitId" BIGINT, "PatientId" VARCHAR(40), "Started" MOMENT, "Flag" VARCHAR(1),
	"DIAG_01" VARCHAR(20), "DIAG_02" VARCHAR(20));
CREATE INDEX "visit_patient" ON "Visit" ("PatientId");
CREATE TABLE "Result" ("ResultId" BIGINT, "VisitId" BIGINT, "Test" VARCHAR(20), "Taken" VARCHAR(20), "Amount" DECIMAL(10,2));
CREATE INDEX "result_visit" ON "Result" ("VisitId");
INSERT INTO "Practice" VALUES (1, 'F84001');
INSERT INTO "Patient" VALUES
	('p1', '999 000 0018', 1, 'O''Neil', 'F', '1961-02-03', FALSE, NULL, 'Regular', FALSE),
	('p2', '999 000 0026', NULL, 'Two', 'X', '1900-01-01', NULL, FALSE, 'Private', TRUE),
	('p1b', '999 000 0018', 1, 'ONeil', 'F', NULL, FALSE, FALSE, 'Regular', FALSE),
	('gone', '999 000 0018', 1, 'Gone', 'F', NULL, TRUE, FALSE, 'Regular', FALSE),
	('dummy', '999 000 0018', 1, 'Dummy', 'F', NULL, FALSE, TRUE, 'Regular', FALSE),
	('wrong', '999 000 0019', 1, 'Wrong', 'F', NULL, FALSE, FALSE, 'Regular', FALSE),
	('none', NULL, 1, 'None', 'F', NULL, FALSE, FALSE, 'Regular', FALSE);
INSERT INTO "Coding" VALUES (10, '38341003', 'Hypertension'), (11, '44054006', 'Diabetes'), (12, NULL, 'Old words');
INSERT INTO "Obs" VALUES
	('o1', 'p1', 10, 'C', 'XE0Ub', 'BP up', '2019-04-03T10:22:00', 'YMDT', 'F', 'it''s high', 'R1H', 'F84001', '140.50', 'mmHg', NULL, FALSE, 'no'),
	('o2', 'p1', 11, NULL, NULL, NULL, '2020-05-06', 'YM', 'a', NULL, NULL, 'F84001', 'raised', NULL, FALSE, TRUE, 'yes'),
	('o3', 'p1', 12, 'X', 'loc1', NULL, '1900-01-01', NULL, 'A', NULL, '', 'F84001', '', NULL, FALSE, NULL, NULL),
	('o4', 'p1', NULL, NULL, NULL, NULL, '', NULL, '7', NULL, NULL, NULL, NULL, NULL, FALSE, NULL, NULL),
	('o5', 'p1b', 10, NULL, NULL, NULL, '2018-01-01', 'U', 'E', NULL, NULL, 'F84001', '7', NULL, FALSE, FALSE, NULL),
	('o6', 'p1', 10, NULL, NULL, NULL, '2018', NULL, 'F', NULL, NULL, 'F84001', '.5', NULL, TRUE, FALSE, NULL),
	('o7', 'p1', 10, NULL, NULL, NULL, '2018', 'Y', 'F', NULL, NULL, 'F84001', '.5', NULL, FALSE, FALSE, NULL),
	('bad', 'p1', 10, NULL, NULL, NULL, 'last week', NULL, 'F', NULL, NULL, 'F84001', '1', NULL, FALSE, FALSE, NULL),
	('theirs', 'p2', 10, NULL, NULL, NULL, '2021-01-01', NULL, 'F', NULL, NULL, 'F84001', '1', NULL, FALSE, FALSE, NULL),
	('deleted', 'gone', 10, NULL, NULL, NULL, '2021-01-01', NULL, 'F', NULL, NULL, 'F84001', '1', NULL, FALSE, FALSE, NULL);
INSERT INTO "Visit" VALUES (100, 'p1', '2019-04-01 08:00:00', 'Y', 'I10', NULL), (101, 'p1', NULL, NULL, 'E11', 'I10');
INSERT INTO "Result" VALUES (1, 100, 'HB', '03/04/2019 10:22', 12.25), (2, 100, 'NA', '01/02/2022', 140.75), (3, 101, 'K', NULL, 4.15);`

// engine is one database server that the same tests run against.
type engine struct {
	name string
	open func(t testing.TB, statements []string, m *mapping.Mapping, id clinical.SourceID) *sqlsource.Source
	kind map[string]string // its words for BOOL and MOMENT
}

func engines() []engine {
	return []engine{
		{"SQLite", openSQLite, map[string]string{"BOOL": "BOOLEAN", "MOMENT": "DATETIME"}},
		{"PostgreSQL", openPostgreSQL, map[string]string{"BOOL": "BOOLEAN", "MOMENT": "TIMESTAMP"}},
		{"MariaDB", openMariaDB, map[string]string{"BOOL": "BOOLEAN", "MOMENT": "DATETIME"}},
	}
}

func openSQLite(t testing.TB, statements []string, m *mapping.Mapping, id clinical.SourceID) *sqlsource.Source {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clinic #1.db")
	load(t, "sqlite", path, statements)
	source, err := sqlite.Open(t.Context(), sqlsource.Options{ID: id, DSN: path, Mapping: m})
	return opened(t, source, err)
}

func openPostgreSQL(t testing.TB, statements []string, m *mapping.Mapping, id clinical.SourceID) *sqlsource.Source {
	t.Helper()
	server := testkit.PostgreSQL(t)
	owner := server.Database(t)
	load(t, "pgx", owner, statements)
	source, err := postgres.Open(t.Context(), sqlsource.Options{ID: id, DSN: server.ReadOnly(t, owner), Mapping: m})
	return opened(t, source, err)
}

func openMariaDB(t testing.TB, statements []string, m *mapping.Mapping, id clinical.SourceID) *sqlsource.Source {
	t.Helper()
	server := testkit.MariaDB(t)
	owner := server.Database(t)
	load(t, "mysql", owner+"&sql_mode=%27ANSI_QUOTES%27", statements)
	source, err := mysql.Open(t.Context(), sqlsource.Options{ID: id, DSN: server.ReadOnly(t, owner), Mapping: m})
	return opened(t, source, err)
}

func openModel(t testing.TB, statements []string, m *mapping.Mapping, id clinical.SourceID) *sqlsource.Source {
	t.Helper()
	db := transact.New()
	for _, statement := range inTransact(statements) {
		if err := db.Exec(statement); err != nil {
			t.Fatalf("%v in %s", err, statement)
		}
	}
	source, err := sqlserver.Over(t.Context(), db.Connector(), sqlsource.Options{ID: id, Mapping: m})
	return opened(t, source, err)
}

func openSQLServer(t testing.TB, statements []string, m *mapping.Mapping, id clinical.SourceID) *sqlsource.Source {
	t.Helper()
	dsn := testkit.SQLServer(t)
	load(t, "sqlserver", dsn, inTransact(statements))
	source, err := sqlserver.Open(t.Context(), sqlsource.Options{ID: id, DSN: dsn, Mapping: m})
	return opened(t, source, err)
}

// inTransact writes statements as SQL Server takes them: it has no words for truth values, and texts are national.
func inTransact(statements []string) []string {
	written := make([]string, len(statements))
	for i, statement := range statements {
		written[i] = strings.NewReplacer(" TRUE", " 1", " FALSE", " 0", "INTEGER", "INT", " VARCHAR(", " NVARCHAR(").Replace(statement)
		if strings.HasPrefix(statement, "INSERT") {
			written[i] = strings.NewReplacer("('", "(N'", ", '", ", N'").Replace(written[i])
		}
	}
	return written
}

func TestMain(m *testing.M) { testkit.Main(m) }

func opened(t testing.TB, source *sqlsource.Source, err error) *sqlsource.Source {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { source.Close() })
	return source
}

func execute(t testing.TB, db *sql.DB, statements []string) {
	t.Helper()
	for _, statement := range statements {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%v in %s", err, statement)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func load(t testing.TB, driver, dsn string, statements []string) {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	execute(t, db, statements)
}

// clinicOn opens the clinic on an engine, with extra statements after its own.
func clinicOn(t testing.TB, e engine, extra ...string) *sqlsource.Source {
	t.Helper()
	script := clinic
	for word, own := range e.kind {
		script = strings.ReplaceAll(script, " "+word, " "+own)
	}
	return e.open(t, append(strings.Split(script, ";\n"), extra...), clinicMapping(t), "clinic")
}

func clinicMapping(t testing.TB) *mapping.Mapping {
	t.Helper()
	data, err := os.ReadFile("testdata/clinic.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m, err := mapping.Load("clinic.yaml", data, map[string]string{"organisation": "F84001"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}
