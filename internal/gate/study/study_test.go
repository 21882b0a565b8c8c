package study_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/internal/gate/study"
	"onelondon/sources"
	"onelondon/sources/locator"
	"onelondon/sources/memory"
)

func TestPeopleAreCountedOnceAndRoundedWithAllThatItTakesToCiteThem(t *testing.T) {
	w := settle(t, 400, 204, nil)
	answer := w.ask(t, question(t))
	if diff := cmp.Diff(map[string]float64{"Hackney": 100, "Newham": 100}, shown(answer)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if answer.Digest == "" || answer.PolicyRevision == "" || answer.ConsentRevision == 0 || !answer.Complete() || len(answer.Sources) != 2 ||
		answer.Project != project || !strings.Contains(answer.Words, "diabetes") {
		t.Errorf("the answer cannot be cited: %+v", answer)
	}
}

func TestWhoeverOptedOutIsNotCounted(t *testing.T) {
	for _, list := range []consent.List{consent.ListNational, consent.ListTypeOne, consent.ListLondon} {
		w := settle(t, 400, 204, nil)
		for n := 0; n < 80; n += 2 {
			w.optOut(t, person(t, n), list)
		}
		if got := shown(w.ask(t, question(t)))["Newham"]; got != 60 { // 102 live in Newham, 40 of them opted out
			t.Errorf("%s: %v people of Newham, want 60", list, got)
		}
	}
}

func TestOfWhomTheNationalListSaysNothingIsNotCounted(t *testing.T) {
	w := settle(t, 400, 204, nil)
	unheard := settle(t, 1, 0, nil) // a register whose lists name one person alone
	options := w.options
	options.Register, options.Folder = unheard.register, t.TempDir()
	studies := study.New(options)
	t.Cleanup(func() { must(t, studies.Close()) })
	run, err := studies.Ask(t.Context(), analyst, project, question(t))
	if err != nil || len(shown(run.Answer)) > 0 {
		t.Errorf("%v is told of people whom the list does not know (%v)", shown(run.Answer), err)
	}
}

func TestSomebodyWithAnSFlagAnywhereIsNotCounted(t *testing.T) {
	w := settle(t, 400, 204, func(_ *town, atHospital []memory.Person) []memory.Person {
		for n := 0; n < 80; n += 2 {
			atHospital = append(atHospital, memory.Person{NHSNumber: person(t, n), Organisation: "R1H", Sensitive: true})
		}
		return atHospital
	})
	if got := shown(w.ask(t, question(t)))["Newham"]; got != 60 {
		t.Errorf("%v people of Newham, want 60", got)
	}
}

func TestAPersonUnderTwoNumbersIsOne(t *testing.T) {
	w := settle(t, 400, 204, func(w *town, atHospital []memory.Person) []memory.Person {
		w.locator = locator.New([32]byte{1}, nil)
		for n := 400; n < 420; n++ { // known to the hospital under a former number, with the diagnosis again
			must(t, w.locator.Supersede(person(t, n), person(t, n-400)))
			records := practiceRecords(t, n, diabetes)[1:]
			atHospital = append(atHospital, memory.Person{NHSNumber: person(t, n), Organisation: "R1H", Records: records})
		}
		return atHospital
	})
	if diff := cmp.Diff(map[string]float64{"Hackney": 100, "Newham": 100}, shown(w.ask(t, question(t)))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatAProjectMayNotAskIsRefusedInWordsAndWithoutAsking(t *testing.T) {
	w := settle(t, 40, 20, nil)
	for _, test := range []struct {
		name, reason string
		caller       func(*auth.Caller)
		project      string
		change       func(*cohort.Definition)
	}{
		{name: "somebody else", reason: "not_in_the_project", caller: func(c *auth.Caller) { c.ID = "somebody" }},
		{name: "a citizen", reason: "not_in_the_project", caller: func(c *auth.Caller) { c.Citizen = true }},
		{name: "another purpose", reason: "purpose_not_of_the_project", caller: func(c *auth.Caller) { c.Purpose = "HRESCH" }},
		{name: "no such project", reason: "project_not_registered", project: "../example-diabetes"},
		{name: "another kind", reason: "kind_not_of_the_project", change: func(d *cohort.Definition) { *d.Events[1].Kind = clinical.KindReferral; d.Events[1].Classes = nil }},
		{name: "by practice", reason: "dimension_not_of_the_project", change: func(d *cohort.Definition) { d.By[0].Kind = cohort.ByPractice }},
		{name: "of one practice", reason: "dimension_not_of_the_project", change: func(d *cohort.Definition) {
			d.People = &cohort.Criterion{All: []cohort.Criterion{*d.People, {Practice: []clinical.Text{"F84022"}}}}
		}},
		{name: "a list of another project", reason: "codelist_not_of_the_project", change: func(d *cohort.Definition) { d.Codelists[0].From = "hiv" }},
		{name: "codes of its own", reason: "codelist_not_of_the_project", change: func(d *cohort.Definition) {
			d.Codelists[0].Codes = []cohort.CodelistEntry{{System: clinical.SNOMED, Code: diabetes}, {System: clinical.SNOMED, Code: hiv}}
		}},
		{name: "every diagnosis", reason: "codelist_not_of_the_project", change: func(d *cohort.Definition) { d.Events[0].Codes, d.Codelists = nil, nil }},
	} {
		caller, definition, of := analyst, question(t), project
		if test.caller != nil {
			test.caller(&caller)
		}
		if test.change != nil {
			test.change(&definition)
		}
		if test.project != "" {
			of = test.project
		}
		run, err := w.studies.Start(t.Context(), caller, of, definition)
		if err != nil || run.State != study.Refused || !slices.Contains(run.Refusal.Reasons, test.reason) || run.Refusal.Words == "" {
			t.Errorf("%s: %+v, refusal %v, err %v; want %s", test.name, run, refusalOf(run), err, test.reason)
		}
	}
	if run, _ := w.studies.Start(t.Context(), analyst, "nowhere", question(t)); run.Refusal.Words != "There is no registered project of this name." {
		t.Errorf("a project that is not registered is refused for %q", run.Refusal.Words)
	}
	if asked := w.hospital.asked.Load(); asked > 0 {
		t.Errorf("the hospital was asked %d times", asked)
	}
	inline := question(t, func(d *cohort.Definition) {
		d.Codelists[0].Codes = []cohort.CodelistEntry{{System: clinical.SNOMED, Code: diabetes}}
	})
	if run, err := w.studies.Start(t.Context(), analyst, project, inline); err != nil || run.State == study.Refused {
		t.Errorf("codes of its own that are on a list of the project are refused: %v, %v", refusalOf(run), err)
	}
}

func TestTheSameQuestionGetsTheSameAnswerWithoutAsking(t *testing.T) {
	w := settle(t, 400, 204, nil)
	first := w.ask(t, question(t))
	asked := w.hospital.asked.Load()
	w.optOut(t, person(t, 0), consent.ListLondon)
	again := w.ask(t, question(t))
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("(-first +again):\n%s", diff)
	}
	if w.hospital.asked.Load() != asked {
		t.Error("the hospital was asked again")
	}
	told, err := w.studies.Told(t.Context(), analyst, project)
	read, readErr := w.ledger.Entries(t.Context(), audit.Query{Events: []audit.Event{audit.EventOversight}})
	if readErr != nil || len(read) != 1 || read[0].Entry.Action != gate.ReadStudyAnswers {
		t.Errorf("the reading is not in the ledger: %+v (%v)", read, readErr)
	}
	if err != nil || len(told) != 1 || told[0].Digest != first.Digest {
		t.Errorf("the project was told %d answers (%v), want 1", len(told), err)
	}
}

func TestAQuestionThatTellsOnePersonApartIsRefused(t *testing.T) {
	w := settle(t, 400, 204, nil)
	w.ask(t, question(t, func(d *cohort.Definition) { d.By = nil }))
	w.optOut(t, person(t, 0), consent.ListLondon)
	run, err := w.studies.Ask(t.Context(), analyst, project, question(t, func(d *cohort.Definition) { d.By, d.Version, d.Events[0].From = nil, 2, moment(t, "1990-01-01") }))
	if err != nil || run.State != study.Refused || run.Refusal.Words == "" {
		t.Errorf("%+v, refusal %v, err %v", run, refusalOf(run), err)
	}
}

func moment(t *testing.T, text string) *cohort.Moment {
	t.Helper()
	m, err := cohort.ParseMoment(text)
	must(t, err)
	return &m
}

func TestASourceThatDoesNotAnswerIsMissedLoudly(t *testing.T) {
	w := settle(t, 400, 204, nil)
	w.hospital.fails.Store(true)
	answer := w.ask(t, question(t))
	if answer.Complete() || answer.MissingAtMost != 140 || len(answer.Warnings) == 0 || !strings.Contains(answer.Warnings[0], "INCOMPLETE") {
		t.Errorf("complete %v, missing %d, warnings %q", answer.Complete(), answer.MissingAtMost, answer.Warnings)
	}
}

// Another OneLondon cannot count. An answer without it says so loudly, and by how many people it may be wrong: those whom it lists. One that does
// not let itself be listed leaves unknown who in it must not be counted, and nothing is answered.
func TestASourceThatCannotCountIsMissedLoudly(t *testing.T) {
	other := memory.New("nel", memory.Person{NHSNumber: person(t, 900)}, memory.Person{NHSNumber: person(t, 901)}, memory.Person{NHSNumber: person(t, 902)})
	w := settle(t, 40, 20, func(w *town, hospital []memory.Person) []memory.Person {
		w.besides = []sources.Entry{{Spec: sources.Spec{ID: "nel", Name: "North East London"}, Source: struct{ sources.Source }{other}}}
		return hospital
	})
	if _, err := w.studies.Ask(t.Context(), analyst, project, question(t)); !errors.Is(err, study.ErrUnlisted) {
		t.Errorf("not listed: %v", err)
	}
	must(t, w.locator.Refresh(t.Context(), "nel", other))
	answer := w.ask(t, question(t))
	if answer.Complete() || answer.MissingAtMost != 10 || len(answer.Warnings) == 0 || answer.Warnings[0] != "INCOMPLETE: sources did not answer. Up to 10 people are counted wrongly." {
		t.Errorf("complete %v, missing %d, warnings %q", answer.Complete(), answer.MissingAtMost, answer.Warnings)
	}
	at := slices.IndexFunc(answer.Sources, func(part cohort.SourcePart) bool { return part.Source == "nel" })
	if at < 0 || answer.Sources[at].Answered || answer.Sources[at].Outcome != "NOT_ASKED" {
		t.Errorf("%+v", answer.Sources)
	}
}

func TestARunThatWasCutShortGoesOnFromWhatSourcesAnswered(t *testing.T) {
	w := settle(t, 400, 204, nil)
	w.hospital.hangs.Store(true)
	run, err := w.studies.Start(t.Context(), analyst, project, question(t))
	must(t, err)
	await(t, func() bool {
		now, err := w.studies.Run(t.Context(), analyst, run.ID)
		must(t, err)
		return slices.ContainsFunc(now.Sources, func(s study.SourceProgress) bool { return s.Source == "practices" && s.State == study.SourceAnswered })
	})
	if same, err := w.studies.Start(t.Context(), analyst, project, question(t)); err != nil || same.ID != run.ID {
		t.Errorf("the same question is another run: %v", err)
	}
	if _, err := w.studies.Run(t.Context(), auth.Caller{ID: "somebody", Purpose: "HOPERAT"}, run.ID); !errors.Is(err, study.ErrNoRun) {
		t.Errorf("somebody else sees the run: %v", err)
	}
	ended, err := w.studies.Cancel(t.Context(), analyst, run.ID)
	if err != nil || ended.State != study.Cancelled || ended.Answer != nil {
		t.Fatalf("%+v, %v", ended, err)
	}
	w.hospital.hangs.Store(false)
	answer := w.ask(t, question(t))
	if !answer.Complete() || shown(answer)["Newham"] != 100 {
		t.Errorf("%v, complete %v", shown(answer), answer.Complete())
	}
}

func await(t *testing.T, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited too long")
		}
	}
}

func TestWhatWasAskedIsInTheLedgerAndInThePublicRegister(t *testing.T) {
	w := settle(t, 400, 204, nil)
	w.ask(t, question(t))
	stranger := analyst
	stranger.ID = "somebody"
	_, err := w.studies.Start(t.Context(), stranger, project, question(t))
	must(t, err)
	page, err := w.studies.Register(t.Context(), "", 10)
	must(t, err)
	if len(page.Entries) != 1 {
		t.Fatalf("a stranger's question is published: %+v", page.Entries)
	}
	refused, err := w.studies.Start(t.Context(), analyst, project, question(t, func(d *cohort.Definition) {
		d.By[0].Kind, d.Title = cohort.ByPractice, "About "+person(t, 1).Reveal()
	}))
	must(t, err)
	if page, err = w.studies.Register(t.Context(), "", 10); err != nil || refused.State != study.Refused {
		t.Fatal(refused.State, err)
	}
	all := page.Entries
	if strings.Contains(all[0].Title, person(t, 1).Reveal()) {
		t.Errorf("an NHS number is published: %s", all[0].Title)
	}
	if len(all) != 2 || all[0].Answered || !all[1].Answered || all[1].Title != "People with diabetes by borough" || all[1].Organisation != "QMF" ||
		all[1].Purpose != "HOPERAT" || all[1].Words == "" {
		t.Errorf("the register holds %+v", all)
	}
	one, err := w.studies.Register(t.Context(), "", 1)
	must(t, err)
	other, err := w.studies.Register(t.Context(), one.Entries[0].Place(), 1)
	must(t, err)
	if !one.HasNext || other.HasNext || cmp.Diff([]study.Asked{one.Entries[0], other.Entries[0]}, all) != "" {
		t.Errorf("page by page the register is %+v and %+v", one, other)
	}
	if _, err := w.studies.Register(t.Context(), "-", 1); !errors.Is(err, gate.ErrCursor) {
		t.Error(err)
	}
	entries, err := w.ledger.Entries(t.Context(), audit.Query{Events: []audit.Event{audit.EventStudy}})
	must(t, err)
	outsiders, err := w.ledger.Entries(t.Context(), audit.Query{Events: []audit.Event{audit.EventStudyOutside}})
	must(t, err)
	if len(outsiders) != 1 || outsiders[0].Entry.Caller.ID != "somebody" || outsiders[0].Entry.Study.Title != "" {
		t.Errorf("of the stranger the ledger holds %+v", outsiders)
	}
	if len(entries) != 2 || entries[0].Entry.Caller.ID != analyst.ID || len(entries[0].Entry.AnswerDigest) == 0 || entries[1].Entry.AnswerDigest != nil {
		t.Errorf("the ledger holds %+v", entries)
	}
}

func TestWhomNoSourceRegistersIsNotCountedAndThatIsSaid(t *testing.T) {
	w := settle(t, 400, 204, func(_ *town, atHospital []memory.Person) []memory.Person {
		for n := 1000; n < 1070; n++ {
			atHospital = append(atHospital, memory.Person{NHSNumber: person(t, n), Organisation: "R1H", Records: practiceRecords(t, n, diabetes)[1:]})
		}
		return atHospital
	})
	w.lists(t, 1100)
	answer := w.ask(t, question(t))
	if diff := cmp.Diff(map[string]float64{"Hackney": 100, "Newham": 100}, shown(answer)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !slices.Contains(answer.Warnings, "About 50 people are not counted, as no source has a registration of them.") {
		t.Errorf("warned %q", answer.Warnings)
	}
}
