package fhir_test

import (
	"net/http"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/fhir"
)

// referring are resources that name people and places by their ids alone.
func referring(t *testing.T) []object {
	t.Helper()
	return append(patient(
		parsed(t, `{"resourceType": "Condition", "id": "c", "recorder": {"reference": "Practitioner/d"}}`),
		parsed(t, `{"resourceType": "ServiceRequest", "id": "s", "requester": {"reference": "PractitionerRole/r"}}`),
		parsed(t, `{"resourceType": "Encounter", "id": "e", "serviceProvider": {"reference": "Organization/o"}, "location": [{"location": {"reference": "Location/w"}}]}`),
		parsed(t, `{"resourceType": "Encounter", "id": "f", "serviceProvider": {"reference": "Organization/elsewhere", "display": "Elsewhere"}}`),
		parsed(t, `{"resourceType": "Procedure", "id": "p", "performer": [{"actor": {"reference": "Practitioner/nobody"}}]}`)),
		parsed(t, `{"resourceType": "Practitioner", "id": "d", "name": [{"prefix": ["Dr"], "given": ["Sara"], "family": "Wood"}]}`),
		parsed(t, `{"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/d", "display": "Sara Wood, GP"}}`),
		parsed(t, `{"resourceType": "Organization", "id": "o", "name": "A trust", "identifier": [{"system": "urn:x", "value": "1"}, {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "RRV"}]}`),
		parsed(t, `{"resourceType": "Location", "id": "w", "name": "Ward 5"}`))
}

func TestWhatAReferenceLacksIsLookedUpInOneMoreBatch(t *testing.T) {
	for name, options := range map[string]fhir.Options{"batch": {}, "one by one": {NoBatch: true}} {
		s := serve(t, referring(t)...)
		source := open(t, s, options)
		answer := fetchAll(t, source, somebody)
		got := map[string]string{}
		for _, part := range answer.Parts {
			for _, record := range part.Records {
				meta := record.About()
				got[string(meta.ID)] = strings.Join([]string{string(meta.Author), string(meta.Organisation.Code), string(meta.Organisation.Name)}, "/")
				if encounter, ok := record.(*clinical.Encounter); ok {
					got[string(meta.ID)] += "/" + string(encounter.Location)
				}
			}
		}
		for id, want := range map[string]string{"c": "Dr Sara Wood//", "s": "Sara Wood, GP//", "e": "/RRV/A trust/Ward 5", "f": "//Elsewhere/", "p": "nobody//"} {
			if got[id] != want {
				t.Errorf("%s: %s is %q, want %q", name, id, got[id], want)
			}
		}
		if options.NoBatch {
			continue
		}
		if answer.RoundTrips != 2 {
			t.Errorf("%d round trips", answer.RoundTrips)
		}
		if trips := visits(t, source, "reason").RoundTrips; trips != 1 {
			t.Errorf("%d round trips, when the organisations are known and no place is wanted", trips)
		}
	}
}

func visits(t *testing.T, source sources.Source, fields ...string) sources.Answer {
	t.Helper()
	person, _ := clinical.ParseNHSNumber(somebody)
	answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{{Kind: clinical.KindEncounter, Person: person,
		Fields: clinical.KindEncounter.Descriptor().Set(fields...), Condition: condition.Always(), Limit: 10}}})
	if err != nil || len(answer.Parts[0].Records) != 2 {
		t.Fatalf("%+v, %v", answer, err)
	}
	return answer
}

func TestARecordIsThereThoughItsAuthorCannotBeLookedUp(t *testing.T) {
	s := serve(t, referring(t)...)
	source := open(t, s, fhir.Options{})
	s.spoil = func(w http.ResponseWriter, _ *http.Request) bool {
		refused := strings.Contains(s.requests[len(s.requests)-1].body, "Practitioner?")
		if refused {
			w.WriteHeader(http.StatusForbidden)
		}
		return refused
	}
	answer := fetchAll(t, source, somebody)
	if found := answer.Parts[clinical.KindCondition].Records; len(found) != 1 || found[0].About().Author != "d" {
		t.Errorf("got %+v", found)
	}
	for _, record := range answer.Parts[clinical.KindEncounter].Records {
		if record.About().Organisation.Code != "" {
			t.Errorf("whose it is cannot be known: %+v", record.About())
		}
	}
}

// A rule that goes by whose a record is may have withheld one that it would release.
func TestWhatGoesByAnOrganisationThatCannotBeLookedUpIsCut(t *testing.T) {
	theirs := condition.Where(condition.Clause{{Attribute: condition.Organisation, Op: condition.Equal, Values: []condition.Value{condition.Text("RRV")}}})
	for refused, want := range map[string][2]bool{"Organization": {false, true}, "Practitioner": {false, false}} {
		s := serve(t, referring(t)...)
		source := open(t, s, fhir.Options{NoBatch: true})
		s.spoil = func(w http.ResponseWriter, r *http.Request) bool {
			spoilt := strings.Contains(r.URL.Path, "/"+refused+"/_search")
			if spoilt {
				w.WriteHeader(http.StatusForbidden)
			}
			return spoilt
		}
		person, _ := clinical.ParseNHSNumber(somebody)
		for i, released := range []condition.Condition{condition.Always(), theirs} {
			kind := clinical.KindEncounter
			answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{
				{Kind: kind, Person: person, Fields: kind.Descriptor().All(), Condition: released, Limit: 10}}})
			if err != nil || answer.Parts[0].Truncated != want[i] {
				t.Errorf("%s is refused, %v: %+v, %v", refused, released, answer.Parts, err)
			}
		}
	}
}
