package everyday_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"onelondon/examples/london/trial"
)

const (
	recordDenial = `mutation($who: NHSNumber!, $behalf: OnBehalfInput!) { setPreference(input: {nhsNumber: $who, onBehalf: $behalf,
		preference: {effect: DENY, category: HIV, party: {kind: ANYONE}}}) { consentRevision myRecord { authority choices { consentRevision } } } }`
	recordWithdrawal = `mutation($who: NHSNumber!, $behalf: OnBehalfInput!) { withdrawPreference(input: {nhsNumber: $who, onBehalf: $behalf,
		category: HIV, party: {kind: ANYONE}}) { consentRevision } }`
)

var requestID = regexp.MustCompile(`"requestId":"[^"]*"`)

// saidSo is what a receptionist sends with what Grace said at the desk.
func saidSo(evidence string) map[string]any {
	behalf := map[string]any{"onWordOf": "SELF", "reason": "Said so at the desk, known to us by sight."}
	if evidence != "" {
		behalf["evidence"] = evidence
	}
	return map[string]any{"who": grace, "behalf": behalf}
}

func TestWhatGraceTellsTheReceptionistHoldsForTheNextQuestionAndSheReadsWhoRecordedIt(t *testing.T) {
	h := openHouse(t)
	desk, gp, citizen := trial.Receptionist(practice), trial.GP(practice), trial.Citizen(number(t, grace))
	done := ask(t, h, desk, recordDenial, saidSo(""))
	if done.text("setPreference", "myRecord", "authority") != "SELF" || done.at("setPreference", "myRecord", "choices") != nil ||
		!slices.Equal(done.codes, []string{"NOT_PERMITTED"}) {
		t.Fatalf("recorded, and no more told: %s", done.body)
	}
	if got := seen(t, h, gp, map[string]any{"revision": done.at("setPreference", "consentRevision")}); strings.Contains(got, "barts/hiv") || !strings.Contains(got, "emis/asthma") {
		t.Errorf("after, the GP sees %q", got)
	}
	mine := must(t, h, citizen, `{ myRecord { choices { preferences { recorded { words reason evidence authority } } } accesses { nodes { summary event onWordOf evidence } } } }`, nil)
	if got := mine.text("myRecord", "choices", "preferences", 0, "recorded", "words"); got != "Recorded by Front Desk, Receptionist at Mare Street Surgery, on your word." ||
		mine.text("myRecord", "choices", "preferences", 0, "recorded", "reason") != "Said so at the desk, known to us by sight." {
		t.Errorf("Grace reads %s", mine.body)
	}
	if !strings.Contains(mine.body, "Front Desk, Receptionist at Mare Street Surgery, recorded a choice for you, on your word.") {
		t.Errorf("Grace reads %s", mine.body)
	}
	if open := must(t, h, officer(practice), `{ alerts { nodes { sequence } } }`, nil); open.at("alerts", "nodes", 0) != nil {
		t.Errorf("to review: %s", open.body)
	}
}

func TestWhatOpensIsRecordedWithEvidenceAloneAndBroughtToAPrivacyOfficer(t *testing.T) {
	h := openHouse(t)
	desk, citizen := trial.Receptionist(practice), trial.Citizen(number(t, grace))
	must(t, h, citizen, denyHIV, nil)
	if a := ask(t, h, desk, recordWithdrawal, saidSo("")); !slices.Equal(a.codes, []string{"EVIDENCE_REQUIRED"}) {
		t.Errorf("without evidence: %s", a.body)
	}
	if got := seen(t, h, trial.GP(practice), nil); strings.Contains(got, "barts/hiv") {
		t.Errorf("refused, the GP sees %q", got)
	}
	must(t, h, desk, recordWithdrawal, saidSo("form 12"))
	if got := seen(t, h, trial.GP(practice), nil); !strings.Contains(got, "barts/hiv") {
		t.Errorf("taken back, the GP sees %q", got)
	}
	open := must(t, h, officer(practice), `{ alerts { nodes { sequence summary onWordOf evidence rules { reason words expectation } } } }`, nil)
	if open.text("alerts", "nodes", 0, "onWordOf") != "SELF" || open.text("alerts", "nodes", 0, "evidence") != "form 12" ||
		open.text("alerts", "nodes", 0, "rules", 0, "reason") != "recorded_on_word" || open.text("alerts", "nodes", 0, "rules", 0, "words") == "" {
		t.Errorf("to review: %s", open.body)
	}
	must(t, h, officer(practice), `mutation($at: Int!) { reviewAlert(input: {sequence: $at, finding: "The form is in the file."}) { review { finding } } }`,
		map[string]any{"at": open.at("alerts", "nodes", 0, "sequence")})
}

func TestADoctorDecidesInGracesBestInterestsAndOpensNothing(t *testing.T) {
	h := openHouse(t)
	gp := trial.GP(practice)
	assessed := map[string]any{"who": grace, "behalf": map[string]any{"onWordOf": "CLINICIAN", "reason": "She cannot decide this after her stroke.", "evidence": "assessment 4"}}
	if a := ask(t, h, gp, `mutation($who: NHSNumber!, $behalf: OnBehalfInput!) { optOut(input: {nhsNumber: $who, optedOut: false, onBehalf: $behalf}) { consentRevision } }`, assessed); !slices.Equal(a.codes, []string{"NOT_PERMITTED"}) {
		t.Errorf("agreeing for her: %s", a.body)
	}
	must(t, h, gp, `mutation($who: NHSNumber!, $behalf: OnBehalfInput!) {
		objectToSharing(input: {nhsNumber: $who, onBehalf: $behalf}) { consentRevision }
		askToBeTold(input: {nhsNumber: $who, onBehalf: $behalf}) { consentRevision } }`, assessed)
	mine := must(t, h, trial.Citizen(number(t, grace)), `{ myRecord { choices { sharing { objection recorded { words evidence authority } } told { asked } } } }`, nil)
	if mine.text("myRecord", "choices", "sharing", "recorded", "words") != "Recorded by Dr Test, General Medical Practitioner at Mare Street Surgery, in your best interests." ||
		mine.text("myRecord", "choices", "sharing", "recorded", "authority") != "CLINICIAN" || mine.at("myRecord", "choices", "told", "asked") != true {
		t.Errorf("Grace reads %s", mine.body)
	}
}

func TestStaffWhoDoNotCareForGraceRecordNothingAndNobodyLooksTheSame(t *testing.T) {
	h := openHouse(t)
	bodies := map[string]bool{}
	for _, who := range []string{grace, stranger} {
		variables := saidSo("form 12")
		variables["who"] = who
		a := ask(t, h, trial.Receptionist(elsewhere), recordDenial, variables)
		if !slices.Equal(a.codes, []string{"NOT_PERMITTED"}) || strings.Contains(a.body, who) {
			t.Errorf("of %s: %s", who, a.body)
		}
		bodies[requestID.ReplaceAllString(a.body, "")] = true
	}
	if len(bodies) != 1 {
		t.Errorf("the answers differ: %v", bodies)
	}
	noReason := saidSo("")
	noReason["behalf"].(map[string]any)["reason"] = "so"
	if a := ask(t, h, trial.Receptionist(practice), recordDenial, noReason); !slices.Equal(a.codes, []string{"REASON_REQUIRED"}) {
		t.Errorf("without a reason: %s", a.body)
	}
	if a := ask(t, h, trial.Citizen(number(t, grace)), recordDenial, saidSo("form 12")); !slices.Equal(a.codes, []string{"NOT_PERMITTED"}) {
		t.Errorf("a citizen as staff: %s", a.body)
	}
	if _, revision, err := h.Register.State(number(t, grace)); err != nil || revision != 0 {
		t.Errorf("the register is at %d, error %v", revision, err)
	}
}
