package aql_test

import (
	"errors"
	"strings"
	"testing"

	"onelondon/sources/openehr/aql"
)

func known() []string {
	return []string{
		"SELECT c/uid/value FROM EHR e CONTAINS COMPOSITION c[openEHR-EHR-COMPOSITION.care_plan.v0]",
		"SELECT e/ehr_id/value AS ehr, d/data[at0001]/items[at0003 and name/value='Second choice']/value FROM EHR e CONTAINS COMPOSITION c[openEHR-EHR-COMPOSITION.care_plan.v0]" +
			" CONTAINS (EVALUATION d[openEHR-EHR-EVALUATION.cpr_decision_uk.v0] OR (ADMIN_ENTRY k CONTAINS CLUSTER m[at0011]))" +
			" WHERE (e/ehr_status/subject/external_ref/id/value matches {$n0, $n1} AND NOT (c/name/value != 'O\\'Brien \\\\'))" +
			" ORDER BY c/context/start_time/value DESC, c/uid/value LIMIT 10 OFFSET 20",
		"SELECT MAX(v/commit_audit/time_committed/value) FROM EHR e CONTAINS VERSION v[LATEST_VERSION] CONTAINS COMPOSITION c",
		"SELECT c FROM EHR e CONTAINS COMPOSITION c WHERE (e/ehr_status/is_queryable = true OR c/x/magnitude >= -1.5)",
	}
}

func TestAQueryIsWrittenAsItWasRead(t *testing.T) {
	for _, text := range known() {
		query, err := aql.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got := query.String(); got != text {
			t.Errorf("got  %s\nwant %s", got, text)
		}
	}
	query, err := aql.Parse("select c/data[ at0001, 'x' ] from EHR e contains (COMPOSITION c) where c/a = \"q\" -- done")
	if want := "SELECT c/data[at0001 and name/value='x'] FROM EHR e CONTAINS COMPOSITION c WHERE c/a = 'q'"; err != nil || query.String() != want {
		t.Errorf("got %v, %v", query, err)
	}
}

func TestWhatIsNotKnownIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "SELECT", "SELECT c FROM COMPOSITION c", "SELECT c FROM EHR e CONTAINS THING c", "SELECT x FROM EHR e", "SELECT e FROM EHR e CONTAINS COMPOSITION e",
		"SELECT DISTINCT c FROM EHR e CONTAINS COMPOSITION c", "SELECT TOP 5 c FROM EHR e CONTAINS COMPOSITION c",
		"SELECT e FROM EHR e NOT CONTAINS COMPOSITION c", "SELECT e FROM EHR e WHERE EXISTS e/x", "SELECT e FROM EHR e WHERE e/x LIKE 'a'",
		"SELECT e FROM EHR e WHERE e/x = 'a", "SELECT e FROM EHR e WHERE e/x = 'a\\n'", "SELECT e FROM EHR e WHERE e/x matches {}",
		"SELECT e FROM EHR e WHERE x/y = 1", "SELECT e FROM EHR e; DROP", "SELECT e/x[at0001 or at0002] FROM EHR e", "SELECT e FROM EHR e LIMIT -1",
		"SELECT e/data[$node] FROM EHR e", "SELECT e FROM EHR e CONTAINS (COMPOSITION c AND SECTION s OR CLUSTER k)",
		"SELECT e FROM EHR e WHERE " + strings.Repeat("(", 5000), "SELECT e FROM EHR e -- " + strings.Repeat("x", 70_000),
	} {
		if query, err := aql.Parse(text); !errors.Is(err, aql.ErrSyntax) {
			t.Errorf("%.60s: got %v, %v", text, query, err)
		}
	}
	for _, text := range []string{"", "/data", "data[", "data[at0001]]", "data[x]", "data = 1", "data, c/uid", "data[at0001]/items[at0002]/value)"} {
		if path, err := aql.ParsePath("c", text); err == nil {
			t.Errorf("%s: got %v", text, path)
		}
	}
}

func TestNodesAndClasses(t *testing.T) {
	for _, node := range []string{"at0001", "at0001.2", "openEHR-EHR-EVALUATION.cpr_decision_uk.v0", "id5"} {
		if !aql.IsNode(node) {
			t.Errorf("%s is a node", node)
		}
	}
	for _, node := range []string{"", "at", "at0001]", "x", "openEHR-EHR-EVALUATION.v0", "at0001 or at0002"} {
		if aql.IsNode(node) {
			t.Errorf("%s is no node", node)
		}
	}
	if !aql.IsClass("CLUSTER") || aql.IsClass("cluster") || aql.IsClass("PERSON") {
		t.Error("classes are wrong")
	}
}

// FuzzParse demands that whatever is read is written so that it is read the same.
func FuzzParse(f *testing.F) {
	for _, text := range known() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		query, err := aql.Parse(text)
		if err != nil {
			return
		}
		again, err := aql.Parse(query.String())
		if err != nil || again.String() != query.String() {
			t.Errorf("%q became %q: %v", text, query.String(), err)
		}
	})
}
