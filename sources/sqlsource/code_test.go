package sqlsource_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

func TestTheLogOfAFailedSourceHasTheCodeThatItsDatabaseGave(t *testing.T) {
	m, err := mapping.Load("s.yaml", []byte(`
system: s
title: S
person: {from: People as p, nhs_number: p.Nhs, organisation: {code: "'F84001'"}}
records:
  Registration: [{id: p.Id, labels: {sealed: false}, fields: {familyName: p.Id}}]
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]string{"SQLite": "SQLite 1", "PostgreSQL": "SQLSTATE 42P01", "MariaDB": "MySQL 1146"}
	onEveryEngine(t, func(t *testing.T, e engine) {
		source := e.open(t, []string{`CREATE TABLE "Other" ("Id" VARCHAR(10))`}, m, "s")
		var log bytes.Buffer
		catalogue, err := sources.NewCatalogue(slog.New(slog.NewTextHandler(&log, nil)),
			sources.Entry{Spec: sources.Spec{ID: "s"}, Source: source})
		if err != nil {
			t.Fatal(err)
		}
		replies := catalogue.Ask(t.Context(), []sources.Ask{{Source: "s",
			Query: sources.Query{Parts: []sources.Part{everything(t, clinical.KindRegistration)}}}})
		if replies[0].Code != codes[e.name] || !strings.Contains(log.String(), `code="`+codes[e.name]+`"`) {
			t.Errorf("the reply has %q, the log is %s", replies[0].Code, &log)
		}
	})
}
