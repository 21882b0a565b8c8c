package sqlsource_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/mysql"
	"onelondon/sources/postgres"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlsource"
)

func TestASlowStatementEndsAtTheDeadlineAndTheNextQuestionIsAnswered(t *testing.T) {
	slow := map[string]string{
		"SQLite":     `(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000000) SELECT MAX(n) FROM c)`,
		"PostgreSQL": `(SELECT pg_sleep(3)::text)`,
		"MariaDB":    `(SELECT SLEEP(3))`,
	}
	m, err := mapping.Load("s.yaml", []byte(`
system: s
title: S
person: {from: People as p, nhs_number: p.Nhs, organisation: {code: "'F84001'"}}
records:
  Registration: [{id: p.Id, labels: {sealed: false}, fields: {familyName: p.Id}}]
  Alert: [{from: Slow as s, person: s.Nhs = p.Nhs, id: s.Id, labels: {sealed: false}, fields: {note: s.Said, date: s.Said}}]
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	onEveryEngine(t, func(t *testing.T, e engine) {
		source := e.open(t, []string{`CREATE TABLE "People" ("Id" VARCHAR(10), "Nhs" VARCHAR(20))`,
			`INSERT INTO "People" VALUES ('7', '9990000018')`,
			`CREATE VIEW "Slow" AS SELECT "Id", "Nhs", ` + slow[e.name] + ` AS "Said" FROM "People"`}, m, "s")
		for range 3 { // more often than there are connections
			ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
			begun := time.Now()
			_, err := source.Fetch(ctx, sources.Query{Parts: []sources.Part{everything(t, clinical.KindAlert)}})
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error is %v, want that the deadline passed", err)
			}
			if waited := time.Since(begun); waited > 5*time.Second {
				t.Errorf("waited %v", waited)
			}
		}
		if got := fetch(t, source, everything(t, clinical.KindRegistration)).Parts[0]; len(got.Records) != 1 {
			t.Errorf("afterwards %d records, want 1", len(got.Records))
		}
	})
}

func TestTheServerItselfEndsAStatementThatRunsTooLong(t *testing.T) {
	m, err := mapping.Load("s.yaml", []byte(`
system: s
title: S
person: {from: Slow as p, nhs_number: p.Nhs, organisation: {code: p.Said}}
records:
  Registration: [{id: p.Id, labels: {sealed: false}, fields: {note: p.Said}}]
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	table := []string{`CREATE TABLE "People" ("Id" VARCHAR(10), "Nhs" VARCHAR(20))`, `INSERT INTO "People" VALUES ('7', '9990000018')`}
	options := sqlsource.Options{ID: "s", Mapping: m, StatementTimeout: 200 * time.Millisecond}
	open := map[string]func(t *testing.T) (*sqlsource.Source, error){
		"PostgreSQL": func(t *testing.T) (*sqlsource.Source, error) {
			options.DSN = testkit.PostgreSQL(t).Database(t)
			load(t, "pgx", options.DSN, append(table, `CREATE VIEW "Slow" AS SELECT "Id", "Nhs", (SELECT pg_sleep(0.6)::text) AS "Said" FROM "People"`))
			return postgres.Open(t.Context(), options)
		},
		"MariaDB": func(t *testing.T) (*sqlsource.Source, error) {
			options.DSN = testkit.MariaDB(t).Database(t)
			load(t, "mysql", options.DSN+"&sql_mode=%27ANSI_QUOTES%27",
				append(table, `CREATE VIEW "Slow" AS SELECT "Id", "Nhs", (SELECT SLEEP(0.6)) AS "Said" FROM "People"`))
			return mysql.Open(t.Context(), options)
		},
	}
	for name, open := range open {
		t.Run(name, func(t *testing.T) {
			source, err := open(t)
			source = opened(t, source, err)
			_, err = source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{everything(t, clinical.KindRegistration)}})
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error is %v, want that the time was up", err)
			}
			listed := 0
			if err := source.People(t.Context(), func(sources.Membership) error { listed++; return nil }); err != nil || listed != 1 {
				t.Errorf("%d people listed, %v; a listing may take its time", listed, err)
			}
			_, err = source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{everything(t, clinical.KindRegistration)}})
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("after a listing the error is %v, want that the time was up", err)
			}
		})
	}
}

func TestADatabaseThatIsNotThereIsUnavailableAndItsPasswordStaysUnsaid(t *testing.T) {
	rubbish := filepath.Join(t.TempDir(), "rubbish.db")
	if err := os.WriteFile(rubbish, []byte(strings.Repeat("this is no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(testkit.PostgreSQL(t).Database(t))
	if err != nil {
		t.Fatal(err)
	}
	nowhere := address.JoinPath("..", "nowhere").String()
	for name, test := range map[string]struct {
		open func(context.Context, sqlsource.Options) (*sqlsource.Source, error)
		dsn  string
	}{
		"no file":                {sqlite.Open, filepath.Join(t.TempDir(), "none.db")},
		"no database":            {sqlite.Open, rubbish},
		"no PostgreSQL server":   {postgres.Open, "postgres://u:s3cret@127.0.0.1:1/x"},
		"no MySQL server":        {mysql.Open, "u:s3cret@tcp(127.0.0.1:1)/x"},
		"no PostgreSQL database": {postgres.Open, nowhere},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := test.open(t.Context(), sqlsource.Options{ID: "x", DSN: test.dsn, Mapping: clinicMapping(t)})
			if !errors.Is(err, sources.ErrUnavailable) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("error is %v", err)
			}
		})
	}
	for name, open := range map[string]func(context.Context, sqlsource.Options) (*sqlsource.Source, error){
		"PostgreSQL": postgres.Open, "MySQL": mysql.Open,
	} {
		_, err := open(t.Context(), sqlsource.Options{ID: "x", DSN: "post gres://u:s3cret@@tcp(/", Mapping: clinicMapping(t)})
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: a DSN that cannot be read gives %v", name, err)
		}
	}
}
