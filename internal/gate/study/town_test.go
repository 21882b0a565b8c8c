package study_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/codelist"
	"onelondon/internal/consent"
	"onelondon/internal/gate/study"
	"onelondon/policy"
	"onelondon/sources"
	"onelondon/sources/locator"
	"onelondon/sources/memory"
)

// today is a day of the example project.
var today = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// analyst is one of the example project's people.
var analyst = auth.Caller{ID: "example-analyst", Name: "Priya Shah", Role: "R8012", Organisation: "QMF", Purpose: "HOPERAT", RequestID: "r1"}

const (
	project  = "example-diabetes"
	diabetes = clinical.Text("44054006")
	hiv      = clinical.Text("86406008")
)

// town is a practice, a hospital and what studies rest on, all of them real.
type town struct {
	besides  []sources.Entry // the practices and the hospital
	studies  *study.Studies
	register *consent.Register
	ledger   *audit.Ledger
	locator  *locator.Locator
	hospital *broken
	options  study.Options
}

// broken is a source that can be made to fail, and that says how often it was asked to count.
type broken struct {
	*memory.Source
	fails, hangs atomic.Bool
	asked        atomic.Int32
	released     chan struct{} // where there is one, whoever hangs goes on once it is closed
}

func (b *broken) Events(ctx context.Context, query sources.EventQuery, each func(int, sources.Event) error) error {
	b.asked.Add(1)
	if b.hangs.Load() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-b.released:
		}
	}
	if b.fails.Load() {
		return errors.New("out of order")
	}
	return b.Source.Events(ctx, query, each)
}

// person is the n-th person of the town.
func person(t testing.TB, n int) clinical.NHSNumber {
	t.Helper()
	for digits := range 10 {
		if number, err := clinical.ParseNHSNumber(fmt.Sprintf("%09d%d", 999_100_000+2*n, digits)); err == nil {
			return number
		}
	}
	return person(t, n+5000)
}

func day(t testing.TB, text string) clinical.DateTime {
	t.Helper()
	date, err := clinical.ParseDateTime(text)
	if err != nil {
		t.Fatal(err)
	}
	return date
}

// practiceRecords are a registration in Newham or Hackney and, of those wanted, a diagnosis.
func practiceRecords(t testing.TB, n int, codes ...clinical.Text) []clinical.Record {
	t.Helper()
	registration := &clinical.Registration{BirthDate: day(t, "1970-05-01"), Gender: clinical.GenderFemale, Practice: practiceOf(n)}
	registration.ID, registration.Status, registration.Date = clinical.Text(fmt.Sprint("r", n)), clinical.StatusActive, day(t, "2010-01-01")
	registration.Labels.Put(clinical.LabelSealed, false)
	records := []clinical.Record{registration}
	for i, code := range codes {
		condition := &clinical.Condition{}
		condition.ID, condition.Date = clinical.Text(fmt.Sprint("c", n, "-", i)), day(t, "2020-02-02")
		condition.Code.System, condition.Code.Code = clinical.SNOMED, code
		condition.Labels.Put(clinical.LabelSealed, false)
		records = append(records, condition)
	}
	for _, record := range records {
		record.About().Organisation = clinical.Organisation{Code: practiceOf(n)}
	}
	return records
}

func practiceOf(n int) clinical.Text {
	if n%2 == 0 {
		return "F84022"
	}
	return "F84018"
}

// settle makes a town of so many people, of whom those below sick have diabetes.
func settle(t *testing.T, people, sick int, change func(*town, []memory.Person) []memory.Person) *town {
	t.Helper()
	var atPractice, atHospital []memory.Person
	for n := range people {
		var codes []clinical.Text
		if n < sick {
			codes = append(codes, diabetes)
		}
		number := person(t, n)
		atPractice = append(atPractice, memory.Person{NHSNumber: number, Organisation: practiceOf(n), Registered: true, Records: practiceRecords(t, n, codes...)})
		if n%3 == 0 {
			encounter := &clinical.Encounter{Class: clinical.ClassEmergency}
			encounter.ID, encounter.Date, encounter.Organisation.Code = clinical.Text(fmt.Sprint("e", n)), day(t, "2026-10-01T10:30"), "R1H"
			encounter.Labels.Put(clinical.LabelSealed, false)
			atHospital = append(atHospital, memory.Person{NHSNumber: number, Organisation: "R1H", Records: []clinical.Record{encounter}})
		}
	}
	w := &town{}
	if change != nil {
		atHospital = change(w, atHospital)
	}
	w.open(t, memory.New("practices", atPractice...), memory.New("hospital", atHospital...), people)
	return w
}

func (w *town) open(t *testing.T, practices, hospital *memory.Source, people int) {
	t.Helper()
	var key [32]byte
	_, _ = rand.Read(key[:])
	folder := t.TempDir()
	w.hospital = &broken{Source: hospital}
	catalogue, err := sources.NewCatalogue(nil, append(w.besides, sources.Entry{Spec: sources.Spec{ID: "practices", Name: "The practices"}, Source: practices},
		sources.Entry{Spec: sources.Spec{ID: "hospital", Name: "The hospital", Organisation: "R1H"}, Source: w.hospital})...)
	must(t, err)
	if w.locator == nil {
		w.locator = locator.New([32]byte{1}, nil)
	}
	must(t, w.locator.Refresh(t.Context(), "practices", practices))
	must(t, w.locator.Refresh(t.Context(), "hospital", hospital))
	w.register, err = consent.New(t.Context(), consent.Options{Path: filepath.Join(folder, "consent.db"), Key: consent.Key(key), Log: slog.New(slog.DiscardHandler),
		Clock: func() time.Time { return today }})
	must(t, err)
	w.lists(t, people)
	w.ledger, err = audit.Open(t.Context(), filepath.Join(folder, "ledger.db"), audit.Key(key), slog.New(slog.DiscardHandler))
	must(t, err)
	engine, err := shipped()
	must(t, err)
	lists, err := codelist.Load(fstest.MapFS{"index.yaml": {Data: []byte("lists:\n  diabetes: {title: Diabetes, source: the test, version: '1', files: [{file: d.csv, system: SNOMED_CT}]}\n" +
		"  hiv: {title: HIV, source: the test, version: '1', files: [{file: h.csv, system: SNOMED_CT}]}\n")},
		"d.csv": {Data: []byte("code,term\n44054006,Type 2 diabetes\n")}, "h.csv": {Data: []byte("code,term\n86406008,HIV\n")}})
	must(t, err)
	boroughs := map[clinical.Text]string{"F84022": "Newham", "F84018": "Hackney"}
	w.options = study.Options{Policy: func() study.Policy { return engine }, Register: w.register, Locator: w.locator, Catalogue: catalogue,
		Ledger: w.ledger, Codelists: lists, Folder: filepath.Join(folder, "studies"), Key: key, Now: func() time.Time { return today },
		Borough: func(practice clinical.Text) string { return boroughs[practice] }}
	w.studies = study.New(w.options)
	t.Cleanup(func() {
		must(t, errors.Join(w.studies.Close(), w.ledger.Close(), w.register.Close(), catalogue.Close()))
	})
}

// shipped is the policy that the program carries. It never changes, and takes a while to open.
var shipped = sync.OnceValues(func() (*policy.Engine, error) {
	return policy.Open(context.Background(), policy.Embedded(), policy.Options{})
})

// lists loads the three lists of opt-outs, on which nobody stands.
func (w *town) lists(t *testing.T, people int) {
	t.Helper()
	var all strings.Builder
	for n := range people {
		fmt.Fprintf(&all, "%s,\n", person(t, n).Reveal())
	}
	for _, list := range []consent.Import{
		{Form: consent.MESH, Asked: strings.NewReader(all.String()), File: strings.NewReader(all.String())},
		{Form: consent.IDecide, File: strings.NewReader("NhsNumber,PatientInstructionCategory,PatientInstructionState,InstructionDate\n")},
		{Form: consent.TypeOne, File: strings.NewReader("nhs_number,state,date\n")},
	} {
		list.AsAt, list.RecordedBy = today, "the test"
		_, err := w.register.Import(t.Context(), list)
		must(t, err)
	}
}

// optOut records an opt-out.
func (w *town) optOut(t *testing.T, who clinical.NHSNumber, list consent.List) {
	t.Helper()
	_, err := w.register.Record(t.Context(), consent.Directive{Person: who, About: consent.OptOutChoice{List: list, Standing: consent.OptedOut},
		Authority: consent.Self, RecordedBy: "the test", At: today})
	must(t, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// question is people with diabetes, by borough.
func question(t testing.TB, changes ...func(*cohort.Definition)) cohort.Definition {
	t.Helper()
	definition, err := cohort.Parse("test.yaml", []byte(`
name: diabetes
version: 1
title: People with diabetes by borough
asAt: 2026-11-26
codelists: [{name: diabetes}]
events: [{name: diagnosed, kind: Condition, codes: [diabetes]}, {name: emergencies, kind: Encounter, classes: [EMERGENCY]}]
people: {has: {events: diagnosed}}
measures: [{kind: PEOPLE}, {kind: EVENTS, events: emergencies}]
by: [{kind: BOROUGH}]
`))
	must(t, err)
	for _, change := range changes {
		change(definition)
	}
	return *definition
}

// shown are the numbers of people by the row's key.
func shown(answer *cohort.Answer) map[string]float64 {
	all := map[string]float64{}
	for _, row := range answer.Result.Rows {
		if row.Figures[0].Shown {
			all[strings.Join(row.Key, ",")] = row.Figures[0].Number
		}
	}
	return all
}

// ask expects an answer.
func (w *town) ask(t *testing.T, definition cohort.Definition) *cohort.Answer {
	t.Helper()
	run, err := w.studies.Ask(t.Context(), analyst, project, definition)
	if err != nil || run.State != study.Answered {
		t.Fatalf("run %+v, refusal %+v, err %v", run, refusalOf(run), err)
	}
	return run.Answer
}

func refusalOf(run *study.Run) any {
	if run == nil || run.Refusal == nil {
		return nil
	}
	return *run.Refusal
}
