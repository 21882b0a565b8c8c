package score

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/examples/london"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/scaffold"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlsource"
)

// Subject is a system whose mapping was written by hand, what a draft of it must get right at least, and how it was looked at: the words
// of the guess were chosen while looking at the systems that are tuned, and the others were only counted.
type Subject struct {
	File, Schema, Database string // Database is a file of the demo site
	Words                  string // tuned, or held out
	Number                 bool   // the NHS number is found
	Kinds, Fields, Joins   int    // floors
}

// Subjects are the systems that are scored.
func Subjects() []Subject {
	return []Subject{
		{"emis-web.yaml", "emis_im1_extract_v8_2", "emis-nel", "tuned", true, 11, 91, 30},
		{"tpp-systmone.yaml", "tpp_systmone_extract", "systmone-nel", "tuned", true, 13, 97, 40},
		{"discovery-compass-v2.yaml", "discovery_compass_v2", "discovery-nel", "tuned", true, 11, 81, 61},
		{"bhrut-pas.yaml", "bhrut_pas", "bhrut-pas", "tuned", true, 7, 40, 5},
		{"cerner-millennium.yaml", "barts_cerner_millennium", "barts-millennium", "tuned last", true, 8, 51, 27},
		{"omop-cdm-5.4.yaml", "omop_cdm_5_4", "omop", "held out", true, 7, 41, 21},
		{"homerton-healtheintent.yaml", "homerton_healtheintent", "", "held out", false, 2, 11, 0},
		{"homerton-cerner.yaml", "homerton_cerner", "", "held out", true, 5, 22, 4},
		{"adastra-ooh.yaml", "adastra_ooh", "", "held out", true, 3, 17, 6},
		{"provider-flows.yaml", "local_provider_flows_wnl_icb", "", "held out", true, 10, 48, 9},
		{"sus-apc.yaml", "sus_unified_wnl_icb", "", "held out", true, 3, 5, 2},
		{"sus-ecds.yaml", "sus_unified_wnl_icb", "", "held out", true, 3, 3, 0},
		{"sus-op.yaml", "sus_unified_wnl_icb", "", "held out", true, 3, 5, 1},
		{"sus-pgisus.yaml", "sus_pgisus_london", "", "held out", false, 2, 4, 0},
	}
}

// Each drafts every subject from a database with all its published tables, blind, and hands over what the draft got right. The rows are the
// demo's, or an OMOP export; tables that those lack are made up by the types of their columns.
func Each(t testing.TB, dir string, scored func(Subject, *Result)) {
	t.Helper()
	if _, err := london.Build(t.Context(), dir, london.Options{People: 150}); err != nil {
		t.Fatal(err)
	}
	drafts := map[string]*mapping.Mapping{} // by schema: SUS is counted in parts
	for _, s := range Subjects() {
		scored(s, one(t, dir, &s, drafts))
	}
}

func one(t testing.TB, dir string, s *Subject, drafts map[string]*mapping.Mapping) *Result {
	t.Helper()
	hand, err := os.ReadFile(filepath.Join(testkit.Root(t), "examples/london/mappings", s.File))
	if err != nil {
		t.Fatal(err)
	}
	draft := drafts[s.Schema]
	if draft == nil {
		path := filepath.Join(dir, s.Database+".sqlite")
		switch s.Database {
		case "":
			path = filepath.Join(dir, s.Schema+".sqlite")
		case "omop":
			loadOMOP(t, path)
		}
		Completed(t, path, s.Schema)
		draft = Loaded(t, "draft.yaml", Drafted(t, path).YAML())
		drafts[s.Schema] = draft
		if s.Database != "" && s.Database != "omop" { // OMOP lacks the table of NHS numbers that its draft asks for
			HasNoFault(t, opened(t, path, draft))
		}
	}
	return Compare(Loaded(t, s.File, hand), draft)
}

// Completed opens a database and adds what it lacks of a schema.
func Completed(t testing.TB, path, schema string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	complete(t, db, schema)
}

// Drafted drafts a mapping of a database of which nothing is known.
func Drafted(t testing.TB, path string) *scaffold.Draft {
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

// Loaded loads a mapping, with some value for each of the parameters that it lists.
func Loaded(t testing.TB, name string, text []byte) *mapping.Mapping {
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

func opened(t testing.TB, path string, m *mapping.Mapping) *sqlsource.Source {
	t.Helper()
	source, err := sqlite.Open(t.Context(), sqlsource.Options{ID: "unknown", DSN: path, Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { source.Close() })
	return source
}

// HasNoFault holds a draft against its own database: what was guessed can be asked, and reads.
func HasNoFault(t testing.TB, source *sqlsource.Source) {
	t.Helper()
	for _, finding := range source.Check(t.Context(), sources.CheckOptions{}) {
		if finding.Severity == sources.Fault || strings.Contains(finding.Message, "cannot be read as records") {
			t.Errorf("%s in line %d: %s", finding.Severity, finding.Line, finding.Message)
		}
	}
}
