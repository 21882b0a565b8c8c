package attacks_test

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/cohort/codelist"
	"onelondon/internal/cohort/remote"
	"onelondon/internal/consent"
	"onelondon/internal/gate/study"
	"onelondon/policy"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sqlsource"
)

// served is the whole product over a world whose people are kept in two databases, half of the practices in each.
type served struct {
	house   *trial.House
	studies study.Options
}

// today is a day of the example project.
var today = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

const siteMapping = `system: town
title: Town
person:
  from: patient as p
  nhs_number: p.nhs_number
  organisation: {code: p.practice}
  registered: p.left_on is null
records:
  Registration:
    - id: p.patient_id
      labels: {sealed: false}
      fields: {birthDate: {from: p.born, type: date}, gender: {from: p.sex, values: {F: FEMALE, M: MALE}}, practice: p.practice}
  Condition:
    - from: problem as c
      person: c.patient_id = p.patient_id
      id: c.problem_id
      labels: {sealed: false}
      fields: {code: {codings: [{system: SNOMED_CT, code: c.snomed}]}, date: {from: c.happened, type: date}}
  Observation:
    - from: measurement as o
      person: o.patient_id = p.patient_id
      id: o.measurement_id
      labels: {sealed: false}
      fields: {code: {codings: [{system: SNOMED_CT, code: o.snomed}]}, date: {from: o.happened, type: date}, value: o.pressure}
  Encounter:
    - from: visit as v
      person: v.patient_id = p.patient_id
      id: v.visit_id
      labels: {sealed: false}
      fields: {date: {from: v.happened, type: date}}
`

// The codes of the two lists that the example project may use.
const (
	sickness = "44054006"
	pressure = "43396009"
)

func serve(t *testing.T, w *world) *served {
	t.Helper()
	entries := []sources.Entry{database(t, w, "north", func(p *person) bool { return p.practice < "Y00006" }),
		database(t, w, "south", func(p *person) bool { return p.practice >= "Y00006" })}
	s := &served{house: trial.Open(t, trial.Options{Entries: entries})}
	s.lists(t, w)
	engine, err := policy.Open(t.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	lists, err := codelist.Load(fstest.MapFS{"index.yaml": {Data: []byte("lists:\n" +
		"  diabetes: {title: Diabetes, source: the test, version: '1', files: [{file: d.csv, system: SNOMED_CT}]}\n" +
		"  hba1c: {title: HbA1c, source: the test, version: '1', files: [{file: h.csv, system: SNOMED_CT}]}\n")},
		"d.csv": {Data: []byte("code,term\n" + sickness + ",Type 2 diabetes\n")}, "h.csv": {Data: []byte("code,term\n" + pressure + ",HbA1c\n")}})
	if err != nil {
		t.Fatal(err)
	}
	s.studies = study.Options{Policy: func() study.Policy { return engine }, Register: s.house.Register, Locator: s.house.Locator,
		Catalogue: s.house.Catalogue, Ledger: s.house.Ledger, Codelists: lists, Key: [32]byte{1}, Now: func() time.Time { return today },
		Borough: func(practice clinical.Text) string { return boroughOf(practice) }}
	return s
}

// boroughOf is where a practice is: one a borough, since the project may ask by borough and not by practice.
func boroughOf(practice clinical.Text) string {
	boroughs := []string{"Barnet", "Bexley", "Brent", "Bromley", "Camden", "Croydon", "Ealing", "Enfield", "Hackney", "Newham", "Sutton", "Westminster"}
	var number int
	if _, err := fmt.Sscanf(string(practice), "Y%05d", &number); err != nil {
		return ""
	}
	return boroughs[number]
}

// numberOf is the NHS number of the person with an id.
func numberOf(id int) string {
	for at := 999_100_000 + 2*id; ; at += 100_000 {
		for check := range 10 {
			text := fmt.Sprintf("%09d%d", at, check)
			if _, err := clinical.ParseNHSNumber(text); err == nil {
				return text
			}
		}
	}
}

// database keeps some of the people, and opens a source over them.
func database(t *testing.T, w *world, id clinical.SourceID, lives func(*person) bool) sources.Entry {
	t.Helper()
	made := trial.SQLite().Make(t)
	insert := func(table, columns string, rows []string) {
		t.Helper()
		statements := []string{"CREATE TABLE " + table + " " + columns}
		for some := range slices.Chunk(rows, 400) {
			statements = append(statements, "INSERT INTO "+table+" VALUES "+strings.Join(some, ","))
		}
		for _, statement := range statements {
			if _, err := made.DB.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	var patients, problems, measurements, visits []string
	for _, p := range w.people {
		if !lives(p) {
			continue
		}
		born := today.AddDate(-p.age, 0, -1-p.id%300).Format(time.DateOnly)
		patients = append(patients, fmt.Sprintf("(%d,'%s','%s','%s','%s',NULL)", p.id, numberOf(p.id), born, p.sex[:1], p.practice))
		if p.sick {
			problems = append(problems, fmt.Sprintf("(%d,%d,'%s','2020-02-%02d')", p.id, p.id, sickness, 1+p.id%28))
		}
		measurements = append(measurements, fmt.Sprintf("(%d,%d,'%s','2025-05-%02d',%d)", p.id, p.id, pressure, 1+p.id%28, p.pressure))
		for visit := range p.visits {
			visits = append(visits, fmt.Sprintf("(%d,%d,'2025-%02d-%02d')", len(visits), p.id, 1+visit/28, 1+visit%28))
		}
	}
	insert("patient", "(patient_id INTEGER PRIMARY KEY, nhs_number TEXT, born DATE, sex TEXT, practice TEXT, left_on DATE)", patients)
	insert("problem", "(problem_id INTEGER PRIMARY KEY, patient_id INTEGER, snomed TEXT, happened DATE)", problems)
	insert("measurement", "(measurement_id INTEGER PRIMARY KEY, patient_id INTEGER, snomed TEXT, happened DATE, pressure INTEGER)", measurements)
	insert("visit", "(visit_id INTEGER PRIMARY KEY, patient_id INTEGER, happened DATE)", visits)
	read, err := mapping.Load("town.yaml", []byte(siteMapping), nil)
	if err != nil {
		t.Fatal(err)
	}
	source, err := trial.SQLite().Open(t.Context(), sqlsource.Options{ID: id, DSN: made.Reader, Mapping: read})
	if err != nil {
		t.Fatal(err)
	}
	return sources.Entry{Spec: sources.Spec{ID: id, Name: "The practices in the " + string(id)}, Source: source}
}

// lists loads the lists of opt-outs, on which nobody stands.
func (s *served) lists(t *testing.T, w *world) {
	t.Helper()
	var everybody strings.Builder
	for _, p := range w.people {
		fmt.Fprintf(&everybody, "%s,\n", numberOf(p.id))
	}
	for _, list := range []consent.Import{
		{Form: consent.MESH, Asked: strings.NewReader(everybody.String()), File: strings.NewReader(everybody.String())},
		{Form: consent.IDecide, File: strings.NewReader("NhsNumber,PatientInstructionCategory,PatientInstructionState,InstructionDate\n")},
		{Form: consent.TypeOne, File: strings.NewReader("nhs_number,state,date\n")},
	} {
		list.AsAt, list.RecordedBy = today, "the test"
		if _, err := s.house.Register.Import(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
}

// open serves a project that has asked nothing yet to its analyst.
func (s *served) open(t *testing.T) *remote.Client {
	t.Helper()
	options := s.studies
	options.Folder = filepath.Join(t.TempDir(), "studies")
	studies := study.New(options)
	server := httptest.NewServer(s.house.Answering(t, studies))
	t.Cleanup(func() {
		server.Close()
		if err := studies.Close(); err != nil {
			t.Error(err)
		}
	})
	token := s.house.Token(t, auth.Person{Subject: "example-analyst", Name: "Priya Shah", Role: "R8012", Organisation: "QMF", Purpose: "HOPERAT"})
	return &remote.Client{Server: server.URL, Token: token, Purpose: "HOPERAT", HTTP: server.Client(), Every: time.Millisecond}
}
