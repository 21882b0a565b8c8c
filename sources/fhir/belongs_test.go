package fhir_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/sources/fhir"
)

// belonging is which plan each record of the kinds that may be parts of one names.
func belonging(t *testing.T, options fhir.Options, resources ...object) map[string]string {
	t.Helper()
	answer, got := fetchAll(t, open(t, serve(t, resources...), options), somebody), map[string]string{}
	for _, kind := range []clinical.Kind{clinical.KindAlert, clinical.KindContact, clinical.KindMedication, clinical.KindCarePlan, clinical.KindObservation, clinical.KindProcedure} {
		for _, record := range answer.Parts[kind].Records {
			got[string(record.About().ID)] = string(record.About().Plan)
		}
	}
	return got
}

func TestWhatAPlanNamesGoesWithIt(t *testing.T) {
	resources := patient(
		unit(t, "CarePlan", "plan", "735324008", `"status": "active", "supportingInfo": [{"reference": "Flag/cpr"}, {"reference": "RelatedPerson/daughter"}]`),
		unit(t, "CarePlan", "if", "325691000000100", `"status": "active", "title": "If she falls", "partOf": [{"reference": "CarePlan/plan"}]`),
		unit(t, "CarePlan", "diet", "736368003", `"status": "active"`),
		unit(t, "Flag", "cpr", againstResuscitation, `"status": "active"`),
		unit(t, "Flag", "falls", "129839007", `"status": "active"`),
		unit(t, "RelatedPerson", "daughter", "816381000000105", `"name": [{"text": "Ama"}]`),
		unit(t, "RelatedPerson", "neighbour", "75226009", `"name": [{"text": "Bo"}]`),
		unit(t, "MedicationRequest", "ahead", "1", `"status": "active", "basedOn": [{"reference": "CarePlan/plan"}]`),
		unit(t, "MedicationRequest", "diabetes", "1", `"status": "active", "basedOn": [{"reference": "CarePlan/diet"}]`),
		unit(t, "CarePlan", "unread", "735324008", `"status": "active", "period": {"start": "soon"}, "supportingInfo": [{"reference": "Flag/last"}]`),
		unit(t, "Flag", "last", "955231000000109", `"status": "active"`))
	for name, options := range map[string]fhir.Options{"batch": {}, "one by one": {NoBatch: true}} {
		want := map[string]string{"if": "plan", "diet": "", "cpr": "plan", "falls": "", "daughter": "plan", "neighbour": "", "ahead": "plan", "diabetes": "", "last": "unread"}
		if diff := cmp.Diff(want, belonging(t, options, resources...)); diff != "" {
			t.Errorf("%s (-want +got) %s", name, diff)
		}
	}
}

// What no plan names is read into one by its code. It is part of that plan too: as soon as somebody said whether the plan may be shared, and
// before that unless it is a decision that whoever comes is to know of.
func TestWhatIsReadIntoAPlanGoesWithIt(t *testing.T) {
	units := []object{
		unit(t, "Flag", "cpr", againstResuscitation, `"status": "active"`),
		unit(t, "Flag", "old", "955231000000109", `"status": "inactive"`),
		unit(t, "Flag", "falls", "129839007", `"status": "active"`),
		unit(t, "Observation", "weeks", "955231000000109", `"status": "final"`),
		unit(t, "Observation", "refuses", "816321000000109", `"status": "final"`),
		unit(t, "Observation", "pulse", "364075005", `"status": "final"`),
		unit(t, "Procedure", "box", "376201000000102", `"status": "completed"`),
		unit(t, "Procedure", "hip", "52734007", `"status": "completed"`),
		unit(t, "RelatedPerson", "daughter", "816381000000105", `"name": [{"text": "Ama"}]`)}
	head := unit(t, "CarePlan", "plan", "735324008", `"status": "active"`)
	other := unit(t, "CarePlan", "other", "735324008", `"status": "active"`)
	ended := unit(t, "CarePlan", "ended", "735324008", `"status": "completed"`)
	given := unit(t, "Consent", "given", givenConsent, `"status": "active"`)
	withdrawn := unit(t, "Consent", "withdrawn", withdrawnConsent, `"status": "active"`)
	all := []string{"cpr", "old", "weeks", "refuses", "box", "daughter"}
	for name, test := range map[string]struct {
		besides []object
		plan    string
		parts   []string
	}{
		"a plan that may be shared":            {[]object{head, given}, "plan", all},
		"a plan that may not":                  {[]object{head, withdrawn}, "plan", all},
		"a plan of which nobody knows":         {[]object{head}, "plan", []string{"old", "weeks", "box", "daughter"}},
		"two plans, a refusal":                 {[]object{head, other, withdrawn}, "units/p1", all},
		"two plans":                            {[]object{head, other}, "", nil},
		"a plan that ended, a refusal":         {[]object{ended, withdrawn}, "units/p1", all},
		"no plan, a refusal":                   {[]object{withdrawn}, "units/p1", all},
		"no plan, consent":                     {[]object{given}, "units/p1", all},
		"no plan, and nobody said who may see": {nil, "", nil},
	} {
		want := map[string]string{"cpr": "", "old": "", "falls": "", "weeks": "", "refuses": "", "pulse": "", "box": "", "hip": "", "daughter": ""}
		for _, part := range test.parts {
			want[part] = test.plan
		}
		if diff := cmp.Diff(want, belonging(t, fhir.Options{}, patient(append(test.besides, units...)...)...)); diff != "" {
			t.Errorf("%s (-want +got) %s", name, diff)
		}
		found := plansOf(t, open(t, serve(t, patient(append(test.besides, units...)...)...), fhir.Options{}), "status")
		shown := map[string]bool{}
		for _, record := range found.Records {
			shown[string(record.About().ID)] = true
		}
		if test.plan != "" && !shown[test.plan] {
			t.Errorf("%s: %q is named, and not among %v", name, test.plan, shown)
		}
	}
}
