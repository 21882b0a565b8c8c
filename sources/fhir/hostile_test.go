package fhir_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/fhir"
)

// of is a resource of somebody.
func of(t *testing.T, name, id, more string) object {
	t.Helper()
	one := parsed(t, "{"+more+"}")
	one["resourceType"], one["id"] = name, id
	switch name {
	case "AllergyIntolerance", "Immunization", "RelatedPerson":
		one["patient"] = object{"reference": "Patient/p1"}
	case "Appointment":
		one["participant"] = []any{object{"actor": object{"reference": "Patient/p1"}}}
	}
	return one
}

func TestWhatWasEnteredInErrorSaysSoWhateverItsKind(t *testing.T) {
	const status, verified = `"status": "entered-in-error"`, `"clinicalStatus": {"coding": [{"code": "active"}]}, "verificationStatus": {"coding": [{"code": "entered-in-error"}]}`
	for kind, resource := range map[clinical.Kind]object{
		clinical.KindAllergyIntolerance: of(t, "AllergyIntolerance", "x", verified),
		clinical.KindCondition:          of(t, "Condition", "x", verified),
		clinical.KindMedication:         of(t, "MedicationRequest", "x", status+`, "doNotPerform": true`),
		clinical.KindObservation:        of(t, "Observation", "x", status),
		clinical.KindDiagnosticReport:   of(t, "DiagnosticReport", "x", status),
		clinical.KindEncounter:          of(t, "Encounter", "x", status),
		clinical.KindProcedure:          of(t, "Procedure", "x", status),
		clinical.KindImmunisation:       of(t, "Immunization", "x", status),
		clinical.KindAppointment:        of(t, "Appointment", "x", status),
		clinical.KindReferral:           of(t, "ServiceRequest", "x", status+`, "doNotPerform": true`),
		clinical.KindDocument:           of(t, "DocumentReference", "x", `"status": "current", "docStatus": "entered-in-error"`),
		clinical.KindAlert:              of(t, "Flag", "x", status),
		clinical.KindCarePlan:           of(t, "CarePlan", "x", status),
		clinical.KindUrgentCarePlan:     unit(t, "CarePlan", "x", "735324008", status),
	} {
		found := records(t, kind, fhir.Options{}, resource)
		if len(found) != 1 || found[0].About().Status != clinical.StatusInError {
			t.Errorf("%s: got %+v", kind, found)
		}
	}
}

func TestADocumentIsAsConfidentialAsItSays(t *testing.T) {
	label := func(code string) string {
		return `"securityLabel": [{"coding": [{"system": "` + confidential + `", "code": "` + code + `"}]}]`
	}
	const meta = `"meta": {"security": [{"system": "` + confidential + `", "code": "N"}]}`
	for said, want := range map[string]string{label("N"): "sealed=false", label("R"): "sealed=true", label("V") + ", " + meta: "sealed=true", meta: "sealed=false",
		`"securityLabel": [{"text": "Not for the family"}]`: "sealed=true", `"status": "current"`: ""} {
		got := ""
		for _, record := range records(t, clinical.KindDocument, fhir.Options{}, of(t, "DocumentReference", "d", said)) {
			if sealed, known := record.About().Labels.Value(clinical.LabelSealed); known {
				got = fmt.Sprintf("sealed=%v", sealed)
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", said, got, want)
		}
	}
}

func TestAnObservationOfSomebodyElseIsNotForTheOwnView(t *testing.T) {
	for focus, want := range map[string]bool{`"RelatedPerson/donor"`: true, `"Patient/baby"`: true, `"Patient/p1"`: false, `"Device/pump"`: false} {
		found := records(t, clinical.KindObservation, fhir.Options{}, of(t, "Observation", "o", `"focus": [{"reference": `+focus+`}]`))
		if got, _ := found[0].About().Labels.Value(clinical.LabelThirdParty); got != want {
			t.Errorf("%s: %v", focus, got)
		}
	}
}

func TestEveryFormOfAValueIsRead(t *testing.T) {
	for value, want := range map[string]string{
		`"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}`:                            "1:128",
		`"valueRatio": {"numerator": {"value": 5, "unit": "mg"}, "denominator": {"value": 1, "unit": "day"}}`: "5 mg:1 day",
		`"valueRatio": {"numerator": {"comparator": "<", "value": 1}, "denominator": {"value": 4}}`:           "<1:4",
		`"valueRange": {"low": {"value": 5, "unit": "mg"}, "high": {"value": 10, "unit": "mg"}}`:              "5-10 mg",
		`"valueRange": {"high": {"value": 10, "unit": "mg"}}`:                                                 "-10 mg",
		`"valuePeriod": {"start": "2020-01-01", "end": "2020-01"}`:                                            "2020-01-01 to 2020-01",
		`"valueRatio": {}`: "",
	} {
		found := records(t, clinical.KindObservation, fhir.Options{}, of(t, "Observation", "o", value))
		if got := string(found[0].(*clinical.Observation).ValueText); got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
}

func TestAContainedResourceSaysWhoItIs(t *testing.T) {
	const contained = `"contained": [
		{"resourceType": "Practitioner", "id": "d", "name": [{"text": "Dr Sara Wood"}]},
		{"resourceType": "Organization", "id": "o", "name": "A trust", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "RRV"}]},
		{"resourceType": "Patient", "id": "p", "name": [{"text": "Canary"}], "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "NUMBER"}]},
		{"resourceType": "Practitioner", "id": "m", "name": [{"text": "Not Her"}], "modifierExtension": [{"url": "urn:not"}]}]`
	resource := func(name, id, number, more string) string {
		return `{"resource": {"resourceType": "` + name + `", "id": "` + id + `", ` + strings.Replace(contained, "NUMBER", number, 1) + more + `}}`
	}
	s := answering(t, map[string][]string{
		"Patient": {`{"resource": {"resourceType": "Patient", "id": "p1", ` + identified + `}}`},
		"Encounter": {resource("Encounter", "ours", somebody, `, "subject": {"reference": "#p"}, "serviceProvider": {"reference": "#o"}, "participant": [{"individual": {"reference": "#d"}}]`),
			resource("Encounter", "modified", somebody, `, "subject": {"reference": "#p"}, "participant": [{"individual": {"reference": "#m"}}]`),
			resource("Encounter", "theirs", "9990000026", `, "subject": {"reference": "#p"}`), resource("Encounter", "nobodys", "1", `, "subject": {"reference": "#p"}`)},
	})
	part := fetchAll(t, open(t, s, fhir.Options{}), somebody).Parts[clinical.KindEncounter]
	var got []string
	for _, record := range part.Records {
		meta := record.About()
		got = append(got, fmt.Sprint(meta.ID, "/", meta.Author, "/", meta.Organisation.Code, "/", meta.Organisation.Name))
	}
	if diff := cmp.Diff([]string{"modified///", "ours/Dr Sara Wood/RRV/A trust"}, got); diff != "" || part.Rejected != 2 {
		t.Errorf("%d told (-want +got) %s", part.Rejected, diff)
	}
}

// Servers cap what they give, and not all of them lead on.
func TestFewerThanTheServerSaysThereAreIsCut(t *testing.T) {
	s := serve(t, patient(of(t, "Condition", "a", `"onsetDateTime": "2020"`), of(t, "Condition", "b", `"onsetDateTime": "2021"`))...)
	s.rewrite = func(reply string) string { return strings.Replace(reply, `"total":2`, `"total":3`, 1) }
	for way, options := range map[string]fhir.Options{"batch": {}, "one by one": {NoBatch: true}, "pages": {Page: 1}} {
		source := open(t, s, options)
		parts := fetchAll(t, source, somebody).Parts
		if conditions := parts[clinical.KindCondition]; len(conditions.Records) != 2 || !conditions.Truncated || parts[clinical.KindObservation].Truncated {
			t.Errorf("%s: %d conditions, truncated %v", way, len(conditions.Records), conditions.Truncated)
		}
		set := sources.RecordedSet{Kind: clinical.KindCondition, Condition: condition.Always(), From: clinical.NoDay, Until: clinical.NoDay}
		err := source.Events(t.Context(), sources.EventQuery{Sets: []sources.RecordedSet{set}, Stand: func(clinical.NHSNumber) (clinical.Pseudonym, bool) { return 1, true }},
			func(int, sources.Event) error { return nil })
		if !errors.Is(err, sources.ErrSchema) {
			t.Errorf("%s: counted all the same: %v", way, err)
		}
	}
	s.rewrite = func(reply string) string { return strings.ReplaceAll(reply, `"total":1`, `"total":4`) }
	source := open(t, s, fhir.Options{})
	if !fetchAll(t, source, somebody).Parts[clinical.KindCondition].Truncated {
		t.Error("of the person's Patients not all came, and nothing is cut")
	}
	if err := source.People(t.Context(), func(sources.Membership) error { return nil }); !errors.Is(err, sources.ErrSchema) {
		t.Errorf("listed all the same: %v", err)
	}
}
