package careplans_test

import (
	"net/http/httptest"
	"testing"

	"onelondon/examples/london/careplans"
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/fhir"
	"onelondon/sources/fhir/fhirstore"
)

func TestThePlanInUnitsIsReadAsOnePlanWithConsent(t *testing.T) {
	const number = "9990000018"
	server := httptest.NewServer(careplans.Units(number, "RAT"))
	defer server.Close()
	source, err := fhir.Open(t.Context(), fhir.Options{ID: "community-fhir", Base: server.URL + fhirstore.Base, Organisation: "RAT", Labelled: true})
	if err != nil {
		t.Fatal(err)
	}
	person, _ := clinical.ParseNHSNumber(number)
	answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{{Kind: clinical.KindUrgentCarePlan, Person: person,
		Fields: clinical.KindUrgentCarePlan.Descriptor().All(), Condition: condition.Always(), Limit: 10}}})
	if err != nil || len(answer.Parts[0].Records) != 1 || answer.Parts[0].Rejected != 0 || answer.RoundTrips != 1 {
		t.Fatalf("%+v, %v", answer, err)
	}
	plan := answer.Parts[0].Records[0].(*clinical.UrgentCarePlan)
	shared, _ := plan.Labels.Value(clinical.LabelPlanShared)
	if !shared || plan.CPRDecision.Code != "450476008" || plan.CPRReviewDate.String() != "2027-01-14" || plan.LegalRepresentative != "May Cheung" ||
		plan.MedicinesLocation != "Top shelf of the fridge" || plan.DeathFirst.Code != "110481000000108" || plan.Organisation.Code != "RAT" ||
		plan.AdvanceStatement == "" || plan.RegisterFinding.IsZero() || plan.PrognosisEstimate.IsZero() || plan.CPRPersonInvolved == "" {
		t.Errorf("shared %v, %+v", shared, plan)
	}
}
