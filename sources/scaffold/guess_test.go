package scaffold_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"onelondon/sources/mapping"
	"onelondon/sources/scaffold"
	"onelondon/sources/scaffold/score"
	"onelondon/sources/sqlsource"
)

// table makes a table of a catalogue that was never looked at.
func table(name string, columns ...string) scaffold.Table {
	t := scaffold.Table{Table: sqlsource.Table{Name: name}, Stats: make([]scaffold.Stats, len(columns))}
	for _, column := range columns {
		name, typ, _ := strings.Cut(column, ":")
		t.Columns = append(t.Columns, sqlsource.Column{Name: name, Type: typ})
	}
	return t
}

// surgery is a small system in nobody's style.
func surgery() *scaffold.Catalogue {
	return &scaffold.Catalogue{Tables: []scaffold.Table{
		table("tblPatients", "patient_key:bigint", "nhs_no:varchar", "last_name:varchar", "first_name:varchar", "dob:date", "sex:char", "is_test_patient:boolean", "post_code:varchar", "spine_sensitive:boolean"),
		table("tblProblems", "problem_key:bigint", "visit_key:bigint", "snomed_ct_code:varchar", "snomed_ct_term:varchar", "onset_date:date", "end_date:date", "deleted:boolean", "confidential:boolean"),
		table("tblVisits", "visit_key:bigint", "patient_key:bigint", "visit_date:timestamp", "reason_for_visit:varchar", "seen_by_clinician:varchar"),
		table("tblStock", "stock_key:bigint", "shelf:varchar"),
	}}
}

func TestADraftSaysWhyAndHowSureOnEveryLine(t *testing.T) {
	draft := scaffold.Guess(surgery(), "surgery", "The surgery")
	text := string(draft.YAML())
	for _, want := range []string{
		"from: tblPatients as p  #", "nhs_number: p.nhs_no  # 0.70 named so; the sample has no value of it", "where: p.is_test_patient is not true  # 0.90",
		"sensitive: p.spine_sensitive", "from: tblProblems as x", "- tblVisits as visit on visit.visit_key = x.visit_key", "person: visit.patient_key = p.patient_key",
		"where: x.deleted is not true", "sealed: x.confidential", "system: SNOMED_CT, code: x.snomed_ct_code, display: x.snomed_ct_term", "date: x.onset_date", "end: x.end_date",
		"encounterId: x.visit_key", "reason: x.reason_for_visit", "sealed: unknown  # could not guess:", "# Medication: could not guess: a table that holds it",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	reasoned := regexp.MustCompile(`# (0\.\d\d |1\.00 |could not guess|registered: |where: |sensitive: )`)
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		bare := strings.HasSuffix(trimmed, ":") || trimmed == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "system:") || strings.HasPrefix(line, "title:") ||
			strings.HasPrefix(line, "missing_dates:") || strings.HasPrefix(line, "parameters:") || strings.HasPrefix(trimmed, "name: \"'${")
		if !bare && !reasoned.MatchString(line) && !strings.Contains(line, "could not guess") {
			t.Errorf("no reason in %q", trimmed)
		}
	}
	if strings.Contains(text, "tblStock") {
		t.Error("a table that leads to nobody is in the draft")
	}
	if !draft.Complete() || !strings.Contains(draft.Summary(), "Registration, Condition, Encounter") {
		t.Errorf("complete %v: %s", draft.Complete(), draft.Summary())
	}
	score.Loaded(t, "draft.yaml", []byte(text))
}

func TestADraftNamesWhereToLookForWhatItCouldNotGuess(t *testing.T) {
	c := surgery()
	c.Tables[2].Columns[2].Name = "noted" // the day of a visit, which no longer says so
	c.Tables = append(c.Tables, table("tblDrugs", "drug_name:varchar", "dmd_code:varchar", "dose:varchar", "belongs:bigint"))
	text := string(scaffold.Guess(c, "surgery", "The surgery").YAML())
	for _, want := range []string{
		"# Medication: could not guess: how the rows of tblDrugs, which looks like it, lead to a person",
		"date: null  # could not guess: when it happened; every list is in order of date; dates stand in x.noted\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestTheSameCatalogueAlwaysGivesTheSameDraft(t *testing.T) {
	first := string(scaffold.Guess(surgery(), "a", "A").YAML())
	for range 20 {
		if again := string(scaffold.Guess(surgery(), "a", "A").YAML()); again != first {
			t.Fatalf("another draft:\n%s\n%s", first, again)
		}
	}
}

func TestAPseudonymIsNoNHSNumber(t *testing.T) {
	c := surgery()
	c.Tables[0].Columns[1].Name = "Pseudo_NHS_Number"
	draft := scaffold.Guess(c, "a", "A")
	if text := string(draft.YAML()); draft.Complete() || !strings.Contains(text, "pseudonyms in the place of NHS numbers (tblPatients.Pseudo_NHS_Number ...)") ||
		!strings.Contains(text, "from: \"${nhs_number_table} as number\"  # could not guess") {
		t.Errorf("complete %v:\n%s", draft.Complete(), text)
	}
}

// TestADraftOfAnythingLoadsOrSaysThatItFoundNobody makes catalogues out of words that real systems use, and names out of what nobody would use: a draft must
// load, or say that it found nobody.
func TestADraftOfAnythingLoadsOrSaysThatItFoundNobody(t *testing.T) {
	parts := []string{"Patient", "nhs", "number", "id", "Code", "date", "EVENT", "Problem", "drug", "dose", "Obs", "value", "units", "status", "ACTIVE_IND", "is_problem",
		"type", "class", "Concept", "term", "org", "ods", "visit", "DIAG_01", "DIAG_02", "PRIMARY_DIAGNOSIS_CODE", "name", "surname", "forename", "confidential", "deleted", "birth",
		"gender", "appointment", "slot", "staff", "left", "null", "a.b", "x\"y", "o'clock", "#1", "é", "time", "precision", "end", "from", "ref"}
	types := []string{"text", "bigint", "date", "timestamp", "boolean", "numeric", "varchar(10)", ""}
	rapid.Check(t, func(t *rapid.T) {
		c := &scaffold.Catalogue{}
		for i := range rapid.IntRange(0, 6).Draw(t, "tables") {
			name := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 1, 2).Draw(t, "table"), "_") + fmt.Sprint(i)
			var columns []string
			seen := map[string]bool{}
			for range rapid.IntRange(1, 12).Draw(t, "columns") {
				column := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 1, 3).Draw(t, "column"), rapid.SampledFrom([]string{"_", " ", ""}).Draw(t, "sign"))
				if !seen[strings.ToLower(column)] {
					seen[strings.ToLower(column)] = true
					columns = append(columns, column+":"+rapid.SampledFrom(types).Draw(t, "type"))
				}
			}
			made := table(name, columns...)
			for j := range made.Stats {
				made.Stats[j] = stats(t)
			}
			if rapid.Bool().Draw(t, "key") {
				made.Key = []string{made.Columns[0].Name}
			}
			made.Rows = rapid.IntRange(0, 20).Draw(t, "rows")
			c.Tables = append(c.Tables, made)
		}
		text := scaffold.Guess(c, "any", "Any").YAML()
		if strings.Contains(string(text), "could not guess: which table holds people") {
			return
		}
		given := map[string]string{}
		for line := range strings.Lines(string(text)) {
			if list, ok := strings.CutPrefix(line, "parameters: ["); ok {
				list, _, _ = strings.Cut(list, "]")
				for _, name := range strings.Split(list, ", ") {
					given[name] = "x"
				}
			}
		}
		if _, err := mapping.Load("draft.yaml", text, given); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	})
}

// stats draws what a sample may have looked like.
func stats(t *rapid.T) scaffold.Stats {
	filled := rapid.IntRange(0, 10).Draw(t, "filled")
	some := func(name string) int {
		if rapid.IntRange(0, 4).Draw(t, name+"?") == 0 {
			return filled
		}
		return 0
	}
	s := scaffold.Stats{Filled: filled, Distinct: rapid.IntRange(0, filled).Draw(t, "distinct"), NHSPlain: some("nhs"), SNOMED: some("snomed"), ICD10: some("icd"),
		Day: some("day"), Compact: some("compact"), UK: some("uk"), Truth: some("truth"), Number: some("number"), ODS: some("ods")}
	if word := rapid.SampledFrom([]string{"", "Allergy", "Referral", "active", "Deleted", "F", "Inpatient", "SNOMED", "1"}).Draw(t, "word"); word != "" && filled > 0 {
		s.Words = map[string]int{word: filled}
	}
	return s
}

func TestNothingOfASampleIsInADraft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "marked.sqlite")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	statements := []string{
		`CREATE TABLE Patient (PatientId TEXT PRIMARY KEY, NhsNumber TEXT, Surname TEXT, DateOfBirth TEXT, Sex TEXT, Status TEXT)`,
		`CREATE TABLE Observation (ObservationId TEXT PRIMARY KEY, PatientId TEXT REFERENCES Patient (PatientId), SnomedCode TEXT, Term TEXT, EffectiveDate TEXT, Value TEXT, Unit TEXT, ObservationType TEXT)`,
	}
	for i, number := range []string{"9990000018", "9990000026", "9990000034", "9990000042"} {
		statements = append(statements,
			fmt.Sprintf(`INSERT INTO Patient VALUES ('canary-%d', '%s', 'Canary%d', '195%d-03-04', 'F', 'Canary state')`, i, number, i, i),
			fmt.Sprintf(`INSERT INTO Observation VALUES ('obs-canary-%d', 'canary-%d', '44054006', 'Canary term', '202%d-05-06', '%d77', 'canary/L', 'Canary type')`, i, i, i, i))
	}
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	draft := score.Drafted(t, path)
	text := strings.ToLower(string(draft.YAML()) + draft.Summary())
	for _, mark := range []string{"canary", "99900000", "195", "2020-", "44054006", "77"} {
		if strings.Contains(text, mark) {
			t.Errorf("%q of a sample is in the draft:\n%s", mark, text)
		}
	}
	if !strings.Contains(text, "declared as a foreign key; 4 of 4 values are there") || !strings.Contains(text, "4 of 4 values are valid by modulus 11") ||
		!strings.Contains(text, "4 of 4 values look like it") {
		t.Errorf("the draft does not say what the sample looks like:\n%s", text)
	}
}

func TestASurveyOfADatabaseThatIsNotThereFails(t *testing.T) {
	if _, err := scaffold.Survey(t.Context(), nothing{}, scaffold.Options{}); err == nil || !strings.Contains(err.Error(), "read the catalogue") {
		t.Errorf("got %v", err)
	}
}

var errNothing = errors.New("nothing")

// nothing is a database whose catalogue cannot be read.
type nothing struct{ scaffold.Database }

func (nothing) Tables(context.Context) ([]sqlsource.Table, error) { return nil, errNothing }

func TestTemplatesBecomeAMappingWithPaths(t *testing.T) {
	leaf := func(path, name string, types ...string) scaffold.Leaf {
		return scaffold.Leaf{Path: path, Name: name, Types: types}
	}
	text := scaffold.GuessPaths([]scaffold.Entry{
		{"EVALUATION", "openEHR-EHR-EVALUATION.problem_diagnosis.v1", "Problem/Diagnosis", []scaffold.Leaf{
			leaf("data[at0001]/items[at0002]/value", "Problem/Diagnosis name", "DV_TEXT", "DV_CODED_TEXT"), leaf("data[at0001]/items[at0077]/value", "Date/time of onset", "DV_DATE_TIME"),
			leaf("data[at0001]/items[at0005]/value", "Severity", "DV_CODED_TEXT")}},
		{"OBSERVATION", "openEHR-EHR-OBSERVATION.blood_pressure.v2", "Blood pressure", []scaffold.Leaf{leaf("data[at0001]/events[at0006]/data[at0003]/items[at0004]/value", "Systolic", "DV_QUANTITY")}},
		{"ADMIN_ENTRY", "openEHR-EHR-ADMIN_ENTRY.place.v0", "It's a place", nil},
	}, "plans", "Plans")
	for _, want := range []string{
		`- EVALUATION."openEHR-EHR-EVALUATION.problem_diagnosis.v1" as x on true`, "code: x/data[at0001]/items[at0002]/value/defining_code/code_string",
		"date: {from: \"x/data[at0001]/items[at0077]/value/value\", type: iso}", "severity: x/data[at0001]/items[at0005]/value/value",
		"value: x/data[at0001]/events[at0006]/data[at0003]/items[at0004]/value/magnitude", "sealed: unknown  # could not guess", "openEHR-EHR-ADMIN_ENTRY.place.v0",
	} {
		if !strings.Contains(strings.ReplaceAll(string(text), `"x/data[at0001]/items[at0002]/value/defining_code/code_string"`, "x/data[at0001]/items[at0002]/value/defining_code/code_string"), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if _, err := mapping.LoadPaths("draft.yaml", text, map[string]string{"organisation": "x", "organisation_name": "x", "namespace": "x"}); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestWhatIsNotFoundOfASealReleasesNothing(t *testing.T) {
	c := surgery()
	c.Tables[0].Columns[8].Name = "spine_matched"                             // there was the S-flag
	c.Tables[1].Columns[7].Name = "private_patient_flag"                      // who pays is no seal
	c.Tables[2].Columns = append(c.Tables[2].Columns, c.Tables[1].Columns[6]) // a flag of another matter
	c.Tables[2].Stats = append(c.Tables[2].Stats, scaffold.Stats{})
	text := string(scaffold.Guess(c, "a", "A").YAML())
	if strings.Count(text, "sealed: unknown  # could not guess") != 3 || !strings.Contains(text, "sensitive: unknown  # could not guess") || strings.Contains(text, "sealed: x.") || strings.Contains(text, "sealed: false\n") {
		t.Errorf("the draft says more of seals than it knows:\n%s", text)
	}
}
