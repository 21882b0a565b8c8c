package ehrstore_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"onelondon/sources/openehr/ehrstore"
)

const (
	composition = "openEHR-EHR-COMPOSITION.plan.v1"
	decision    = "openEHR-EHR-EVALUATION.decision.v1"
	medicines   = "openEHR-EHR-EVALUATION.medicines.v1"
)

func entry(archetype string, data ...ehrstore.Object) ehrstore.Object {
	e := ehrstore.Entry{Class: "EVALUATION", Archetype: archetype, Name: "entry", DataNode: "at0001", Data: data}
	return e.Object()
}

func text(node, name, words string) ehrstore.Object {
	return ehrstore.Element(node, name, ehrstore.Text(words))
}

func plan(name string, content ...ehrstore.Object) ehrstore.Object {
	c := ehrstore.Composition{Archetype: composition, Template: "t", Name: name, Composer: "c", Start: "2026-01-01", Content: content}
	return c.Object()
}

// filled holds two people: one with two plans, of which one has medicines below a section, and one with none.
func filled(t *testing.T) (*ehrstore.Store, string) {
	t.Helper()
	store := ehrstore.New("test", func() time.Time { return time.Date(2026, 7, 2, 9, 0, 0, 0, time.UTC) })
	first, err := store.CreateEHR(ehrstore.Status("nhs", "9990000018", true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.CreateEHR(ehrstore.Status("nhs", "9990000026", false)); err != nil {
		t.Fatal(err)
	}
	dose := func(name, place string) ehrstore.Object {
		return ehrstore.Cluster("at0005", "medicine", text("at0006", "name", name), text("at0007", "place", place))
	}
	for _, one := range []ehrstore.Object{
		plan("one", entry(decision, text("at0002", "first", "a"), text("at0002", "second", "b"), text("at0003", "n", "7"))),
		plan("two", entry(decision, text("at0002", "first", "c")), ehrstore.Section("openEHR-EHR-SECTION.s.v1", "s", entry(medicines, dose("x", "here"), dose("y", "there")))),
	} {
		if _, err := store.Commit(first, one); err != nil {
			t.Fatal(err)
		}
	}
	return store, first
}

func TestQueriesMeanWhatTheSpecificationSays(t *testing.T) {
	store, _ := filled(t)
	const decided = " FROM EHR e CONTAINS COMPOSITION c[" + composition + "] CONTAINS EVALUATION d[" + decision + "]"
	for query, want := range map[string]string{
		"SELECT c/name/value" + decided:                                                                                                   "[[one] [two]]",
		"SELECT c/name/value, d/data[at0001]/items[at0002]/value/value" + decided:                                                         "[[one a] [one b] [two c]]",
		"SELECT c/name/value, d/data[at0001]/items[at0002 and name/value='second']/value/value" + decided:                                 "[[one b] [two <nil>]]",
		"SELECT d/data[at0001]/items[at0002, 'first']/value/value" + decided + " WHERE c/name/value = $n":                                 "[[a]]",
		"SELECT d/data[at0001]/items[at0002]/value/value" + decided + " WHERE d/data[at0001]/items[at0002]/value/value matches {'b','c'}": "[[b] [c]]",
		"SELECT c/name/value" + decided + " ORDER BY c/name/value DESC LIMIT 1":                                                           "[[two]]",
		"SELECT c/name/value" + decided + " ORDER BY c/name/value LIMIT 1 OFFSET 1":                                                       "[[two]]",
		"SELECT c/name/value, m/data[at0001]/items[at0005]/items[at0006]/value/value, m/data[at0001]/items[at0005]/items[at0007]/value/value" +
			" FROM EHR e CONTAINS COMPOSITION c CONTAINS EVALUATION m[" + medicines + "]": "[[two x here] [two y there]]",
		"SELECT c/name/value, m/name/value FROM EHR e CONTAINS COMPOSITION c CONTAINS (EVALUATION d[" + decision + "] OR EVALUATION m[" + medicines + "])": "[[one <nil>] [two entry]]",
		"SELECT c/name/value FROM EHR e CONTAINS COMPOSITION c CONTAINS (EVALUATION d[" + decision + "] AND EVALUATION m[" + medicines + "])":              "[[two]]",
		"SELECT c/name/value FROM EHR e CONTAINS COMPOSITION c CONTAINS SECTION s CONTAINS CLUSTER k[at0005]":                                              "[[two] [two]]",
		"SELECT c/name/value FROM EHR e CONTAINS COMPOSITION c CONTAINS ENTRY x[" + medicines + "]":                                                        "[[two]]",
		"SELECT v/commit_audit/time_committed/value FROM EHR e CONTAINS VERSION v[LATEST_VERSION] CONTAINS COMPOSITION c WHERE c/name/value = 'one'":       "[[2026-07-02T09:00:00.000000Z]]",
		"SELECT MAX(c/name/value) FROM EHR e CONTAINS COMPOSITION c":                                                                                       "[[two]]",
		"SELECT MAX(d/data[at0001]/items[at0002]/value/value) FROM EHR e CONTAINS EVALUATION d[" + decision + "]":                                          "[[c]]",
		"SELECT COUNT(k/name/value) FROM EHR e CONTAINS CLUSTER k[at0005]":                                                                                 "[[2]]",
		"SELECT COUNT(c/name/value), MIN(c/name/value) FROM EHR e CONTAINS COMPOSITION c":                                                                  "[[2 one]]",
		"SELECT e/ehr_status/is_queryable FROM EHR e WHERE e/ehr_status/subject/external_ref/id/value matches {'9990000026', '9990000026', 'x'}":           "[[false]]",
		"SELECT e/ehr_status/is_queryable FROM EHR e WHERE NOT e/ehr_status/is_queryable = true":                                                           "[[false]]",
		"SELECT c/name/value FROM EHR e CONTAINS COMPOSITION c WHERE c/name/value > 'one' OR (c/name/value <= 'one' AND c/name/value != 'one')":            "[[two]]",
		"SELECT c/name/value FROM EHR e CONTAINS COMPOSITION c WHERE c/feeder/value != 'x'":                                                                "[]",
		"SELECT s/subject/external_ref/namespace FROM EHR e CONTAINS EHR_STATUS s":                                                                         "[[nhs] [nhs]]",
	} {
		rows, err := store.Query(t.Context(), query, map[string]any{"n": "one"})
		if err != nil || fmt.Sprint(rows) != want {
			t.Errorf("%s\n got %v, %v\nwant %s", query, rows, err, want)
		}
	}
}

func TestAQueryThatCannotBeAnsweredIsRefused(t *testing.T) {
	store, _ := filled(t)
	for _, query := range []string{"", "SELECT c FROM EHR e", "SELECT e FROM EHR e WHERE e/x = $missing",
		"SELECT e/ehr_id/value, COUNT(e/ehr_id/value) FROM EHR e", "SELECT DISTINCT e FROM EHR e"} {
		if rows, err := store.Query(t.Context(), query, nil); !errors.Is(err, ehrstore.ErrQuery) {
			t.Errorf("%s: got %v, %v", query, rows, err)
		}
	}
}

func TestWhatIsStoredIsWhatBelongsThere(t *testing.T) {
	store, ehr := filled(t)
	if _, err := store.CreateEHR(ehrstore.Status("nhs", "9990000018", true)); !errors.Is(err, ehrstore.ErrConflict) {
		t.Errorf("a second EHR of one subject: %v", err)
	}
	if _, err := store.CreateEHR(ehrstore.Object{"_type": "COMPOSITION"}); !errors.Is(err, ehrstore.ErrInvalid) {
		t.Errorf("a status that is none: %v", err)
	}
	if _, err := store.Commit("nobody", plan("x")); !errors.Is(err, ehrstore.ErrNotFound) {
		t.Errorf("a composition of nobody: %v", err)
	}
	if _, err := store.Commit(ehr, ehrstore.Object{"_type": "COMPOSITION"}); !errors.Is(err, ehrstore.ErrInvalid) {
		t.Errorf("a composition that is none: %v", err)
	}
	if err := store.Delete(ehr, "x::test::1"); !errors.Is(err, ehrstore.ErrNotFound) || store.Len() != 2 {
		t.Errorf("a composition that is not there: %v", err)
	}
}

func TestTheRESTAPIAnswersWithTheStatusesOfTheSpecification(t *testing.T) {
	store, ehr := filled(t)
	served := httptest.NewServer(store)
	defer served.Close()
	send := func(method, path string, body any, header ...string) (int, string) {
		written, _ := json.Marshal(body)
		request, _ := http.NewRequestWithContext(t.Context(), method, served.URL+path, bytes.NewReader(written))
		if len(header) == 2 {
			request.Header.Set(header[0], header[1])
		}
		reply, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = reply.Body.Close()
		return reply.StatusCode, strings.Trim(reply.Header.Get("ETag"), `"`)
	}
	status, uid := send(http.MethodPost, "/v1/ehr/"+ehr+"/composition", plan("three"))
	if status != 201 || !strings.HasSuffix(uid, "::test::1") {
		t.Fatalf("commit: %d %s", status, uid)
	}
	id, _, _ := strings.Cut(uid, "::")
	if status, second := send(http.MethodPut, "/v1/ehr/"+ehr+"/composition/"+id, plan("four"), "If-Match", `"`+uid+`"`); status != 200 || !strings.HasSuffix(second, "::test::2") {
		t.Errorf("replace: %d %s", status, second)
	}
	for _, one := range []struct {
		method, path string
		body         any
		want         int
	}{
		{http.MethodPut, "/v1/ehr/" + ehr + "/composition/" + id, plan("five"), 404}, // without If-Match nothing is found
		{http.MethodDelete, "/v1/ehr/" + ehr + "/composition/" + uid, nil, 409},
		{http.MethodDelete, "/v1/ehr/" + ehr + "/composition/" + id + "::test::2", nil, 204},
		{http.MethodPost, "/v1/ehr", "no status", 400},
		{http.MethodPost, "/v1/ehr", map[string]any{}, 422},
		{http.MethodPost, "/v1/query/aql", map[string]any{"q": "SELECT"}, 400},
		{http.MethodPost, "/v1/query/aql", map[string]any{"q": "SELECT e/ehr_id/value FROM EHR e"}, 200},
		{http.MethodGet, "/v1/query/aql", nil, 404},
		{http.MethodGet, "/v1/ehr", nil, 405},
		{http.MethodGet, "/v2/ehr", nil, 404},
		{http.MethodGet, "/", nil, 404},
	} {
		if status, _ := send(one.method, one.path, one.body); status != one.want {
			t.Errorf("%s %s: %d, want %d", one.method, one.path, status, one.want)
		}
	}
}
