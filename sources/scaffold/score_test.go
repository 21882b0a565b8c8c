package scaffold_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onelondon/examples/london"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources/mapping"
	"onelondon/sources/scaffold"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlsource"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// subject is a system whose mapping was written by hand, what a draft of it must get right at least, and how it was looked at: the words
// of the guess were chosen while looking at the systems that are tuned, and the others were only counted.
type subject struct {
	file, schema, database string // database is a file of the demo site
	words                  string // tuned, or held out
	number                 bool   // the NHS number is found
	kinds, fields, joins   int    // floors
}

func subjects() []subject {
	return []subject{
		{"emis-web.yaml", "emis_im1_extract_v8_2", "emis-nel", "tuned", true, 11, 91, 30},
		{"tpp-systmone.yaml", "tpp_systmone_extract", "systmone-nel", "tuned", true, 13, 97, 40},
		{"discovery-compass-v2.yaml", "discovery_compass_v2", "discovery-nel", "tuned", true, 11, 81, 61},
		{"bhrut-pas.yaml", "bhrut_pas", "bhrut-pas", "tuned", true, 7, 40, 5},
		{"cerner-millennium.yaml", "barts_cerner_millennium", "barts-millennium", "tuned last", true, 8, 51, 27},
		{"omop-cdm-5.4.yaml", "omop_cdm_5_4", "omop", "held out", true, 7, 41, 21},
		{"homerton-healtheintent.yaml", "homerton_healtheintent", "", "held out", false, 2, 11, 0},
		{"homerton-cerner.yaml", "homerton_cerner", "", "held out", true, 5, 22, 4},
		{"adastra-ooh.yaml", "adastra_ooh", "", "held out", true, 3, 17, 7},
		{"provider-flows.yaml", "local_provider_flows_wnl_icb", "", "held out", true, 10, 48, 9},
		{"sus-apc.yaml", "sus_unified_wnl_icb", "", "held out", true, 3, 5, 1},
		{"sus-ecds.yaml", "sus_unified_wnl_icb", "", "held out", true, 3, 3, 0},
		{"sus-op.yaml", "sus_unified_wnl_icb", "", "held out", true, 2, 3, 0},
		{"sus-pgisus.yaml", "sus_pgisus_london", "", "held out", false, 2, 4, 0},
	}
}

// TestScore drafts a mapping of each system whose mapping was written by hand, from a database with all its published tables, and counts.
// The rows are the demo's, or an OMOP export; tables that those lack are made up by the types of their columns. The table in
// docs/bringing-in-a-system.md is what it prints.
func TestScore(t *testing.T) {
	dir := t.TempDir()
	if _, err := london.Build(t.Context(), dir, london.Options{People: 150}); err != nil {
		t.Fatal(err)
	}
	chapter, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "bringing-in-a-system.md"))
	if err != nil {
		t.Fatal(err)
	}
	drafts := map[string]*mapping.Mapping{} // of databases with made-up rows, by schema: SUS is counted in parts
	for _, s := range subjects() {
		r := scored(t, dir, s, drafts)
		row := r.row(strings.TrimSuffix(s.file, ".yaml"), s.words)
		t.Log(row)
		if r.number != s.number || r.kindsFound < s.kinds || r.right < s.fields || r.joinsFound < s.joins {
			t.Errorf("less than before: %s\n%s", row, strings.Join(r.detail, "\n"))
		}
		if !strings.Contains(string(chapter), row) {
			t.Errorf("the chapter says otherwise; write into it\n%s", row)
		}
	}
}

func scored(t *testing.T, dir string, s subject, drafts map[string]*mapping.Mapping) *result {
	t.Helper()
	hand, err := os.ReadFile(filepath.Join(testkit.Root(t), "examples/london/mappings", s.file))
	if err != nil {
		t.Fatal(err)
	}
	draft := drafts[s.schema]
	if draft == nil {
		path := filepath.Join(dir, s.database+".sqlite")
		switch s.database {
		case "":
			path = filepath.Join(dir, s.schema+".sqlite")
		case "omop":
			loadOMOP(t, path)
		}
		completed(t, path, s.schema)
		draft = loaded(t, "draft.yaml", drafted(t, path).YAML())
		drafts[s.schema] = draft
		if s.database != "" && s.database != "omop" { // OMOP lacks the table of NHS numbers that its draft asks for
			hasNoFault(t, openedWith(t, sqlite.Open, path, draft))
		}
	}
	return compared(loaded(t, s.file, hand), draft)
}

// completed opens a database and adds what it lacks of a schema.
func completed(t *testing.T, path, schema string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	complete(t, db, schema)
}

func drafted(t *testing.T, path string) *scaffold.Draft {
	t.Helper()
	source, err := sqlite.Open(t.Context(), sqlsource.Options{ID: "unknown", DSN: path, Mapping: &mapping.Mapping{System: "unknown"}})
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	c, err := scaffold.Survey(t.Context(), source, scaffold.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return scaffold.Guess(c, "unknown", "An unknown system")
}

// loaded loads a mapping, with some value for each of the parameters that it lists.
func loaded(t *testing.T, name string, text []byte) *mapping.Mapping {
	t.Helper()
	given := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if list, ok := strings.CutPrefix(line, "parameters: ["); ok {
			list, _, _ = strings.Cut(list, "]")
			for _, name := range strings.Split(list, ", ") {
				given[name] = "x"
			}
		}
	}
	m, err := mapping.Load(name, text, given)
	if err != nil {
		t.Fatalf("\n%v", err)
	}
	return m
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
		completed(t, path, system.schema)
		draft := drafted(t, path)
		m := loaded(t, system.schema, draft.YAML())
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
		completed(t, path, schema)
		text := drafted(t, path).YAML()
		if strings.Contains(string(text), "could not guess: which table holds people") {
			t.Logf("%s has no table of people", schema)
			continue
		}
		if m := loaded(t, schema, text); len(m.Records) == 0 {
			t.Errorf("%s: the draft has no kind of record", schema)
		}
	}
}
