package everyday_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/sources"
)

// hanging answers nobody until they give up; broken fails at once.
type (
	hanging struct{ sources.Source }
	broken  struct{ sources.Source }
)

func (hanging) Fetch(ctx context.Context, _ sources.Query) (sources.Answer, error) {
	<-ctx.Done()
	return sources.Answer{}, ctx.Err()
}

func (broken) Fetch(context.Context, sources.Query) (sources.Answer, error) {
	return sources.Answer{}, errors.New("down")
}

const (
	community = "RYX"     // wrote Grace's plan
	keySafe   = "C40-71Z" // no number of a log or an identifier looks so; it stands in no answer to anybody who does not go there
)

// planned is Grace's plan, as the community trust wrote it, with what is part of it.
func planned(consent bool) []clinical.Record {
	plan := &clinical.UrgentCarePlan{Meta: clinical.Meta{ID: "plan", Status: clinical.StatusActive}, AccessToHome: "Key safe " + keySafe}
	plan.Date, _ = clinical.ParseDateTime("2025-11-03")
	plan.ReviewDate, _ = clinical.ParseDateTime("2026-02-03")
	plan.CPRDecision.Coding = clinical.Coding{System: clinical.SNOMED, Code: "450476008", Display: "Not for cardiopulmonary resuscitation"}
	plan.PrognosisEstimate.Text = "Weeks"
	plan.Labels.Put(clinical.LabelPlanShared, consent)
	contact := &clinical.Contact{Meta: clinical.Meta{ID: "daughter", Plan: "plan"}, Name: "Maya Ellis", Telephone: "07700 900456"}
	medicine := &clinical.Medication{Meta: clinical.Meta{ID: "morphine", Plan: "plan", Status: clinical.StatusActive, Date: plan.Date}, Dosage: "2.5mg"}
	medicine.Code.Text = "Morphine"
	return []clinical.Record{plan, contact, medicine}
}

// planHouse knows Grace at her practice, at the community trust, and at two hospitals of which one hangs and one is down.
func planHouse(t *testing.T, consent bool) *trial.House {
	t.Helper()
	person := number(t, grace)
	allergy := &clinical.AllergyIntolerance{Meta: clinical.Meta{ID: "penicillin", Status: clinical.StatusActive}}
	allergy.Code.Coding = clinical.Coding{System: clinical.SNOMED, Code: "91936005", Display: "Allergy to penicillin"}
	hangs, down := entry("barts", "Barts Health", hospital, person), entry("homerton", "Homerton", "RQX", person)
	listed := hangs.Source
	hangs.Source, hangs.Deadline = hanging{listed}, 50*time.Millisecond
	down.Source = broken{down.Source}
	return trial.Open(t, trial.Options{Always: []clinical.SourceID{"barts", "homerton"}, Entries: []sources.Entry{
		entry("emis", "Mare Street Surgery", practice, person, allergy), entry("care", "Community care plans", community, person, planned(consent)...), hangs, down}})
}

func TestAPlanIsShownToEachAsTheyMaySeeIt(t *testing.T) {
	h := planHouse(t, true)
	t.Run("the bedside is answered while one source hangs and another is down", func(t *testing.T) { answeredAllTheSame(t, h) })
	t.Run("how to get in is for those who go there", func(t *testing.T) { howToGetIn(t, h) })
	t.Run("a prognosis is not first read on a screen", func(t *testing.T) { untold(t, h) })
}

// answeredAllTheSame asks the page's own document of the whole product. That an answer comes at all shows that nobody waits for the source
// that hangs.
func answeredAllTheSame(t *testing.T, h *trial.House) {
	t.Helper()
	a := must(t, h, trial.GP(practice), trial.Bedside(t), map[string]any{"nhsNumber": grace})
	care := func(path ...any) string { return a.text(append([]any{"patient", "urgentCarePlan"}, path...)...) }
	if a.text("patient", "allergies", "nodes", 0, "code", "display") != "Allergy to penicillin" || care("cpr", "plan", "cpr", "decision", "code") != "450476008" ||
		a.at("patient", "urgentCarePlan", "cpr", "reviewOverdue") != true || care("plans", 0, "contacts", 0, "name") != "Maya Ellis" ||
		a.at("patient", "urgentCarePlan", "complete") != false {
		t.Errorf("the answer is %s", a.body)
	}
	outcomes := map[string]string{}
	lines, _ := a.at("patient", "urgentCarePlan", "sources").([]any)
	for i := range lines {
		outcomes[care("sources", i, "name")] = care("sources", i, "outcome")
	}
	if outcomes["Barts Health"] != "TIMED_OUT" || outcomes["Homerton"] != "FAILED" || outcomes["Community care plans"] != "ANSWERED" {
		t.Errorf("sources are %v", outcomes)
	}
}

func howToGetIn(t *testing.T, h *trial.House) {
	t.Helper()
	nurse := auth.Person{Subject: "nurse", Name: "N. Nurse", Role: "R0700", Organisation: community, Purpose: "TREAT"}
	for name, test := range map[string]struct {
		who  auth.Person
		sees bool
	}{
		"a community nurse of the trust":     {nurse, true},
		"the practice's own GP":              {trial.GP(practice), true},
		"an A&E doctor":                      {trial.Emergency(hospital), false},
		"the person":                         {trial.Citizen(number(t, grace)), true},
		"an administrator of the same trust": {auth.Person{Subject: "desk", Name: "D. Desk", Role: "R1730", Organisation: community, Purpose: "TREAT"}, false},
	} {
		a := must(t, h, test.who, trial.Bedside(t), map[string]any{"nhsNumber": grace})
		if strings.Contains(a.body, keySafe) != test.sees {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	if strings.Contains(h.Logs.String(), keySafe) {
		t.Error("how to get in is in the logs")
	}
}

func TestAPlanWithoutConsentIsShownToWhoWroteItToThePersonAndBehindABrokenGlass(t *testing.T) {
	h := planHouse(t, false)
	writer := auth.Person{Subject: "nurse", Name: "N. Nurse", Role: "R0700", Organisation: community, Purpose: "TREAT"}
	asked := map[string]any{"nhsNumber": grace}
	for name, test := range map[string]struct {
		who  auth.Person
		sees bool
	}{"who wrote it": {writer, true}, "the person": {trial.Citizen(number(t, grace)), true}, "the GP": {trial.GP(practice), false}} {
		a := must(t, h, test.who, trial.Bedside(t), asked)
		if strings.Contains(a.body, "Not for cardiopulmonary resuscitation") != test.sees || strings.Contains(a.body, "Maya Ellis") != test.sees {
			t.Errorf("%s: %s", name, a.body)
		}
		if !test.sees && !strings.Contains(a.body, "without consent to share it") {
			t.Errorf("%s is not told that there may be a plan: %s", name, a.body)
		}
	}
	doctor := emergency()
	grant := must(t, h, doctor, breakGlass, map[string]any{"who": grace}).text("breakGlass", "grant")
	a := must(t, h, doctor, `query($n: NHSNumber!, $g: EmergencyGrant) { patient(nhsNumber: $n, emergencyGrant: $g) {
		urgentCarePlan { cpr { plan { cpr { decision { display } } } contacts { name } } } } }`, map[string]any{"n": grace, "g": grant})
	if !strings.Contains(a.body, "Not for cardiopulmonary resuscitation") || !strings.Contains(a.body, "Maya Ellis") {
		t.Errorf("with the glass broken: %s", a.body)
	}
}

func untold(t *testing.T, h *trial.House) {
	t.Helper()
	const prognosis = `query($n: NHSNumber!) { patient(nhsNumber: $n) { urgentCarePlan { plans { plan { id prognosis { estimate { text } personAware } } } } } }`
	mine := must(t, h, trial.Citizen(number(t, grace)), prognosis, map[string]any{"n": grace})
	if mine.text("patient", "urgentCarePlan", "plans", 0, "plan", "id") != "care/plan" || strings.Contains(mine.body, "Weeks") {
		t.Errorf("the person sees %s", mine.body)
	}
	if a := must(t, h, trial.GP(practice), prognosis, map[string]any{"n": grace}); !strings.Contains(a.body, "Weeks") {
		t.Errorf("the GP sees %s", a.body)
	}
}
