package remote_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/remote"
)

// diabetes is a definition of every part that is spelled differently in a file and in GraphQL.
func diabetes(t *testing.T) *cohort.Definition {
	t.Helper()
	definition, err := cohort.Parse("diabetes.yaml", []byte(`
name: diabetes
version: 2
title: Diabetes
asAt: 2026-11-26
codelists: [{name: diabetes, codes: [{system: SNOMED_CT, code: "73211009"}]}]
events:
  - {name: diabetes, kind: Condition, codes: [diabetes]}
  - {name: allergies, kind: AllergyIntolerance, from: -2 years}
  - {name: both, of: [diabetes, allergies], pick: LATEST}
people: {all: [{has: {events: diabetes, atLeast: 2}}, {sex: [FEMALE]}, {age: {from: 18}}]}
measures: [{kind: PEOPLE}]
by: [{kind: SEX}]
`))
	if err != nil {
		t.Fatal(err)
	}
	return definition
}

func TestADefinitionIsSentAsGraphQLSpellsIt(t *testing.T) {
	f := serve(t, map[string][]string{"Start": {started(waiting)}})
	if _, err := f.client().Start(t.Context(), diabetes(t), "p"); err != nil {
		t.Fatal(err)
	}
	got := f.asked[0]
	want := `{"input":{"project":"p","definition":{
	  "name":"diabetes","version":2,"title":"Diabetes","asAt":"2026-11-26",
	  "codelists":[{"name":"diabetes","codes":[{"system":"SNOMED_CT","code":"73211009"}]}],
	  "events":[{"name":"diabetes","kind":"CONDITION","codes":["diabetes"]},
	            {"name":"allergies","kind":"ALLERGY_INTOLERANCE","from":"-2 years"},
	            {"name":"both","of":["diabetes","allergies"],"pick":"LATEST"}],
	  "people":{"all":[{"has":{"events":"diabetes","atLeast":2}},{"sex":["FEMALE"]},{"age":{"from":18}}]},
	  "measures":[{"kind":"PEOPLE"}],"by":[{"kind":"SEX"}]}}}`
	var variables map[string]any
	if err := json.Unmarshal([]byte(want), &variables); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(variables, got.Variables); diff != "" {
		t.Error(diff)
	}
	if got.Header.Get("Authorization") != "Bearer a.b.c" || got.Header.Get("X-Purpose-Of-Use") != "HOPERAT" {
		t.Errorf("asked as %q for %q", got.Header.Get("Authorization"), got.Header.Get("X-Purpose-Of-Use"))
	}
}

func TestARunIsFollowedToItsAnswer(t *testing.T) {
	f := serve(t, map[string][]string{"Start": {started(waiting)}, "Run": {looked(running), "down", looked(running), looked(done(t))}})
	definition := diabetes(t)
	run, err := f.client().Start(t.Context(), definition, "p")
	if err != nil {
		t.Fatal(err)
	}
	var told []float64
	run, err = f.client().Follow(t.Context(), run, func(run *remote.Run) { told = append(told, run.Fraction) })
	if err != nil || run.State != remote.Answered {
		t.Fatalf("%+v, %v", run, err)
	}
	if diff := cmp.Diff([]float64{0, 0.5, 0.5, 1}, told); diff != "" {
		t.Error(diff)
	}
	want := &cohort.Answer{Definition: *definition, Digest: "sha256:1", Words: "People with diabetes.", Project: "p",
		AnsweredAt: time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC), PolicyRevision: "r1", ConsentRevision: 7, MissingAtMost: 12, Warnings: []string{"w"},
		Result: cohort.Result{Columns: []string{"sex"}, Notes: []string{"n"}, Measures: []cohort.Measure{{Kind: cohort.MeasurePeople}},
			Rows: []cohort.Row{{Key: []string{"female"}, Figures: []cohort.Figure{{Shown: true, Number: 10}}},
				{Key: []string{"male"}, Figures: []cohort.Figure{{}}}},
			Total: &cohort.Row{Key: []string{""}, Figures: []cohort.Figure{{Shown: true, Number: 10}}}},
		Sources: []cohort.SourcePart{{Source: "a", Name: "A", Answered: true, Outcome: "ANSWERED", Milliseconds: 5, Rows: 1000, Freshness: "2026-11-26"},
			{Source: "b", Name: "B", Outcome: "TIMED_OUT", Milliseconds: 50}},
	}
	if diff := cmp.Diff(want, run.Answer, cmp.AllowUnexported(cohort.Moment{})); diff != "" {
		t.Error(diff)
	}
}

func TestARefusalSaysWhyAndWhatWouldBeAllowed(t *testing.T) {
	f := serve(t, map[string][]string{"Start": {started(waiting)}, "Run": {looked(refused)}})
	run, err := f.client().Start(t.Context(), diabetes(t), "p")
	if err != nil {
		t.Fatal(err)
	}
	run, err = f.client().Follow(t.Context(), run, func(*remote.Run) {})
	want := &remote.Refusal{Reasons: []string{"too_close"}, Words: "It differs from an earlier question by too few people.", Allowed: "Ask by wider bands."}
	if diff := cmp.Diff(want, run.Refusal); err != nil || diff != "" || run.State != remote.Refused {
		t.Errorf("%v %s", err, diff)
	}
}

func TestFollowingEndsWithItsContextAndTheRunDoesNot(t *testing.T) {
	f := serve(t, map[string][]string{"Start": {started(waiting)}, "Run": {looked(running)}, "Cancel": {`{"data":{"cancelCohort":{"run":{"id":"r"}}}}`}})
	run, err := f.client().Start(t.Context(), diabetes(t), "p")
	if err != nil {
		t.Fatal(err)
	}
	stopped := errors.New("enough")
	ctx, stop := context.WithCancelCause(t.Context())
	run, err = f.client().Follow(ctx, run, func(run *remote.Run) {
		if run.State == remote.Running {
			stop(stopped)
		}
	})
	if !errors.Is(err, stopped) || run.ID != "r" || run.Expires.IsZero() {
		t.Fatalf("%+v, %v", run, err)
	}
	for _, each := range f.asked {
		if each.Operation == "Cancel" {
			t.Error("it was cancelled by itself")
		}
	}
	if err := f.client().Cancel(t.Context(), run); err != nil {
		t.Error(err)
	}
	if last := f.asked[len(f.asked)-1]; last.Operation != "Cancel" || cmp.Diff(map[string]any{"input": map[string]any{"run": "r"}}, last.Variables) != "" {
		t.Errorf("%+v", last)
	}
}

func TestWhatTheServerDoesNotMeanIsNotTakenForAnAnswer(t *testing.T) {
	bent := func(old, new string) string { return looked(strings.Replace(done(t), old, new, 1)) }
	for name, answer := range map[string]string{
		"no answer":                looked(`{"id":"r","state":"ANSWERED","fraction":1,"sources":[]}`),
		"no refusal":               looked(`{"id":"r","state":"REFUSED","fraction":1,"sources":[]}`),
		"complete without all":     bent(`"complete":false`, `"complete":true`),
		"another definition":       bent(`"version":2`, `"version":3`),
		"no definition":            bent(`"definition":"`, `"definition":"?`),
		"forgotten":                looked(`null`),
		"an error beside the data": `{"errors":[{"message":"no","extensions":{"code":"NOT_PERMITTED","requestId":"q7"}}],"data":{"cohortRun":` + done(t) + `}}`,
	} {
		f := serve(t, map[string][]string{"Start": {started(waiting)}, "Run": {answer}})
		run, err := f.client().Start(t.Context(), diabetes(t), "p")
		if err != nil {
			t.Fatal(err)
		}
		run, err = f.client().Follow(t.Context(), run, func(*remote.Run) {})
		if err == nil || run.State.Ended() || len(f.asked) != 2 {
			t.Errorf("%s: %+v, %v", name, run, err)
		}
	}
}

func TestTheServersErrorsAreTold(t *testing.T) {
	f := serve(t, map[string][]string{"Start": {`{"errors":[{"message":"Say for what purpose you ask.","extensions":{"code":"PURPOSE_REQUIRED","requestId":"q7"}}]}`}})
	_, err := f.client().Start(t.Context(), diabetes(t), "p")
	said := (*remote.Error)(nil)
	if !errors.As(err, &said) || said.Code != "PURPOSE_REQUIRED" || err.Error() != "the server says: Say for what purpose you ask. (PURPOSE_REQUIRED), request q7" {
		t.Errorf("%v", err)
	}
}

func TestATokenGoesNowhereInClear(t *testing.T) {
	for _, server := range []string{"http://onelondon.example", "ftp://localhost", "onelondon.example", "https://", "https://user:secret@onelondon.example",
		"https://onelondon.example?token=1", "http://127.0.0.1.evil.example", "http://localhost.evil.example"} {
		client := remote.Client{Server: server, Token: "a.b.c"}
		if _, err := client.Start(t.Context(), diabetes(t), "p"); !errors.Is(err, remote.ErrServer) {
			t.Errorf("%s: %v", server, err)
		}
	}
}

func TestAnswersAndTheRegisterAreRead(t *testing.T) {
	f := serve(t, map[string][]string{"Answers": {`{"data":{"cohorts":[` + answered(t) + `]}}`},
		"/studies.json?after=": {`{"studies":[{"at":"2026-11-26T09:30:00Z","project":"p","organisation":"o","purpose":"HOPERAT","name":"diabetes",
		  "version":2,"title":"Diabetes","digest":"sha256:1","words":"People.","answered":false,"reasons":["Too few."]}],"next":"a b"}`},
		"/studies.json?after=a+b": {`{"studies":[]}`}})
	answers, err := f.client().Answers(t.Context(), "p")
	if err != nil || len(answers) != 1 || answers[0].Definition.AsAt != day(t, "2026-11-26") || answers[0].Result.Rows[0].Figures[0].Number != 10 {
		t.Errorf("%+v, %v", answers, err)
	}
	studies, next, err := f.client().Studies(t.Context(), "")
	if err != nil || next != "a b" || len(studies) != 1 || studies[0].Version != 2 || studies[0].Answered || studies[0].Reasons[0] != "Too few." {
		t.Errorf("%+v, %v", studies, err)
	}
	if studies, next, err = f.client().Studies(t.Context(), next); err != nil || next != "" || len(studies) != 0 {
		t.Errorf("%+v, %v", studies, err)
	}
	if f.asked[1].Header.Get("Authorization") != "" {
		t.Error("a token was sent where none is needed")
	}
}

func day(t *testing.T, text string) clinical.Day {
	t.Helper()
	parsed, err := clinical.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
