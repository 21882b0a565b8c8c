package main

import (
	"testing"

	"onelondon/examples/london"
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/config"
	"onelondon/sources"
)

func TestTheDemoHasPlansThatContradictEachOtherFromAnOpenEHRServer(t *testing.T) {
	var loaded config.Config
	stop, err := carePlans(t.Context(), &loaded)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	}()
	source, err := openSource(t.Context(), &loaded.Sources[0], "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = source.Close() }()
	who := london.Imagine(london.Options{People: 1}).Cast.Undated.NHSNumber
	kind := clinical.KindUrgentCarePlan
	answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{{Kind: kind, Person: who, Fields: kind.Descriptor().All(),
		Condition: condition.Always(), Limit: 10}}})
	if err != nil || len(answer.Parts[0].Records) != 2 || answer.RoundTrips != 3 {
		t.Fatalf("got %+v, %v", answer, err)
	}
	later, earlier := answer.Parts[0].Records[0].(*clinical.UrgentCarePlan), answer.Parts[0].Records[1].(*clinical.UrgentCarePlan)
	if later.CPRDecision.Code != "450475007" || earlier.CPRDecision.Code != "450476008" {
		t.Errorf("CPR decisions %v and %v", later.CPRDecision, earlier.CPRDecision)
	}
	people := 0
	if err := source.People(t.Context(), func(sources.Membership) error { people++; return nil }); err != nil || people != 3 {
		t.Errorf("%d people, %v", people, err)
	}
}
