package fhir_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/fhir"
)

// answering is a server that answers a search for a type with just these entries, whatever is asked.
func answering(t *testing.T, entries map[string][]string) *server {
	t.Helper()
	s := serve(t)
	s.store.Options.NoBatch = true
	s.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		name, search := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/R4/"), "/_search")
		if !search {
			return false
		}
		fmt.Fprintf(w, `{"resourceType": "Bundle", "entry": [%s]}`, strings.ReplaceAll(strings.Join(entries[name], ","), "OWN", s.base()))
		return true
	}
	return s
}

const identified = `"identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]`

// about is a Condition that is about whatever a reference names.
func about(id, reference string) string {
	return `{"resource": {"resourceType": "Condition", "id": "` + id + `", "subject": {"reference": "` + reference + `"}}}`
}

func conditions(t *testing.T, source sources.Source) (ids []string, rejected int) {
	t.Helper()
	part := fetchAll(t, source, somebody).Parts[clinical.KindCondition]
	for _, record := range part.Records {
		ids = append(ids, string(record.About().ID))
	}
	slices.Sort(ids)
	return ids, part.Rejected
}

func TestAPatientOfAnotherServerIsSomebodyElse(t *testing.T) {
	s := answering(t, map[string][]string{
		"Patient": {`{"fullUrl": "OWN/Patient/p1", "resource": {"resourceType": "Patient", "id": "p1", ` + identified + `}}`},
		"Condition": {about("ours", "Patient/p1"), about("version", "Patient/p1/_history/2"), about("address", "OWN/Patient/p1"), about("address-version", "OWN/Patient/p1/_history/3"),
			about("theirs", "https://other.example/fhir/Patient/p1"), about("theirs-version", "https://other.example/R4/Patient/p1/_history/1"), about("tenant", "OWN/tenant/Patient/p1"),
			about("tenant-by-path", "tenant/Patient/p1"), about("by-path", "/other/Patient/p1"), about("gateway", "HTTP://Inside.example:80/fhir/Patient/p1"), about("user", strings.Replace("OWN/Patient/p1", "OWN", "http://u@inside.example/fhir", 1))},
	})
	want := []string{"address", "address-version", "ours", "version"}
	got, rejected := conditions(t, open(t, s, fhir.Options{}))
	if !slices.Equal(got, want) || rejected != 7 {
		t.Errorf("got %v, want %v; %d told, want 7", got, want, rejected)
	}
	want = []string{"address", "address-version", "gateway", "ours", "version"}
	got, rejected = conditions(t, open(t, s, fhir.Options{Aliases: []string{"https://inside.example/fhir/"}}))
	if !slices.Equal(got, want) || rejected != 6 {
		t.Errorf("with an alias: got %v, want %v; %d told, want 6", got, want, rejected)
	}
}

// An aggregator may answer with what is on other servers. Relative references and ids are of those.
func TestAResourceOfAnotherServerIsNotRead(t *testing.T) {
	of := func(base, resource string) string {
		return `{"fullUrl": "` + base + `/x", "resource": ` + resource + `}`
	}
	const ours = `{"resourceType": "Patient", "id": "p1", ` + identified + `}`
	const condition = `{"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p1"}}`
	theirs := "https://other.example/fhir/Condition"
	s := answering(t, map[string][]string{
		"Patient":   {of("OWN/Patient", ours)},
		"Condition": {of(theirs, condition), of(theirs, strings.Replace(condition, `"c"`, `"d"`, 1)), of("OWN/Condition", condition)},
	})
	if got, rejected := conditions(t, open(t, s, fhir.Options{})); !slices.Equal(got, []string{"c"}) || rejected != 2 {
		t.Errorf("got %v, %d told", got, rejected)
	}
	s = answering(t, map[string][]string{"Patient": {of("https://other.example/fhir/Patient", ours)}, "Condition": {condition}})
	if got, rejected := conditions(t, open(t, s, fhir.Options{})); len(got) > 0 || rejected == 0 {
		t.Errorf("of a Patient of another server: got %v, %d told", got, rejected)
	}
}

func TestWhatIsOnAnotherServerIsNotLookedUpHere(t *testing.T) {
	const other = `"https://other.example/fhir/`
	s := serve(t, append(patient(
		parsed(t, `{"resourceType": "Encounter", "id": "e", "serviceProvider": {"reference": `+other+`Organization/o"}}`),
		parsed(t, `{"resourceType": "Condition", "id": "c", "recorder": {"reference": `+other+`Practitioner/d"}, "encounter": {"reference": `+other+`Encounter/e"}}`),
		parsed(t, `{"resourceType": "Condition", "id": "n", "encounter": {"reference": `+other+`Patient/9990000018/Encounter/7"}}`),
		unit(t, "CarePlan", "plan", "735324008", `"status": "active", "supportingInfo": [{"reference": `+other+`Flag/falls"}]`),
		unit(t, "Flag", "falls", "129839007", `"status": "active"`),
		unit(t, "MedicationRequest", "ahead", "1", `"status": "active", "basedOn": [{"reference": `+other+`CarePlan/plan"}], "medicationReference": {"reference": `+other+`Medication/m"}`)),
		parsed(t, `{"resourceType": "Practitioner", "id": "d", "name": [{"family": "Wood"}]}`),
		parsed(t, `{"resourceType": "Medication", "id": "m", "code": {"text": "Not this one"}}`),
		parsed(t, `{"resourceType": "Organization", "id": "o", "name": "A trust", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "RRV"}]}`))...)
	answer := fetchAll(t, open(t, s, fhir.Options{}), somebody)
	for kind, want := range map[clinical.Kind]string{
		clinical.KindEncounter:  "e  ",
		clinical.KindCondition:  "c d https://other.example/fhir/Encounter/e/n  https://other.example/fhir/Patient/-/Encounter/7",
		clinical.KindAlert:      "falls  ",
		clinical.KindMedication: "ahead  ",
	} {
		var got []string
		for _, record := range answer.Parts[kind].Records {
			meta := record.About()
			got = append(got, fmt.Sprint(meta.ID, " ", meta.Author, " ", meta.Organisation.Code, meta.Plan, meta.Encounter, meta.Code.Text))
		}
		if slices.Sort(got); strings.Join(got, "/") != want {
			t.Errorf("%s: got %q, want %q", kind, strings.Join(got, "/"), want)
		}
	}
}

// What is behind a gateway may name its pages as it is known within. They are asked for at the gateway, where a token goes.
func TestALinkToAnAliasIsFollowedToTheServer(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("asked at another address") }))
	defer elsewhere.Close()
	s := serve(t, patient(parsed(t, `{"resourceType":"Condition","id":"a"}`), parsed(t, `{"resourceType":"Condition","id":"b"}`))...)
	s.store.Options.Page = 1
	s.rewrite = func(reply string) string { return strings.ReplaceAll(reply, s.base(), elsewhere.URL+"/inner") }
	if _, err := fetch(t, open(t, s, fhir.Options{})); err == nil {
		t.Error("a link leads elsewhere, and the answer was believed")
	}
	if got, rejected := conditions(t, open(t, s, fhir.Options{Aliases: []string{elsewhere.URL + "/inner"}})); len(got) != 2 || rejected != 0 {
		t.Errorf("got %v, %d told", got, rejected)
	}
	for _, alias := range []string{"fhir.example/R4", "ftp://fhir.example/R4", "https://u@fhir.example", "https://fhir.example/R4?x", "https:///R4"} {
		if _, err := fhir.Open(t.Context(), fhir.Options{ID: "x", Base: s.base(), Aliases: []string{alias}}); err == nil {
			t.Errorf("%s is taken for an address", alias)
		}
	}
}

func TestAPatientIsWhomIdAndNumberAgreeOn(t *testing.T) {
	named := func(id, reference, number string) string {
		return `{"resource": {"resourceType": "Condition", "id": "` + id + `", "subject": {` + reference + `"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "` + number + `"}}}}`
	}
	const local, unknown, elsewhere = `"reference": "Patient/p1", `, `"reference": "Patient/p2", `, `"reference": "https://other.example/fhir/Patient/p1", `
	const once, another = "9990000026", "9990000034"
	s := answering(t, map[string][]string{
		"Patient": {`{"resource": {"resourceType": "Patient", "id": "p1", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"},
			{"system": "https://fhir.nhs.uk/Id/nhs-number", "use": "old", "value": "` + once + `"}]}}`},
		"Condition": {named("alone", "", somebody), named("both", local, somebody), named("both-once", local, once), named("elsewhere-by-number", elsewhere, somebody),
			named("against", local, another), named("other", "", another), named("unknown", unknown, somebody), named("no-number", local, "1234567890")},
	})
	want := []string{"alone", "both", "both-once", "elsewhere-by-number", "no-number"}
	if got, told := conditions(t, open(t, s, fhir.Options{})); !slices.Equal(got, want) || told != 3 {
		t.Errorf("got %v, want %v; %d told", got, want, told)
	}
}
