package fhir_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/fhir"
)

// traced are problems whose origin a server keeps in Provenances: one by a clinician for an organisation, created and later changed by others;
// one that says itself who recorded it; one of which nothing is kept.
func traced(t *testing.T) []object {
	t.Helper()
	return append(patient(
		parsed(t, `{"resourceType": "Condition", "id": "traced-1", "code": {"text": "a"}}`),
		parsed(t, `{"resourceType": "Condition", "id": "traced-2", "code": {"text": "b"}, "recorder": {"display": "Dr Itself"}, "recordedDate": "2020-01-01"}`),
		parsed(t, `{"resourceType": "Condition", "id": "traced-3", "code": {"text": "c"}}`)),
		parsed(t, `{"resourceType": "Provenance", "id": "traced-later", "target": [{"reference": "Condition/traced-1"}], "recorded": "2024-05-05T10:00:00Z",
			"activity": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-DataOperation", "code": "UPDATE"}]}, "agent": [{"who": {"display": "Dr Later"}}]}`),
		parsed(t, `{"resourceType": "Provenance", "id": "traced-made", "target": [{"reference": "Condition/traced-1"}, {"reference": "Condition/traced-2"}], "recorded": "2024-06-05T10:00:00Z",
			"activity": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-DataOperation", "code": "CREATE"}]},
			"agent": [{"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type", "code": "transmitter"}]}, "who": {"display": "A machine"}},
				{"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type", "code": "author"}]}, "who": {"reference": "Practitioner/traced-doctor"},
				"onBehalfOf": {"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "R1H"}}}]}`),
		parsed(t, `{"resourceType": "Practitioner", "id": "traced-doctor", "name": [{"text": "Dr First"}]}`))
}

func originsOf(answer sources.Answer) map[string]string {
	all := map[string]string{}
	for _, record := range answer.Parts[clinical.KindCondition].Records {
		meta := record.About()
		all[string(meta.ID)] = fmt.Sprintf("%s, %s, %s", meta.Author, meta.Publisher, meta.Recorded)
	}
	return all
}

func TestWhoWroteARecordStandsInItsProvenance(t *testing.T) {
	base := testkit.HAPI(t)
	load(t, base, moved(t, "traced", traced(t)...)...)
	for name, source := range map[string]sources.Source{"batch": open(t, serve(t, traced(t)...), fhir.Options{Provenance: true}),
		"one by one": open(t, serve(t, traced(t)...), fhir.Options{Provenance: true, NoBatch: true}), "HAPI": openAt(t, base, fhir.Options{Provenance: true})} {
		got := originsOf(fetchAll(t, source, somebody))
		if name == "HAPI" {
			delete(got, "traced-3") // of which HAPI says when it took it
		}
		want := map[string]string{"traced-1": "Dr First, R1H, 2024-06-05T11:00:00", "traced-2": "Dr Itself, R1H, 2020-01-01", "traced-3": ", , "}
		if name == "HAPI" {
			delete(want, "traced-3")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got) %s", name, diff)
		}
	}
}

func TestNoRecordIsLostForItsProvenance(t *testing.T) {
	unwanted := map[string]string{"traced-1": ", , ", "traced-2": "Dr Itself, , 2020-01-01", "traced-3": ", , "}
	for name, test := range map[string]struct {
		most    int
		spoil   func(resources []object)
		options fhir.Options
		want    map[string]string
	}{
		"not wanted":            {0, nil, fhir.Options{}, unwanted},
		"capped without a word": {1, nil, fhir.Options{Provenance: true}, map[string]string{"traced-1": "Dr Later, , 2024-05-05T11:00:00", "traced-2": "Dr Itself, , 2020-01-01", "traced-3": ", , "}},
		"modified, and so not understood": {0, func(resources []object) {
			for _, resource := range resources {
				if resource["resourceType"] == "Provenance" {
					resource["modifierExtension"] = []any{object{"url": "urn:not"}}
				}
			}
		}, fhir.Options{Provenance: true}, unwanted},
	} {
		resources := traced(t)
		if test.spoil != nil {
			test.spoil(resources)
		}
		s := serve(t, resources...)
		s.store.Options.Most = test.most
		answer := fetchAll(t, open(t, s, test.options), somebody)
		if diff := cmp.Diff(test.want, originsOf(answer)); diff != "" || answer.Parts[clinical.KindCondition].Truncated || answer.Parts[clinical.KindCondition].Rejected > 0 {
			t.Errorf("%s (-want +got) %s", name, diff)
		}
	}
}
