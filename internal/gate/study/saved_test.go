package study_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"onelondon/internal/audit"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/codelist"
	"onelondon/internal/gate"
	"onelondon/internal/gate/study"
)

func TestASavedDefinitionIsCitedReadAndAsked(t *testing.T) {
	w := settle(t, 400, 204, nil)
	beyond := question(t, func(d *cohort.Definition) { d.Name, d.By[0].Kind = "by-practice", cohort.ByPractice })
	for _, definition := range []cohort.Definition{question(t), beyond} { // a shelf is also for what the project may not ask yet
		saved, err := w.studies.Save(t.Context(), analyst, project, definition)
		if err != nil || saved.By != analyst.ID || !saved.At.Equal(today) || len(saved.Lists) != 1 {
			t.Fatalf("%+v, %v", saved, err)
		}
	}
	all, err := w.studies.AllSaved(t.Context(), analyst, project)
	if err != nil || len(all) != 2 || all[0].Definition.Name != "by-practice" {
		t.Fatalf("%+v, %v", all, err)
	}
	// Nothing of it is published, or told the ledger of studies.
	register, err := w.studies.Register(t.Context(), "", 10)
	if err != nil || len(register.Entries) != 0 {
		t.Errorf("%+v, %v", register, err)
	}
	for _, cited := range []string{"diabetes@1", all[1].Digest} {
		saved, err := w.studies.SavedAs(t.Context(), analyst, project, cited)
		if err != nil || saved == nil || saved.Digest != all[1].Digest {
			t.Errorf("%s: %+v, %v", cited, saved, err)
		}
	}
	started, err := w.studies.StartSaved(t.Context(), analyst, project, "diabetes@1")
	must(t, err)
	await(t, func() bool {
		started, err = w.studies.Run(t.Context(), analyst, started.ID)
		return err != nil || started.State == study.Answered
	})
	if err != nil || started.Answer.Digest != all[1].Digest {
		t.Errorf("%+v, %v", started, err)
	}
	if refused, err := w.studies.StartSaved(t.Context(), analyst, project, "by-practice@1"); err != nil || refused.State != study.Refused {
		t.Errorf("saved is not permitted: %+v, %v", refused, err)
	}
	for cited, want := range map[string]string{"diabetes@2": "has saved no diabetes@2", "diabetes": "NAME@VERSION"} {
		if _, err := w.studies.StartSaved(t.Context(), analyst, project, cited); !errors.Is(err, study.ErrSaved) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", cited, err)
		}
	}
	if saved, err := w.studies.SavedAs(t.Context(), analyst, project, "diabetes@2"); saved != nil || err != nil {
		t.Errorf("%+v, %v", saved, err)
	}
	_, err = w.studies.Save(t.Context(), analyst, project, question(t, func(d *cohort.Definition) { d.By = nil }))
	if !errors.Is(err, study.ErrSaved) || !strings.Contains(err.Error(), "the next free version is 2") {
		t.Error(err)
	}
	if _, err = w.studies.Save(t.Context(), analyst, project, question(t, func(d *cohort.Definition) { d.People.Has.Events = "nothing" })); !errors.Is(err, study.ErrDefinition) {
		t.Error(err)
	}
}

func TestTheShelfIsForTheProjectsOwnPeopleAlone(t *testing.T) {
	w := settle(t, 10, 5, nil)
	_, err := w.studies.Save(t.Context(), analyst, project, question(t))
	must(t, err)
	stranger := analyst
	stranger.ID = "somebody"
	for name, use := range map[string]func() (any, error){
		"save":  func() (any, error) { return w.studies.Save(t.Context(), stranger, project, question(t)) },
		"list":  func() (any, error) { return w.studies.AllSaved(t.Context(), stranger, project) },
		"read":  func() (any, error) { return w.studies.SavedAs(t.Context(), stranger, project, "diabetes@1") },
		"start": func() (any, error) { return w.studies.StartSaved(t.Context(), stranger, project, "diabetes@1") },
		"absent": func() (any, error) {
			return w.studies.SavedAs(t.Context(), stranger, project, "diabetes@7") // as if it were there
		},
	} {
		if got, err := use(); !errors.Is(err, gate.ErrNotPermitted) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	entries, err := w.ledger.Entries(t.Context(), audit.Query{Events: []audit.Event{audit.EventOversight}})
	if err != nil || len(entries) != 5 || entries[0].Entry.Action != gate.UseStudyShelf || entries[0].Entry.Outcome != audit.OutcomeRefused {
		t.Errorf("the ledger holds %+v (%v)", entries, err)
	}
}

func TestADefinitionWhoseListsHaveChangedIsNotAskedUnderItsName(t *testing.T) {
	w := settle(t, 400, 204, nil)
	_, err := w.studies.Save(t.Context(), analyst, project, question(t))
	must(t, err)
	must(t, w.studies.Close())
	w.options.Codelists, err = codelist.Load(fstest.MapFS{"index.yaml": {Data: []byte("lists:\n  diabetes: {title: Diabetes, source: the test, version: '2', files: [{file: d.csv, system: SNOMED_CT}]}\n")},
		"d.csv": {Data: []byte("code,term\n44054006,Type 2 diabetes\n46635009,Type 1 diabetes\n")}})
	must(t, err)
	w.studies = study.New(w.options)
	t.Cleanup(func() { must(t, w.studies.Close()) })
	_, err = w.studies.StartSaved(t.Context(), analyst, project, "diabetes@1")
	if !errors.Is(err, study.ErrSaved) || !strings.Contains(err.Error(), "other codes are registered now in diabetes") {
		t.Error(err)
	}
	if _, err := w.studies.Save(t.Context(), analyst, project, question(t)); !errors.Is(err, study.ErrSaved) {
		t.Errorf("the version means two things: %v", err)
	}
}
