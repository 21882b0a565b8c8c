package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onelondon/examples/london/careplans"
)

// ehrServer serves a store below a path of its own, to whoever may ask.
func ehrServer(t *testing.T, store http.Handler, may func(*http.Request) bool) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.StripPrefix("/rest/openehr", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !may(r) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		store.ServeHTTP(w, r)
	})))
	t.Cleanup(server.Close)
	return server
}

func TestAnOpenEHRServerIsASourceLikeAnyOther(t *testing.T) {
	dir, _ := smallLondon(t)
	f := heroine()
	now := func() time.Time { return time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC) }
	store, err := careplans.Kept(now, f.heroine.NHSNumber.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	server := ehrServer(t, store, func(r *http.Request) bool {
		user, password, ok := r.BasicAuth()
		return ok && user == "us" && password == "hunter2"
	})
	t.Setenv("ONELONDON_TEST_EHR_PASSWORD", "hunter2")
	path := filepath.Join(dir, "onelondon.yaml")
	addTo(t, path, fmt.Sprintf(`
  - id: plans
    name: Plans
    driver: openehr
    dsn: %s/rest/openehr
    mapping: openehr-care-plans
    parameters: {organisation: QWE, organisation_name: South West London, namespace: nhs-number}
    openehr: {user: us, password: "${ONELONDON_TEST_EHR_PASSWORD}"}
`, server.URL))
	checked := say(t, "source", "check", "--config", path, "--source", "plans")
	if checked.code != exitFine || !strings.Contains(checked.out, "UrgentCarePlan: 2 records of 1 people") || !strings.Contains(checked.out, "the newest entry is of 2026-11-01") {
		t.Errorf("exit %d: %s%s", checked.code, checked.out, checked.errs)
	}
	s := serveFolder(t, dir)
	gp := f.callers["gp"]
	gp.token = s.tokens["gp"]
	told, err := ask(t.Context(), s.url, gp, f.heroine.NHSNumber.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	if shown := fmt.Sprintf("%+v", told.patient); !strings.Contains(shown, "Morphine sulfate 10mg/1ml solution") {
		t.Errorf("the medicines of the plan are not shown: %s", shown)
	}
	server.Close()
	faulty := say(t, "source", "check", "--config", path, "--source", "plans")
	if faulty.code != exitNotRun || !strings.Contains(faulty.out, "could not be reached") || strings.Contains(faulty.out, "hunter2") {
		t.Errorf("exit %d: %s", faulty.code, faulty.out)
	}
}
