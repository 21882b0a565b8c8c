package fhir_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/fhir"
)

// heldBy are three visits: of an organisation by its ODS code, by its code in the place of a name, and of whose server it is.
func heldBy(t *testing.T) []object {
	t.Helper()
	return append(patient(
		parsed(t, `{"resourceType": "Encounter", "id": "held-1", "status": "finished", "class": {"code": "AMB"}, "serviceProvider": {"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "RAT"}}}`),
		parsed(t, `{"resourceType": "Encounter", "id": "held-2", "status": "finished", "class": {"code": "AMB"}, "serviceProvider": {"display": "RAT", "identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "RAT"}}}`),
		parsed(t, `{"resourceType": "Encounter", "id": "held-3", "status": "finished", "class": {"code": "AMB"}}`)),
		parsed(t, `{"resourceType": "Organization", "id": "held-rat", "name": "North East London NHS Foundation Trust", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "RAT"}]}`),
		parsed(t, `{"resourceType": "Organization", "id": "held-qwe", "name": "QWE", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "QWE"}]}`))
}

// moved are resources of another patient than p1: HAPI has each id once, whichever test it is of.
func moved(t *testing.T, to string, resources ...object) []object {
	t.Helper()
	written, err := json.Marshal(resources)
	if err != nil {
		t.Fatal(err)
	}
	var all []object
	if err := json.Unmarshal([]byte(strings.NewReplacer(`"p1"`, `"`+to+`"`, `Patient/p1`, `Patient/`+to).Replace(string(written))), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestACodeIsNoNameOfAnOrganisation(t *testing.T) {
	base := testkit.HAPI(t)
	load(t, base, moved(t, "held", heldBy(t)...)...)
	owner := func(options fhir.Options) fhir.Options {
		options.Organisation = "QWE"
		return options
	}
	for name, source := range map[string]sources.Source{"batch": open(t, serve(t, heldBy(t)...), owner(fhir.Options{})),
		"one by one": open(t, serve(t, heldBy(t)...), owner(fhir.Options{NoBatch: true})), "HAPI": openAt(t, base, owner(fhir.Options{}))} {
		if first := fetchAll(t, source, somebody); name == "batch" && first.RoundTrips != 1 {
			t.Errorf("%d round trips: a question waits for a name", first.RoundTrips)
		}
		list(t, source)
		for _, record := range fetchAll(t, source, somebody).Parts[clinical.KindEncounter].Records {
			want := clinical.Organisation{Code: "RAT", Name: "North East London NHS Foundation Trust"}
			if record.About().ID == "held-3" {
				want = clinical.Organisation{Code: "QWE"} // called by its code there, which is no name
			}
			if got := record.About().Organisation; got != want {
				t.Errorf("%s: %s is of %+v, want %+v", name, record.About().ID, got, want)
			}
		}
	}
}

// list lists everybody, as the locator does now and then.
func list(t *testing.T, source sources.Source) {
	t.Helper()
	if err := source.(sources.Lister).People(t.Context(), func(sources.Membership) error { return nil }); err != nil {
		t.Fatal(err)
	}
}

func TestAServerThatDoesNotNameOrganisationsIsListedAllTheSame(t *testing.T) {
	s := serve(t, append(heldBy(t), parsed(t, `{"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p1"}, "recorder": {"reference": "Practitioner/d"}}`),
		parsed(t, `{"resourceType": "Practitioner", "id": "d", "name": [{"text": "Dr Wood"}]}`))...)
	source := open(t, s, fhir.Options{})
	refused := 0
	s.spoil = func(w http.ResponseWriter, _ *http.Request) bool {
		if !strings.Contains(s.requests[len(s.requests)-1].url, "Organization/_search") {
			return false
		}
		refused++
		w.WriteHeader(http.StatusForbidden)
		return true
	}
	for range 2 {
		list(t, source)
		answer := fetchAll(t, source, somebody)
		if found := answer.Parts[clinical.KindCondition].Records; len(found) != 1 || found[0].About().Author != "Dr Wood" {
			t.Errorf("%+v", found)
		}
		for _, record := range answer.Parts[clinical.KindEncounter].Records {
			if of := record.About().Organisation; of.Name != "" {
				t.Errorf("%s is of %+v", record.About().ID, of)
			}
		}
	}
	if refused == 0 {
		t.Error("it was not asked")
	}
}
