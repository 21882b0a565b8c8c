package resolvers_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/graph/refusal"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

func TestEachOfTheFourIsAnsweredByTheGate(t *testing.T) {
	for _, test := range []struct {
		name, document, data string
		asked                []string
	}{
		{"a citizen reads their choices", `{ myRecord { nhsNumber authority choices { consentRevision preferences { effect category party { kind code } means } } } }`,
			`{"myRecord":{"nhsNumber":"` + jane + `","authority":"SELF","choices":{"consentRevision":7,"preferences":[` +
				`{"effect":"DENY","category":"HIV","party":{"kind":"ANYONE","code":null},"means":"Not shown."},` +
				`{"effect":"ALLOW","category":null,"party":{"kind":"ROLE","code":"R0260"},"means":""}]}}}`,
			[]string{"my record ", "choices " + jane}},
		{"a parent reads who looked", `{ myRecord(nhsNumber: "` + john + `") { accesses(first: 3, after: "here") { nodes { sequence who subject } pageInfo { hasNextPage endCursor } edges { cursor node { event } } } } }`,
			`{"myRecord":{"accesses":{"nodes":[{"sequence":5,"who":"Dr Okoye","subject":"ab"},{"sequence":4,"who":null,"subject":null}],` +
				`"pageInfo":{"hasNextPage":true,"endCursor":"at 4"},"edges":[{"cursor":"at 5","node":{"event":"RECORD_READ"}},{"cursor":"at 4","node":{"event":"LEDGER_READ"}}]}}}`,
			[]string{"my record " + john, `own accesses ` + john + ` 3 "here"`}},
		{"a citizen tries a preference out", `{ myRecord { previewPreference(preference: {effect: DENY, category: HIV, party: {kind: ANYONE}}) { words changes { who } } } }`,
			`{"myRecord":{"previewPreference":{"words":"Nothing.","changes":[]}}}`,
			[]string{"my record ", "preview DENY hiv ANYONE"}},
		{"a clinician breaks the glass", `mutation { breakGlass(input: {nhsNumber: "` + jane + `", reason: "Unconscious.", minutes: 5}) { grant until words ledgerSequence } }`,
			`{"breakGlass":{"grant":"sealed","until":"2027-01-15T08:00:00.000Z","words":"Open.","ledgerSequence":9}}`,
			[]string{`break glass ` + jane + ` "Unconscious." 5`}},
		{"an officer reads what is to be reviewed", `{ alerts { nodes { summary organisation { code name } role { code name } purpose { code } kinds rules { reason expectation } consentRevision } } }`,
			`{"alerts":{"nodes":[{"summary":"Dr Okoye looked.","organisation":{"code":"R1H","name":null},"role":{"code":"R0260","name":null},` +
				`"purpose":{"code":"TREAT"},"kinds":["CONDITION"],"rules":[{"reason":"because","expectation":null}],"consentRevision":7},` +
				`{"summary":"","organisation":null,"role":null,"purpose":null,"kinds":[],"rules":[],"consentRevision":null}]}}`,
			[]string{`alerts false 20 ""`}},
		{"an officer reviews an alert", `mutation { reviewAlert(input: {sequence: 5, finding: "All is well."}) { review { sequence finding } access { sequence } } }`,
			`{"reviewAlert":{"review":{"sequence":12,"finding":"All is well."},"access":{"sequence":5}}}`,
			[]string{`review 5 "All is well."`}},
		{"an officer reads a user's ledger", `{ accesses(of: {user: "u1"}, first: 1) { nodes { userId } } }`,
			`{"accesses":{"nodes":[{"userId":"u1"},{"userId":null}]}}`, []string{"accesses /u1/ 1"}},
		{"an officer reads a person's ledger", `{ accesses(of: {person: "` + jane + `"}) { pageInfo { hasNextPage } } }`,
			`{"accesses":{"pageInfo":{"hasNextPage":true}}}`, []string{"accesses " + jane + "// 20"}},
		{"governance reads the rules", `{ policy { revision activatedAt approvedBy { who } rules { topic name expectations } cases { title } } }`,
			`{"policy":{"revision":"17","activatedAt":null,"approvedBy":[],"rules":[{"topic":"sealed","name":"released","expectations":["CS-5"]}],"cases":[]}}`,
			[]string{"rules"}},
	} {
		g := &deskGate{}
		got := ask(t, g, test.document, nil)
		if len(got.Errors) > 0 {
			t.Errorf("%s: %v", test.name, got.Errors)
		}
		if diff := cmp.Diff(test.data, string(got.Data)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if diff := cmp.Diff(test.asked, g.asked); diff != "" {
			t.Errorf("%s, asked (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestEachMutationOfACitizenIsOneChoiceInItsOrder(t *testing.T) {
	g := &deskGate{}
	got := ask(t, g, `mutation {
		setPreference(input: {preference: {effect: DENY, category: SELF_HARM, party: {kind: ORGANISATION, code: "R1H"}}}) { consentRevision myRecord { nhsNumber } }
		withdrawPreference(input: {category: HIV, party: {kind: ANYONE}}) { consentRevision }
		objectToSharing(input: {reason: "Mine."}) { consentRevision }
		takeBack: objectToSharing(input: {objects: false}) { consentRevision }
		optOut(input: {nhsNumber: "`+john+`"}) { consentRevision }
		askToBeTold(input: {told: false}) { consentRevision }
	}`, nil)
	want := `{"setPreference":{"consentRevision":1,"myRecord":{"nhsNumber":"` + jane + `"}},"withdrawPreference":{"consentRevision":2},` +
		`"objectToSharing":{"consentRevision":3},"takeBack":{"consentRevision":4},"optOut":{"consentRevision":5},"askToBeTold":{"consentRevision":6}}`
	if string(got.Data) != want || len(got.Errors) > 0 {
		t.Errorf("got %s, errors %v", got.Data, got.Errors)
	}
	choices := []gate.Choice{
		gate.Prefer(gate.PreferenceInput{Effect: gate.Deny, Category: clinical.LabelSelfHarm, Party: gate.PartyInput{Kind: gate.AnOrganisation, Code: "R1H"}}),
		gate.TakeBack(clinical.LabelHIV, gate.PartyInput{Kind: gate.Anyone}),
		gate.Object(true, "Mine."), gate.Object(false, ""), gate.OptOutInLondon(true), gate.BeTold(false),
	}
	for i, choice := range choices {
		if g.choices[i] != choice {
			t.Errorf("choice %d is %+v, want %+v", i, g.choices[i], choice)
		}
	}
}

func TestEachChoiceCanBeRecordedOnSomebodysWord(t *testing.T) {
	g := &deskGate{}
	who := `nhsNumber: "` + jane + `", onBehalf: {onWordOf: PARENT, proxy: "` + john + `", reason: "Said so.", evidence: "form 12"}`
	got := ask(t, g, `mutation {
		setPreference(input: {`+who+`, preference: {effect: DENY, party: {kind: ANYONE}}}) { consentRevision myRecord { nhsNumber authority } }
		withdrawPreference(input: {`+who+`, party: {kind: ANYONE}}) { consentRevision }
		objectToSharing(input: {`+who+`}) { consentRevision }
		optOut(input: {`+who+`}) { consentRevision }
		askToBeTold(input: {onBehalf: {onWordOf: SELF, reason: "Said so."}}) { consentRevision }
	}`, nil)
	want := `{"setPreference":{"consentRevision":1,"myRecord":{"nhsNumber":"` + jane + `","authority":"PARENT"}},"withdrawPreference":{"consentRevision":2},` +
		`"objectToSharing":{"consentRevision":3},"optOut":{"consentRevision":4},"askToBeTold":{"consentRevision":5}}`
	if string(got.Data) != want || len(got.Errors) > 0 {
		t.Errorf("got %s, errors %v", got.Data, got.Errors)
	}
	asked := "choose for " + jane + " on the word of PARENT " + john + ` "Said so." "form 12"`
	if diff := cmp.Diff([]string{asked, asked, asked, asked, `choose for  on the word of SELF  "Said so." ""`}, g.asked); diff != "" {
		t.Error(diff)
	}
	got = ask(t, &deskGate{err: gate.ErrEvidence}, `mutation { optOut(input: {`+who+`}) { consentRevision } }`, nil)
	if string(got.Data) != `{"optOut":null}` || len(got.Errors) != 1 || !errors.Is(got.Errors[0], gate.ErrEvidence) {
		t.Errorf("got %s, errors %v", got.Data, got.Errors)
	}
}

func TestWhatIsRefusedTakesNothingElseAway(t *testing.T) {
	g := &deskGate{}
	got := ask(t, g, `mutation { optOut(input: {}) { consentRevision } breakGlass(input: {nhsNumber: "`+jane+`", reason: "x", minutes: 0}) { grant } }`, nil)
	if string(got.Data) != `{"optOut":{"consentRevision":1},"breakGlass":null}` || len(got.Errors) != 1 {
		t.Errorf("got %s, errors %v", got.Data, got.Errors)
	}
	got = ask(t, &deskGate{err: gate.ErrNotPermitted}, `{ myRecord { nhsNumber choices { consentRevision } } policy { revision } }`, nil)
	if string(got.Data) != `{"myRecord":{"nhsNumber":"`+jane+`","choices":null},"policy":null}` || len(got.Errors) != 2 ||
		!errors.Is(got.Errors[0], gate.ErrNotPermitted) {
		t.Errorf("got %s, errors %v", got.Data, got.Errors)
	}
}

func TestAWrongArgumentOfADeskIsRefusedAndNotAsked(t *testing.T) {
	for _, document := range []string{
		`{ alerts(first: 0) { nodes { at } } }`,
		`{ alerts(first: 201) { nodes { at } } }`,
		`{ accesses(of: {user: "u"}, first: 0) { nodes { at } } }`,
		`mutation { reviewAlert(input: {sequence: 0, finding: "x"}) { review { finding } } }`,
		`mutation { breakGlass(input: {nhsNumber: "` + jane + `", reason: "x", minutes: -4}) { grant } }`,
	} {
		g := &deskGate{}
		got := ask(t, g, document, nil)
		if len(got.Errors) != 1 || refusedWith(got.Errors[0]) != refusal.BadRequest || len(g.asked) > 0 {
			t.Errorf("%s: errors are %v, asked %v", document, got.Errors, g.asked)
		}
	}
}
