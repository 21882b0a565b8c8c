package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onelondon/examples/london/careplans"
	"onelondon/internal/testkit"
	"onelondon/sources/openehr/adl"
)

// TestAnOpenEHRServerIsBroughtInFromItsTemplates goes the way of somebody who has an openEHR server that nobody has mapped: a draft from its
// templates, a source with it, a check, and a check after an upgrade.
func TestAnOpenEHRServerIsBroughtInFromItsTemplates(t *testing.T) {
	dir, _ := smallLondon(t)
	store, err := careplans.Kept(time.Now, heroine().heroine.NHSNumber.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	shared := testkit.Shared(t, "data/openehr-acp")
	id, opt, err := adl.Design(filepath.Join(shared, "templates", "EA_-_End_of_life_Care.v0.t.json"), filepath.Join(shared, "archetypes"))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.PutTemplate(opt); err != nil {
		t.Fatal(err)
	}
	server := ehrServer(t, store, func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer hunter2" })
	t.Setenv("ONELONDON_TEST_EHR_TOKEN", "hunter2")
	draft := filepath.Join(dir, "draft.yaml")
	command := []string{"source", "scaffold", "--dsn", server.URL + "/rest/openehr", "--driver", "openehr", "--token", "${ONELONDON_TEST_EHR_TOKEN}", "--system", "plans", "--out", draft}
	said := say(t, command...)
	text, err := os.ReadFile(draft)
	if err != nil || said.code != exitFine || !strings.Contains(said.errs, "1 templates with ") || !strings.Contains(string(text), "cpr_decision_uk") ||
		strings.Contains(said.errs+string(text), "hunter2") {
		t.Fatalf("exit %d: %s%s%s, %v", said.code, said.out, said.errs, text, err)
	}
	if again := say(t, command...); again.code != exitNotRun || !strings.Contains(again.errs, "is there already") {
		t.Errorf("a draft is written over: exit %d: %s", again.code, again.errs)
	}
	path := filepath.Join(dir, configFile)
	addTo(t, path, fmt.Sprintf(`
  - {id: drafted, name: Drafted, driver: openehr, dsn: "%s/rest/openehr", mapping: draft.yaml, openehr: {token: "${ONELONDON_TEST_EHR_TOKEN}"},
     parameters: {organisation: QWE, organisation_name: A board, namespace: nhs-number}}
`, server.URL))
	check := []string{"source", "check", "--config", path, "--source", "drafted", "--remember", filepath.Join(dir, "layouts.json")}
	if checked := say(t, check...); checked.code != exitFine || !strings.Contains(checked.out, "Registration: 1 records of 1 people") {
		t.Errorf("exit %d: %s%s", checked.code, checked.out, checked.errs)
	}
	store.DropTemplate(id)
	if err := store.PutTemplate(bytes.ReplaceAll(opt, []byte("EVALUATION.recommendation.v1"), []byte("EVALUATION.recommendation.v2"))); err != nil {
		t.Fatal(err)
	}
	drifted := say(t, check...)
	if !strings.Contains(drifted.out, "openEHR-EHR-EVALUATION.recommendation.v1 was there at the last check and is gone; there is openEHR-EHR-EVALUATION.recommendation.v2") {
		t.Errorf("exit %d: %s%s", drifted.code, drifted.out, drifted.errs)
	}
}
