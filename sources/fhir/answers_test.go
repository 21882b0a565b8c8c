package fhir_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/fhir"
)

// A plan as NHS England's End of Life API has the units that no Flag is: preferences and what was said of resuscitation as
// QuestionnaireResponses, medicines ahead of need as a Procedure, levels of treatment as activities. In R4.
func answeredPlan(t *testing.T) []object {
	t.Helper()
	answers := func(id, more string) object {
		one := parsed(t, `{"status": "completed", "authored": "2026-06-18T00:00:00+01:00", "author": {"display": "Dr Ade"}, "item": [`+more+`]}`)
		one["resourceType"], one["id"], one["subject"] = "QuestionnaireResponse", id, object{"reference": "Patient/answered"}
		one["meta"] = object{"security": []any{object{"system": confidential, "code": "N"}}}
		return one
	}
	all := []object{
		unit(t, "CarePlan", "answered-plan", "736373009", `"status": "active", "intent": "plan", "activity": [
			{"detail": {"status": "in-progress", "code": {"text": "Ward based care"}, "description": "Antibiotics by mouth"}},
			{"detail": {"status": "not-started", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "445141005", "display": "Nebuliser therapy using mask"}]}}},
			{"detail": {"status": "not-started", "doNotPerform": true, "code": {"text": "Intubation"}}},
			{"detail": {"status": "cancelled", "description": "Nothing any more"}}]`),
		answers("preferences", `
			{"linkId": "group", "item": [{"linkId": "preferredPlaceOfDeathCoded", "answer": [{"valueCoding": {"system": "http://snomed.info/sct", "code": "110481000000108"}}]}]},
			{"linkId": "preferredPlaceOfDeathText", "answer": [{"valueString": "At home"}]},
			{"linkId": "preferencesAndWishes", "answer": [{"valueString": "Looking out onto the garden"}]},
			{"linkId": "domesticAccessAndInformation", "answer": [{"valueString": "Key safe by the door"}]}`),
		answers("cpr-form", `
			{"linkId": "cPRStatusMentalCapacity", "answer": [{"valueString": "Able to decide"}]},
			{"linkId": "professionalsInvolvedInDecision", "answer": [{"valueReference": {"reference": "Practitioner/answered-nurse"}}, {"valueReference": {"display": "Mr Oak"}}]},
			{"linkId": "professionalEndorsingStatus", "answer": [{"valueReference": {"display": "Dr Endorsing"}}]}`),
		answers("diet", `{"linkId": "likes", "answer": [{"valueString": "Rice"}]}`),
		unit(t, "Flag", "answered-cpr", againstResuscitation, `"status": "active", "author": {"reference": "Practitioner/answered-nurse"}, "period": {"start": "2026-06-18"}`),
		unit(t, "Procedure", "answered-box", "871021000000106", `"status": "completed", "performedDateTime": "2026-06-19", "location": {"display": "Kitchen"}`),
		{"resourceType": "Practitioner", "id": "answered-nurse", "name": []any{object{"text": "Sr Bright"}}},
		{"resourceType": "Patient", "id": "answered"}}
	for _, resource := range all {
		if subject, ok := resource["subject"].(object); ok {
			subject["reference"] = "Patient/answered"
		}
	}
	identify(all[len(all)-1], somebody)
	return all
}

func TestAPlanIsReadAsItIsPublished(t *testing.T) {
	base := testkit.HAPI(t)
	load(t, base, answeredPlan(t)...)
	for name, source := range map[string]sources.Source{"batch": open(t, serve(t, answeredPlan(t)...), fhir.Options{}),
		"one by one": open(t, serve(t, answeredPlan(t)...), fhir.Options{NoBatch: true}), "HAPI": openAt(t, base, fhir.Options{})} {
		found := plansOf(t, source)
		if len(found.Records) != 1 || found.Rejected != 0 {
			t.Fatalf("%s: %d plans, %d rejected", name, len(found.Records), found.Rejected)
		}
		p := found.Records[0].(*clinical.UrgentCarePlan)
		got := []string{string(p.CeilingDecision.Text), string(p.CeilingDetail), string(p.DeathFirst.Code), string(p.DeathSecond.Text), string(p.WhatMattersToMe),
			string(p.AccessToHome), string(p.CapacityFinding.Text), p.CapacityDate.String(), string(p.CPRDecision.Code), string(p.CPROthersInvolved), string(p.CPRResponsible),
			string(p.MedicinesStatus.Code), string(p.MedicinesLocation)}
		want := []string{"Ward based care", "Antibiotics by mouth\nNebuliser therapy using mask\nNot to be done: Intubation", "110481000000108", "", "Looking out onto the garden",
			"Key safe by the door", "Able to decide", "2026-06-18T00:00:00", againstResuscitation, "Sr Bright, Mr Oak", "Dr Endorsing", "871021000000106", "Kitchen"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got) %s", name, diff)
		}
	}
}
