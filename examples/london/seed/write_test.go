package seed_test

import (
	"compress/gzip"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
)

// open makes an empty database in one of the dialects.
func open(t *testing.T, dialect seed.Dialect) *sql.DB {
	t.Helper()
	driver, dsn := "sqlite", filepath.Join(t.TempDir(), "seeded.sqlite")
	switch dialect {
	case seed.PostgreSQL:
		driver, dsn = "pgx", testkit.PostgreSQL(t).Database(t)
	case seed.MySQL:
		driver, dsn = "mysql", testkit.MariaDB(t).Database(t)
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func dialects() []seed.Dialect { return []seed.Dialect{seed.SQLite, seed.PostgreSQL, seed.MySQL} }

func TestAnOMOPExportIsLoadedWholeIntoEveryDatabase(t *testing.T) {
	for _, dialect := range dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			db := open(t, dialect)
			loader, err := seed.OpenTables(t.Context(), db, dialect, seed.OMOP)
			if err != nil {
				t.Fatal(err)
			}
			loaded := map[string]int{}
			for _, table := range []string{"person", "visit_occurrence", "condition_occurrence", "drug_exposure",
				"procedure_occurrence", "measurement", "observation", "death", "concept", "observation_period", "location"} {
				loaded[table] = load(t, loader, table)
			}
			if err := loader.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			for table, want := range loaded {
				var got int
				if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&got); err != nil || got != want {
					t.Errorf("%s has %d rows (%v), the file %d", table, got, err, want)
				}
			}
			if loaded["person"] != 28 || loaded["measurement"] != 10040 {
				t.Errorf("%d people and %d measurements were loaded", loaded["person"], loaded["measurement"])
			}
		})
	}
}

func load(t *testing.T, loader *seed.Loader, table string) int {
	t.Helper()
	file, err := os.Open(testkit.Shared(t, "data/omop-synthea27nj/"+strings.ToUpper(table)+".csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	count, err := loader.LoadCSV(t.Context(), table, unzipped)
	if err != nil {
		t.Fatal(err)
	}
	return count
}

func TestAWriterRefusesWhatItsSystemHasNoPlaceFor(t *testing.T) {
	entry := seed.Entry{Code: seed.Code{System: clinical.SNOMED, Code: "91936005", Display: "Allergy to penicillin"}}
	for _, c := range []struct {
		what   string
		system seed.System
		person seed.Person
	}{
		{"an allergy in a PAS", seed.PAS, seed.Person{Allergies: []seed.Allergy{{Entry: entry}}}},
		{"an allergy in Millennium", seed.Millennium, seed.Person{Allergies: []seed.Allergy{{Entry: entry}}}},
		{"an alert in EMIS", seed.EMIS, seed.Person{Alerts: []seed.Alert{{Entry: entry}}}},
		{"an S-flag in SystmOne", seed.SystmOne, seed.Person{Sensitive: true}},
		{"a letter in Discovery", seed.Compass, seed.Person{Documents: []seed.Document{{Entry: entry}}}},
		{"a diagnosis of no encounter in a PAS", seed.PAS, seed.Person{Conditions: []seed.Condition{{Entry: entry}}}},
		{"a sealed finding in SystmOne", seed.SystmOne, seed.Person{Observed: []seed.Observation{{Entry: seed.Entry{Sealed: true}}}}},
		{"a record of an encounter that is not there", seed.EMIS, seed.Person{Observed: []seed.Observation{{Entry: seed.Entry{Encounter: "e9"}}}}},
		{"a person of an organisation that is not there", seed.EMIS, seed.Person{Holder: "F99999"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			writer, err := seed.Open(t.Context(), open(t, seed.SQLite), seed.SQLite, c.system)
			if err != nil {
				t.Fatal(err)
			}
			if err := writer.Organisation(t.Context(), seed.Organisation{Code: "F84012", Name: "ALBION HEALTH CENTRE"}); err != nil {
				t.Fatal(err)
			}
			person := c.person
			if person.Holder == "" {
				person.Holder = "F84012"
			}
			person.NHSNumber = "9990000018"
			if err := writer.Person(t.Context(), &person); err == nil {
				t.Error("it was written")
			}
		})
	}
}

func TestAFileWithAColumnThatTheTableLacksIsRefused(t *testing.T) {
	loader, err := seed.OpenTables(t.Context(), open(t, seed.SQLite), seed.SQLite, seed.OMOP)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := loader.LoadCSV(t.Context(), "person", strings.NewReader("person_id,shoe_size\n1,42\n")); err == nil {
		t.Error("a column that is not there was loaded")
	}
}
