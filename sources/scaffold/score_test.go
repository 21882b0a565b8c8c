package scaffold_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources/scaffold/score"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// TestScore drafts a mapping of each system whose mapping was written by hand and counts. The table in docs/bringing-in-a-system.md and in bench is
// what it prints.
func TestScore(t *testing.T) {
	told := map[string]string{}
	for _, page := range []string{"docs/bringing-in-a-system.md", "bench/README.md"} {
		text, err := os.ReadFile(filepath.Join(testkit.Root(t), page))
		if err != nil {
			t.Fatal(err)
		}
		told[page] = string(text)
	}
	score.Each(t, t.TempDir(), func(s score.Subject, r *score.Result) {
		row := r.Row(strings.TrimSuffix(s.File, ".yaml"), s.Words)
		t.Log(row)
		if r.Number != s.Number || r.KindsFound < s.Kinds || r.Right < s.Fields || r.JoinsFound < s.Joins {
			t.Errorf("less than before: %s\n%s", row, strings.Join(r.Detail, "\n"))
		}
		for page, text := range told {
			if !strings.Contains(text, row) {
				t.Errorf("%s says otherwise; write into it\n%s", page, row)
			}
		}
	})
}

// unmapped are systems for which nobody has written a mapping, with the kinds that somebody who reads their tables finds in them. The last
// two have pseudonyms in the place of NHS numbers.
func unmapped() []struct{ schema, kinds, found string } {
	return []struct{ schema, kinds, found string }{
		{"olids_lds_2026", "Registration AllergyIntolerance Condition Medication Observation DiagnosticReport Encounter Procedure Appointment Referral",
			"Registration AllergyIntolerance Condition Medication Observation DiagnosticReport Encounter Procedure Appointment Referral"},
		{"vision_extract", "Registration Medication Observation Encounter Immunisation Referral", "Registration Observation Encounter Referral"},
		{"csds_wnl_icb", "Registration Condition Observation Encounter Immunisation Referral CarePlan", "Registration Condition Observation Encounter Immunisation Referral CarePlan"},
		{"mhsds_wnl_icb", "Registration Condition Medication Observation Encounter Procedure Referral CarePlan", "Registration Condition Medication Encounter Procedure Referral CarePlan"},
	}
}

func TestScoreOfSystemsThatNobodyHasMapped(t *testing.T) {
	for _, system := range unmapped() {
		path := filepath.Join(t.TempDir(), "store.sqlite")
		score.Completed(t, path, system.schema)
		draft := score.Drafted(t, path)
		m := score.Loaded(t, system.schema, draft.YAML())
		var found []string
		for _, kind := range strings.Fields(system.kinds) {
			if known, _ := clinical.ParseKind(kind); len(m.Records[known]) > 0 {
				found = append(found, kind)
			}
		}
		t.Logf("%s: %d of %d kinds, NHS number %v", system.schema, len(found), len(strings.Fields(system.kinds)), draft.Complete())
		for _, kind := range strings.Fields(system.found) {
			if !slices.Contains(found, kind) {
				t.Errorf("%s: %s is not found any more", system.schema, kind)
			}
		}
	}
}

// TestADraftOfEveryPublishedSchemaLoads holds drafts of the published schemas against the strict loader: all 28 when proving, else every fifth. A database without people has no draft that
// loads, and says so.
func TestADraftOfEveryPublishedSchemaLoads(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testkit.Shared(t, "schemas"), "*.csv"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d schemas: %v", len(files), err)
	}
	for i, file := range files {
		schema := strings.TrimSuffix(filepath.Base(file), ".csv")
		if schema == "SUMMARY" || !testkit.Proving() && i%5 != 0 {
			continue // the whole of them takes a quarter of a minute
		}
		path := filepath.Join(t.TempDir(), schema+".sqlite")
		score.Completed(t, path, schema)
		text := score.Drafted(t, path).YAML()
		if strings.Contains(string(text), "could not guess: which table holds people") {
			t.Logf("%s has no table of people", schema)
			continue
		}
		if m := score.Loaded(t, schema, text); len(m.Records) == 0 {
			t.Errorf("%s: the draft has no kind of record", schema)
		}
	}
}
