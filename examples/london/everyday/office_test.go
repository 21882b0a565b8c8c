package everyday_test

import (
	"slices"
	"strings"
	"testing"

	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
)

const (
	attorneys = "9990000042" // somebody whom no source knows, with a number to sign in with

	object = `mutation { objectToSharing(input: {reason: "I would rather tell each doctor."}) { consentRevision } }`
	decide = `mutation($who: NHSNumber!, $decision: ObjectionDecision!, $reason: String) {
		decideObjection(input: {nhsNumber: $who, decision: $decision, reason: $reason}) { consentRevision myRecord { authority } } }`
	toDecide = `query($who: NHSNumber!) { choicesOf(nhsNumber: $who) { sharing { objection recorded { reason } } proxies { name } } }`
	lacking  = `mutation($who: NHSNumber!, $evidence: String) { recordCapacity(input: {nhsNumber: $who, finding: LACKING,
		reason: "Cannot weigh what is at stake.", evidence: $evidence}) { consentRevision inForce } }`
	appoint = `mutation($who: NHSNumber!, $proxy: NHSNumber!) { appointProxy(input: {nhsNumber: $who, proxy: $proxy, name: "Ada Lee, daughter",
		authority: ATTORNEY, reason: "Brought the registered deed.", evidence: "LPA 7000-1234"}) { consentRevision inForce myRecord { authority } } }`
	endByStaff = `mutation($who: NHSNumber!, $proxy: NHSNumber!) { endProxy(input: {nhsNumber: $who, proxy: $proxy,
		reason: "The court has ended it."}) { consentRevision } }`
	ofGrace = `query($revision: Int) { patient(nhsNumber: "` + grace + `", minConsentRevision: $revision) { conditions { nodes { id } } } }`
)

func guardian(organisation string) auth.Person {
	return auth.Person{Subject: "guardian-" + organisation, Name: "Rose Hall", Role: "R5105", Organisation: organisation, Purpose: "HOPERAT"}
}

func attorney(t *testing.T) auth.Person {
	who := trial.Citizen(number(t, attorneys))
	who.Subject = "attorney"
	return who
}

// From the objection over the decision to what others see, what Grace reads, what is reviewed, and the notice that she gets.
func TestAnObjectionIsDecidedAndGraceReadsByWhomAndWhy(t *testing.T) {
	h := openHouse(t)
	citizen, gp := trial.Citizen(number(t, grace)), trial.GP(practice)
	who := map[string]any{"who": grace, "decision": "UPHELD"}
	if a := ask(t, h, guardian(hospital), decide, who); !slices.Equal(a.codes, []string{"NO_OBJECTION"}) {
		t.Errorf("without an objection: %s", a.body)
	}
	must(t, h, citizen, object, nil)
	if a := must(t, h, guardian(hospital), toDecide, map[string]any{"who": grace}); a.text("choicesOf", "sharing", "objection") != "REQUESTED" ||
		a.text("choicesOf", "sharing", "recorded", "reason") != "I would rather tell each doctor." {
		t.Errorf("the guardian reads %s", a.body)
	}
	before := seen(t, h, gp, nil)
	_, last := notices(t, h, 0)
	upheld := ask(t, h, guardian(hospital), decide, who)
	if len(upheld.codes) > 0 || upheld.text("decideObjection", "myRecord", "authority") != "CONTROLLER" {
		t.Fatal(upheld.body)
	}
	if got := seen(t, h, gp, map[string]any{"revision": upheld.at("decideObjection", "consentRevision")}); strings.Contains(got, "barts/") || !strings.Contains(before, "barts/") {
		t.Errorf("upheld, the GP sees %q, before %q", got, before)
	}
	if open := must(t, h, officer(hospital), `{ alerts { nodes { sequence } } }`, nil); open.at("alerts", "nodes", 0) != nil {
		t.Errorf("to review: %s", open.body)
	}
	who["decision"] = "NOT_UPHELD"
	if a := ask(t, h, guardian(hospital), decide, who); !slices.Equal(a.codes, []string{"REASON_REQUIRED"}) {
		t.Errorf("without a reason: %s", a.body)
	}
	who["reason"] = "Three hospitals treat her at once."
	must(t, h, guardian(hospital), decide, who)
	if got := seen(t, h, gp, nil); got != before {
		t.Errorf("not upheld, the GP sees %q, before %q", got, before)
	}
	if open := must(t, h, officer(hospital), `{ alerts { nodes { summary } } }`, nil); open.text("alerts", "nodes", 0, "summary") !=
		"Rose Hall, Caldicott Guardian at Barts Health, decided about the person's objection to sharing, which is not upheld." {
		t.Errorf("to review: %s", open.body)
	}
	mine := must(t, h, citizen, `{ myRecord { choices { sharing { objection recorded { words reason authority } } } } }`, nil)
	if mine.text("myRecord", "choices", "sharing", "objection") != "NOT_UPHELD" || mine.text("myRecord", "choices", "sharing", "recorded", "reason") != who["reason"] ||
		mine.text("myRecord", "choices", "sharing", "recorded", "words") != "Decided by Rose Hall, Caldicott Guardian at Barts Health." {
		t.Errorf("Grace reads %s", mine.body)
	}
	if lines, _ := notices(t, h, last); len(lines) != 2 || lines[0].RoleCode != "R5105" || lines[1].Event != "preference" {
		t.Errorf("the feed has %+v", lines)
	}
}

// From the deed over two signatures and two assessments to what the attorney sees, and to nothing from the moment it ends.
func TestAnAttorneySeesWhatTwoHaveOpenedAndNothingOnceItHasEnded(t *testing.T) {
	h := openHouse(t)
	other := trial.GP(practice)
	other.Subject = "gp-second"
	both := map[string]any{"who": grace, "proxy": attorneys, "evidence": "assessment 4"}
	sees := func() string {
		a := must(t, h, attorney(t), ofGrace, nil)
		nodes, _ := a.at("patient", "conditions", "nodes").([]any)
		return strings.Repeat("x", len(nodes))
	}
	for i, step := range []struct {
		who      auth.Person
		document string
		field    string
		holds    bool
	}{
		{trial.Receptionist(practice), appoint, "appointProxy", false},
		{trial.GP(practice), appoint, "appointProxy", true},
		{trial.GP(practice), lacking, "recordCapacity", false},
		{trial.GP(practice), lacking, "recordCapacity", false}, // the same again is no second one
		{other, lacking, "recordCapacity", true},
	} {
		if got := sees(); got != "" {
			t.Fatalf("before step %d the attorney sees %q", i, got)
		}
		a := must(t, h, step.who, step.document, both)
		if a.at(step.field, "inForce") != step.holds && !strings.Contains(a.body, `"errors"`) {
			t.Fatalf("step %d: %s", i, a.body)
		}
		if strings.Contains(a.body, attorneys) {
			t.Errorf("the number comes back: %s", a.body)
		}
	}
	if sees() == "" {
		t.Error("the attorney sees nothing")
	}
	mine := must(t, h, trial.Citizen(number(t, grace)), `{ myRecord { choices { capacity { finding } proxies { name authority recorded { words evidence } } } accesses { nodes { summary } } } }`, nil)
	if mine.text("myRecord", "choices", "proxies", 0, "name") != "Ada Lee, daughter" || mine.text("myRecord", "choices", "capacity", "finding") != "LACKING" ||
		!strings.Contains(mine.body, "recorded that somebody may act for you, which holds once a second member of staff has recorded the same") {
		t.Errorf("Grace reads %s", mine.body)
	}
	ended := must(t, h, trial.Receptionist(practice), endByStaff, both)
	if a := must(t, h, attorney(t), ofGrace, map[string]any{"revision": ended.at("endProxy", "consentRevision")}); a.at("patient") != nil {
		t.Errorf("ended, the attorney sees %s", a.body)
	}
	if a := ask(t, h, attorney(t), `{ myRecord(nhsNumber: "`+grace+`") { nhsNumber } }`, nil); !slices.Equal(a.codes, []string{"NOT_PERMITTED"}) {
		t.Errorf("ended, the attorney reads %s", a.body)
	}
	for name, body := range map[string]string{"Grace": mine.body, "the officer": must(t, h, officer(practice), `{ alerts { nodes { summary evidence } } }`, nil).body} {
		if strings.Contains(body, attorneys) {
			t.Errorf("%s reads the attorney's number: %s", name, body)
		}
	}
}

// What Grace, who can decide, ends herself by the revision under which she reads of it.
func TestGraceEndsWhatSomebodyMayDoForHer(t *testing.T) {
	h := openHouse(t)
	citizen := trial.Citizen(number(t, grace))
	for _, who := range []auth.Person{trial.Receptionist(practice), trial.GP(practice)} {
		must(t, h, who, appoint, map[string]any{"who": grace, "proxy": attorneys})
	}
	const proxies = `{ myRecord { choices { proxies { consentRevision name means } } } }`
	read := must(t, h, citizen, proxies, nil)
	const end = `mutation($of: Int!) { endProxy(input: {appointment: $of}) { consentRevision myRecord { authority choices { proxies { name } } } } }`
	if a := ask(t, h, citizen, end, map[string]any{"of": 1}); !slices.Equal(a.codes, []string{"INVALID_PREFERENCE"}) {
		t.Errorf("what was only proposed: %s", a.body)
	}
	ended := must(t, h, citizen, end, map[string]any{"of": read.at("myRecord", "choices", "proxies", 0, "consentRevision")})
	if ended.text("endProxy", "myRecord", "authority") != "SELF" || ended.at("endProxy", "myRecord", "choices", "proxies", 0) != nil ||
		read.text("myRecord", "choices", "proxies", 0, "name") != "Ada Lee, daughter" {
		t.Errorf("she read %s and reads %s", read.body, ended.body)
	}
	if state, _, err := h.Register.State(number(t, grace)); err != nil || state.Authority(h.Register.Key(number(t, attorneys))) != "" {
		t.Errorf("state is %+v, error %v", state, err)
	}
}

func TestOfWhomeverTheyDoNotCareForStaffFindNothingAndNobodyLooksTheSame(t *testing.T) {
	h := openHouse(t)
	for name, test := range map[string]struct {
		who      auth.Person
		document string
	}{
		"a decision":    {guardian(elsewhere), decide},
		"a reading":     {guardian(elsewhere), toDecide},
		"a finding":     {trial.GP("X99999"), lacking},
		"a proxy":       {trial.Receptionist(elsewhere), appoint},
		"an ending":     {trial.Receptionist(elsewhere), endByStaff},
		"not her staff": {trial.Citizen(number(t, attorneys)), appoint},
	} {
		bodies := map[string]bool{}
		for _, person := range []string{grace, stranger} {
			a := ask(t, h, test.who, test.document, map[string]any{"who": person, "proxy": attorneys, "evidence": "assessment 4", "decision": "UPHELD"})
			if !slices.Equal(a.codes, []string{"NOT_PERMITTED"}) || strings.Contains(a.body, person) {
				t.Errorf("%s of %s: %s", name, person, a.body)
			}
			bodies[requestID.ReplaceAllString(a.body, "")] = true
		}
		if len(bodies) != 1 {
			t.Errorf("%s: the answers differ: %v", name, bodies)
		}
	}
	if a := ask(t, h, trial.GP(practice), appoint, map[string]any{"who": grace, "proxy": "9990000019"}); !slices.Equal(a.codes, []string{"INVALID_NHS_NUMBER"}) && len(a.codes) == 0 ||
		strings.Contains(a.body, "9990000019") {
		t.Errorf("a number that is none: %s", a.body)
	}
	for _, input := range []string{`{}`, `{appointment: 1, proxy: "` + attorneys + `"}`, `{nhsNumber: "` + grace + `"}`, `{appointment: 0}`} {
		if a := ask(t, h, trial.GP(practice), `mutation { endProxy(input: `+input+`) { consentRevision } }`, nil); !slices.Equal(a.codes, []string{"BAD_REQUEST"}) {
			t.Errorf("%s: %s", input, a.body)
		}
	}
	if _, revision, err := h.Register.State(number(t, grace)); err != nil || revision != 0 {
		t.Errorf("the register is at %d, error %v", revision, err)
	}
}
