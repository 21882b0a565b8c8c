package resolvers_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// wanted names the fields in a set.
func wanted(kind clinical.Kind, set clinical.FieldSet) []string {
	var names []string
	for _, field := range kind.Descriptor().Fields {
		if set.Has(field.Bit) {
			names = append(names, field.Name)
		}
	}
	return names
}

func TestOnlySelectedFieldsAreAskedFor(t *testing.T) {
	tests := map[string]struct {
		selection string
		kind      clinical.Kind
		want      []string
	}{
		"identity and provenance are not fields": {`conditions { nodes { id provenance { source } __typename } }`,
			clinical.KindCondition, nil},
		"any part of a concept is the concept": {`conditions { nodes { code { translations { code } } } }`,
			clinical.KindCondition, []string{"code"}},
		"nodes and edges together": {`conditions { nodes { date } edges { cursor node { severity } } }`,
			clinical.KindCondition, []string{"date", "severity"}},
		"contributors, however deep": {`medications { nodes { contributors { dosage contributors { author } } } }`,
			clinical.KindMedication, []string{"author", "dosage"}},
		"fragments, named and inline, on the kind and on Record": {`conditions { ...C nodes { ... on Record { end } ... { note } } }`,
			clinical.KindCondition, []string{"date", "end", "note"}},
		"aliases of fields": {`conditions { nodes { when: date } }`, clinical.KindCondition, []string{"date"}},
		"skipped fields are not": {`conditions { nodes { date @skip(if: true) note @include(if: $no) end @skip(if: $no) } }`,
			clinical.KindCondition, []string{"end"}},
		"a list without items": {`conditions { pageInfo { hasNextPage } }`, clinical.KindCondition, nil},
		"a timeline, for one kind": {`timeline { nodes { date ... on Condition { severity } ... on Alert { risk } } }`,
			clinical.KindCondition, []string{"date", "severity"}},
		"a timeline, for another kind": {`timeline { edges { node { ... on Condition { severity } ... on Alert { risk } } } }`,
			clinical.KindAlert, []string{"risk"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g := &fakeGate{}
			document := `query($no: Boolean!, $n: NHSNumber!) { patient(nhsNumber: $n) { ` + test.selection + ` } me: __typename @skip(if: $no)
				patient(nhsNumber: $n) { ...Unused } }
				fragment C on ConditionConnection { nodes { date } } fragment Unused on Patient { nhsNumber @skip(if: true) other: conditions @skip(if: true) { ...C } }`
			ask(t, g, document, map[string]any{"no": false, "n": jane})
			lists := g.asked[0][0].Lists
			if len(lists) != 1 {
				t.Fatalf("%d lists were asked for", len(lists))
			}
			if diff := cmp.Diff(test.want, wanted(test.kind, lists[0].Fields[test.kind])); diff != "" {
				t.Errorf("fields (-want +asked):\n%s", diff)
			}
		})
	}
}

func TestIdentityIsAskedForWhereItIsShown(t *testing.T) {
	tests := map[string][]string{
		`nhsNumber receipt { purpose } sources { name }`:       nil,
		`demographics { familyName provenance { source } }`:    {"status", "familyName"},
		`registrations { date postcode }`:                      {"date", "postcode"},
		`warnings { kind }`:                                    {"familyName", "birthDate", "deathDate"},
		`demographics { title } registrations { ...R }`:        {"end", "status", "title"},
		`a: registrations { email } b: registrations { note }`: {"note", "email"},
	}
	for selection, want := range tests {
		g := &fakeGate{}
		document := `{ patient(nhsNumber: "` + jane + `") { ` + selection + ` ...R2 } } fragment R on Registration { end }
			fragment R2 on Patient { registrations @skip(if: true) { ...R } }`
		ask(t, g, document, nil)
		if diff := cmp.Diff(want, wanted(clinical.KindRegistration, g.asked[0][0].Identity)); diff != "" {
			t.Errorf("%s (-want +asked):\n%s", selection, diff)
		}
	}
}

func TestArgumentsReachTheGate(t *testing.T) {
	g := &fakeGate{}
	got := ask(t, g, `query($f: RecordFilter, $first: Int!) { patient(nhsNumber: "943 476 5919", claimedRelationship: "on call") {
		conditions(first: $first, after: "c1", filter: $f) { nodes { id } }
		timeline(kinds: [ALERT, CONDITION, ALERT], filter: {status: ACTIVE}) { nodes { id } } } }`,
		map[string]any{"first": 7, "f": map[string]any{"from": "2019-04", "until": "2020",
			"codes": []any{map[string]any{"code": "195967001", "system": "SNOMED_CT"}, map[string]any{"code": "J45"}}}})
	if len(got.Errors) > 0 {
		t.Fatal(got.Errors)
	}
	question := g.asked[0][0]
	if question.Person.Reveal() != jane || question.ClaimedRelationship != "on call" {
		t.Errorf("asked for the wrong person or claim: %q", question.ClaimedRelationship)
	}
	from, until := mustDate(t, "2019-04"), mustDate(t, "2020")
	want := []gate.List{
		{Kinds: []clinical.Kind{clinical.KindCondition}, First: 7, After: "c1", Filter: gate.Filter{From: from, Until: until,
			Codes: []gate.Code{{System: clinical.SNOMED, Code: "195967001"}, {Code: "J45"}}}},
		{Kinds: []clinical.Kind{clinical.KindAlert, clinical.KindCondition}, First: 20,
			Filter: gate.Filter{Statuses: []clinical.Status{clinical.StatusActive}}},
	}
	for i := range question.Lists {
		question.Lists[i].Fields = nil
	}
	if diff := cmp.Diff(want, question.Lists, cmp.AllowUnexported(clinical.DateTime{})); diff != "" {
		t.Errorf("lists (-want +asked):\n%s", diff)
	}
}

func mustDate(t *testing.T, text string) clinical.DateTime {
	t.Helper()
	date, err := clinical.ParseDateTime(text)
	if err != nil {
		t.Fatal(err)
	}
	return date
}

// TestAViewOfPlansAsksForPlansAndWhatIsPartOfThemAtOnce asks for what is selected, and for what the order of the plans rests on.
func TestAViewOfPlansAsksForPlansAndWhatIsPartOfThemAtOnce(t *testing.T) {
	g := &fakeGate{}
	ask(t, g, `query($n: NHSNumber!) { patient(nhsNumber: $n) { allergies { nodes { id } }
		bedside: urgentCarePlan { cpr { plan { cpr { formLocation date } prognosis { estimate { code } } } contacts { name } } ceilingOfTreatment { standing }
			plans { ...E } complete }
		urgentCarePlan { sources { outcome } } } }
		fragment E on UrgentCareEntry { anticipatoryMedicines { dosage } plan { ... on Record { note } accessToHome } }`, map[string]any{"n": jane})
	question := g.asked[0][0]
	var kinds []clinical.Kind
	for _, list := range question.Lists {
		kinds = append(kinds, list.Kinds...)
		if list.OfPlan != (list.Kinds[0] == clinical.KindContact || list.Kinds[0] == clinical.KindMedication) {
			t.Errorf("%v is of plans alone: %v", list.Kinds, list.OfPlan)
		}
	}
	if diff := cmp.Diff([]clinical.Kind{clinical.KindAllergyIntolerance, clinical.KindMedication, clinical.KindContact, clinical.KindUrgentCarePlan,
		clinical.KindUrgentCarePlan}, kinds); diff != "" {
		t.Fatalf("lists (-want +asked):\n%s", diff)
	}
	base := gate.UrgentFields()
	plan := clinical.KindUrgentCarePlan.Descriptor()
	want := base | plan.Set("note", "cprFormLocation", "ceilingOfTreatmentDetail", "prognosisEstimate", "accessToHome")
	if diff := cmp.Diff(wanted(clinical.KindUrgentCarePlan, want), wanted(clinical.KindUrgentCarePlan, question.Lists[3].Fields[clinical.KindUrgentCarePlan])); diff != "" {
		t.Errorf("fields of plans (-want +asked):\n%s", diff)
	}
	if got := question.Lists[4].Fields[clinical.KindUrgentCarePlan]; got != base {
		t.Errorf("sources alone ask for %v", wanted(clinical.KindUrgentCarePlan, got))
	}
	if diff := cmp.Diff([]gate.UrgentLists{{Plans: 3, Contacts: 2, Contingencies: -1, Medications: 1}, {Plans: 4, Contacts: -1, Contingencies: -1, Medications: -1}},
		question.UrgentCare); diff != "" {
		t.Errorf("views (-want +asked):\n%s", diff)
	}
}
