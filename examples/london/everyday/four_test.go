package everyday_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
)

const denyHIV = `mutation { setPreference(input: {preference: {effect: DENY, category: HIV, party: {kind: ANYONE}}}) {
  consentRevision myRecord { choices { preferences { category means recorded { authority consentRevision } } } } } }`

func TestWhatACitizenDeniesTheGPNoLongerSeesInTheNextQuestion(t *testing.T) {
	h := openHouse(t)
	gp, citizen := trial.GP(practice), trial.Citizen(number(t, grace))
	if got := seen(t, h, gp, nil); !strings.Contains(got, "barts/hiv") || !strings.Contains(got, "emis/asthma") {
		t.Fatalf("before, the GP sees %q", got)
	}
	preview := must(t, h, citizen, `{ myRecord { previewPreference(preference: {effect: DENY, category: HIV, party: {kind: ANYONE}}) { words } } }`, nil)
	if words := preview.text("myRecord", "previewPreference", "words"); !strings.Contains(words, "A doctor at your GP practice would no longer see records about HIV that other organisations made.") {
		t.Errorf("the preview says %q", words)
	}
	done := must(t, h, citizen, denyHIV, nil)
	if got := done.text("setPreference", "myRecord", "choices", "preferences", 0, "means"); !strings.HasPrefix(got, "Records about HIV are not shown to anybody.") {
		t.Errorf("it means %q", got)
	}
	revision := done.at("setPreference", "consentRevision")
	if got := seen(t, h, gp, map[string]any{"revision": revision}); strings.Contains(got, "barts/hiv") || !strings.Contains(got, "emis/asthma") {
		t.Errorf("after, the GP sees %q", got)
	}
	must(t, h, citizen, `mutation { withdrawPreference(input: {category: HIV, party: {kind: ANYONE}}) { consentRevision } }`, nil)
	if got := seen(t, h, gp, nil); !strings.Contains(got, "barts/hiv") {
		t.Errorf("taken back, the GP sees %q", got)
	}
}

func TestACitizenSeesWhoLookedAndWhy(t *testing.T) {
	h := openHouse(t)
	seen(t, h, trial.GP(practice), nil)
	a := must(t, h, trial.Citizen(number(t, grace)), `{ myRecord { accesses { nodes { event summary who userId organisation { code name } role { code name } purpose { words } kinds rules { words expectation } outcome } } } }`, nil)
	access := func(path ...any) any { return a.at(append([]any{"myRecord", "accesses", "nodes", 0}, path...)...) }
	for what, want := range map[string]any{
		"summary": "Dr Test, General Medical Practitioner at Mare Street Surgery, was shown your name and address and conditions, for care and treatment.",
		"event":   "RECORD_READ", "who": "Dr Test", "userId": nil, "outcome": "RELEASED",
	} {
		if got := access(what); got != want {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	if access("organisation", "name") != "Mare Street Surgery" || access("role", "name") != "General Medical Practitioner" ||
		access("rules", 0, "words") == nil || access("rules", 0, "expectation") == nil {
		t.Errorf("the access is %v", access())
	}
}

func TestABrokenGlassOpensWhatThePersonClosedAndNothingSealed(t *testing.T) {
	h := openHouse(t)
	citizen, doctor := trial.Citizen(number(t, grace)), emergency()
	must(t, h, citizen, denyHIV, nil)
	if got := seen(t, h, doctor, nil); strings.Contains(got, "barts/hiv") {
		t.Fatalf("with the glass whole the doctor sees %q", got)
	}
	broken := must(t, h, doctor, breakGlass, map[string]any{"who": grace})
	grant := broken.text("breakGlass", "grant")
	if got := seen(t, h, doctor, map[string]any{"grant": grant}); !strings.Contains(got, "barts/hiv") || strings.Contains(got, "barts/sealed") {
		t.Errorf("with the glass broken the doctor sees %q", got)
	}
	for _, other := range []auth.Person{trial.GP(practice), trial.Emergency(elsewhere), trial.Emergency(hospital)} {
		other.Subject = "somebody else"
		if a := ask(t, h, other, conditions, map[string]any{"grant": grant}); !slices.Equal(a.codes, []string{"INVALID_EMERGENCY_GRANT"}) {
			t.Errorf("with another's grant: %s", a.body)
		}
	}
	mine := must(t, h, citizen, `{ myRecord { accesses { nodes { event brokenGlass claimedReason } } } }`, nil)
	if !strings.Contains(mine.body, "GLASS_BROKEN") || !strings.Contains(mine.body, "Unconscious after a fall") {
		t.Errorf("the citizen sees %s", mine.body)
	}
}

const breakGlass = `mutation($who: NHSNumber!) { breakGlass(input: {nhsNumber: $who, reason: "Unconscious after a fall."}) { grant until words } }`

func TestBreakingTheGlassOverNobodyLooksTheSame(t *testing.T) {
	h := openHouse(t)
	known, unknown := must(t, h, emergency(), breakGlass, map[string]any{"who": grace}), must(t, h, emergency(), breakGlass, map[string]any{"who": stranger})
	if len(known.body) != len(unknown.body) || known.text("breakGlass", "words") != unknown.text("breakGlass", "words") {
		t.Errorf("%s\n%s", known.body, unknown.body)
	}
}

func TestAPrivacyOfficerReviewsABrokenGlass(t *testing.T) {
	h := openHouse(t)
	must(t, h, emergency(), breakGlass, map[string]any{"who": grace})
	open := must(t, h, officer(elsewhere), `{ alerts { nodes { sequence event claimedReason subject } } }`, nil)
	sequence := open.at("alerts", "nodes", 0, "sequence")
	if sequence == nil || open.text("alerts", "nodes", 0, "event") != "GLASS_BROKEN" || strings.Contains(open.body, grace) {
		t.Fatalf("to review: %s", open.body)
	}
	must(t, h, officer(elsewhere), `mutation($at: Int!) { reviewAlert(input: {sequence: $at, finding: "The ambulance sheet agrees."}) { review { finding } } }`,
		map[string]any{"at": sequence})
	if left := must(t, h, officer(elsewhere), `{ alerts { nodes { sequence } } }`, nil); left.at("alerts", "nodes", 0) != nil {
		t.Errorf("still to review: %s", left.body)
	}
	if done := must(t, h, officer(elsewhere), `{ alerts(reviewed: true) { nodes { reviews { finding reviewer } } } }`, nil); done.text("alerts", "nodes", 0, "reviews", 0, "finding") != "The ambulance sheet agrees." {
		t.Errorf("reviewed: %s", done.body)
	}
	of := must(t, h, officer(elsewhere), `{ accesses(of: {person: "`+grace+`"}) { nodes { event organisation { code } } } }`, nil)
	if of.text("accesses", "nodes", 0, "organisation", "code") != elsewhere {
		t.Errorf("of a person: %s", of.body)
	}
}

func TestGovernanceReadsTheRulesInForce(t *testing.T) {
	h := openHouse(t)
	a := must(t, h, officer(elsewhere), `{ policy { revision rules { topic name title description expectations } cases { page title } } }`, nil)
	rules, _ := a.at("policy", "rules").([]any)
	cases, _ := a.at("policy", "cases").([]any)
	if len(rules) < 20 || len(cases) < 20 || a.text("policy", "revision") == "" || a.text("policy", "rules", 0, "title") == "" {
		t.Errorf("%d rules and %d cases: %.300s", len(rules), len(cases), a.body)
	}
}

func TestAReceptionistMayDoNoneOfIt(t *testing.T) {
	h := openHouse(t)
	for _, document := range []string{
		`{ myRecord { nhsNumber choices { consentRevision } } }`,
		`{ myRecord(nhsNumber: "` + grace + `") { choices { consentRevision } } }`,
		`{ alerts { nodes { sequence } } }`,
		`{ accesses(of: {person: "` + grace + `"}) { nodes { who } } }`,
		`{ accesses(of: {user: "gp-F84003"}) { nodes { who } } }`,
		`{ accesses(of: {organisation: "F84003"}) { nodes { who } } }`,
		`mutation { setPreference(input: {nhsNumber: "` + grace + `", preference: {effect: ALLOW, category: HIV, party: {kind: ANYONE}}}) { consentRevision } }`,
		`mutation { withdrawPreference(input: {nhsNumber: "` + grace + `", party: {kind: ANYONE}}) { consentRevision } }`,
		`mutation { objectToSharing(input: {nhsNumber: "` + grace + `", objects: false}) { consentRevision } }`,
		`mutation { optOut(input: {nhsNumber: "` + grace + `"}) { consentRevision } }`,
		`mutation { askToBeTold(input: {nhsNumber: "` + grace + `"}) { consentRevision } }`,
		`mutation { breakGlass(input: {nhsNumber: "` + grace + `", reason: "Unconscious after a fall."}) { grant } }`,
		`mutation { reviewAlert(input: {sequence: 1, finding: "All is well."}) { review { finding } } }`,
	} {
		a := ask(t, h, trial.Receptionist(practice), document, nil)
		if !slices.Equal(a.codes, []string{"NOT_PERMITTED"}) || strings.Contains(a.body, grace) {
			t.Errorf("%s\n%s", document, a.body)
		}
	}
	if state, revision, err := h.Register.State(number(t, grace)); err != nil || revision != 0 || len(state.Preferences) > 0 {
		t.Errorf("the register is at %d, error %v", revision, err)
	}
}

func TestAMutationIsTakenByPOSTWithATokenAndByNothingElse(t *testing.T) {
	h := openHouse(t)
	token := h.Token(t, trial.Citizen(number(t, grace)))
	body := `{"query":"mutation { optOut(input: {}) { consentRevision } }"}`
	for name, got := range map[string]trial.Reply{
		"by GET":                   h.Send(t, http.MethodGet, "/graphql?query=mutation%7BoptOut(input:%7B%7D)%7BconsentRevision%7D%7D", token, ""),
		"by GET with a body":       h.Send(t, http.MethodGet, "/graphql", token, body),
		"as a form":                h.Send(t, http.MethodPost, "/graphql", token, "query=mutation", "Content-Type", "application/x-www-form-urlencoded"),
		"as plain text":            h.Send(t, http.MethodPost, "/graphql", token, body, "Content-Type", "text/plain"),
		"with a cookie in place":   h.Send(t, http.MethodPost, "/graphql", "", body, "Cookie", "token="+token),
		"with a token in the path": h.Send(t, http.MethodPost, "/graphql?access_token="+token, "", body),
	} {
		if got.Status < 400 {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
		if strings.HasPrefix(name, "by GET") && got.Status != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", name, got.Status)
		}
	}
	if _, revision, _ := h.Register.State(number(t, grace)); revision != 0 {
		t.Errorf("the register is at %d", revision)
	}
}

func TestNoNumberIsInAnyErrorOrLog(t *testing.T) {
	h := openHouse(t)
	for _, who := range []auth.Person{trial.Receptionist(practice), trial.GP(practice), trial.Citizen(number(t, stranger))} {
		for _, document := range []string{
			`mutation { setPreference(input: {nhsNumber: "` + grace + `", preference: {effect: DENY, party: {kind: ROLE, code: "` + grace + `"}}}) { consentRevision } }`,
			`mutation { breakGlass(input: {nhsNumber: "` + grace + `", reason: "` + grace + `", minutes: -1}) { grant } }`,
			`{ accesses(of: {person: "` + grace + `"}, after: "` + grace + `") { nodes { who } } }`,
		} {
			if a := ask(t, h, who, document, nil); len(a.codes) == 0 || strings.Contains(a.body, grace) {
				t.Errorf("%s\n%s", document, a.body)
			}
		}
	}
	if strings.Contains(h.Logs.String(), grace) {
		t.Error("a number is in the logs")
	}
}
