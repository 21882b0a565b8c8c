package openehr_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"onelondon/internal/testkit"
	"onelondon/sources/mapping"
	"onelondon/sources/openehr"
	"onelondon/sources/openehr/adl"
	"onelondon/sources/openehr/ehrstore"
	"onelondon/sources/scaffold"
)

// templateServer keeps real templates, made operational, and nothing else.
func templateServer(t *testing.T, names ...string) *httptest.Server {
	t.Helper()
	shared := testkit.Shared(t, "data/openehr-acp")
	store := ehrstore.New("test", time.Now)
	for _, name := range names {
		_, opt, err := adl.Design(filepath.Join(shared, "templates", name+".t.json"), filepath.Join(shared, "archetypes"))
		if err != nil {
			t.Fatal(err)
		}
		if err := store.PutTemplate(opt); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(http.StripPrefix("/openehr", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer hunter2" {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		store.ServeHTTP(w, r)
	})))
	t.Cleanup(server.Close)
	return server
}

func TestTheEntriesOfAServersTemplatesAreListedWithTheirPlaces(t *testing.T) {
	server := templateServer(t, "EA_-_End_of_life_Care.v0")
	templates, entries, err := openehr.Templates(t.Context(), openehr.Options{ID: "x", Base: server.URL + "/openehr", Credentials: openehr.Credentials{Token: "hunter2"}})
	if err != nil || len(templates) != 1 {
		t.Fatalf("%+v: %v", templates, err)
	}
	at := slices.IndexFunc(entries, func(e openehr.Entry) bool { return e.Archetype == "openEHR-EHR-EVALUATION.cpr_decision_uk.v0" })
	if at < 0 || entries[at].Class != "EVALUATION" || entries[at].Name == "" {
		t.Fatalf("entries %+v", entries)
	}
	if !slices.ContainsFunc(entries[at].Leaves, func(l openehr.Leaf) bool {
		return l.Path == "data[at0001]/items[at0002]/value" && slices.ContainsFunc(l.Types, func(typ string) bool { return strings.HasPrefix(typ, "DV_DATE") })
	}) {
		t.Errorf("the date of a CPR decision is not among %+v", entries[at].Leaves)
	}
	if _, _, err := openehr.Templates(t.Context(), openehr.Options{ID: "x", Base: server.URL + "/openehr"}); err == nil || !strings.Contains(err.Error(), "HTTP 401") {
		t.Errorf("without a token: %v", err)
	}
}

// TestADraftOfRealTemplatesIsAMappingThatAServerCanBeAsked holds what is guessed of two real templates against the loader and against what
// AQL can say.
func TestADraftOfRealTemplatesIsAMappingThatAServerCanBeAsked(t *testing.T) {
	server := templateServer(t, "EA_-_End_of_life_Care.v0", "EA_-_ReSPECT-3.v0")
	_, entries, err := openehr.Templates(t.Context(), openehr.Options{ID: "x", Base: server.URL + "/openehr", Credentials: openehr.Credentials{Token: "hunter2"}})
	if err != nil {
		t.Fatal(err)
	}
	var read []scaffold.Entry
	for _, e := range entries {
		one := scaffold.Entry{Class: e.Class, Archetype: e.Archetype, Name: e.Name}
		for _, leaf := range e.Leaves {
			one.Leaves = append(one.Leaves, scaffold.Leaf(leaf))
		}
		read = append(read, one)
	}
	text := scaffold.GuessPaths(read, "plans", "Plans")
	m, err := mapping.LoadPaths("draft.yaml", text, map[string]string{"organisation": "R1H", "organisation_name": "A trust", "namespace": "nhs"})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := openehr.CheckMapping("draft.yaml", m); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	if !strings.Contains(string(text), "anticipatory_medication_summary") || !strings.Contains(string(text), "cpr_decision_uk") {
		t.Errorf("an entry is left out in silence:\n%s", text)
	}
	t.Logf("%s", text)
}
