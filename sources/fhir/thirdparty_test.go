package fhir_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/fhir"
)

func TestEveryResourceOfSyntheticRecordsIsFoundOnce(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testkit.Shared(t, "data/fhir-r4-synthea"), "*.json.gz"))
	if err != nil || len(files) < 40 {
		t.Fatalf("%d bundles, %v", len(files), err)
	}
	all, want, starts := synthetic(t, files)
	source := open(t, serve(t, all...), fhir.Options{})
	found, dated, valueless := 0, 0, 0
	for number, expected := range want {
		answer := fetchAll(t, source, number)
		for _, ids := range expected {
			slices.Sort(ids)
		}
		got := shortIDs(answer)
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Fatalf("(-want +got) %s", diff)
		}
		for i, part := range answer.Parts {
			if part.Rejected != 0 || part.Truncated {
				t.Errorf("%s: %d rejected, truncated %v", clinical.Kinds()[i], part.Rejected, part.Truncated)
			}
			found += len(part.Records)
			for _, record := range part.Records {
				dated += checkSynthetic(t, record, starts)
				if observation, ok := record.(*clinical.Observation); ok && observation.Value == "" && observation.ValueText == "" {
					valueless++
				}
			}
		}
	}
	t.Logf("%d people, %d resources, %d records", len(want), len(all), found)
	if valueless != 112 { // as many as have none in the data
		t.Errorf("%d observations without a value", valueless)
	}
	if len(want) != 46 || found < 20_000 || dated < 2500 {
		t.Errorf("%d people, %d records, %d starts", len(want), found, dated)
	}
}

// synthetic reads the bundles and gives each person a number: all resources of types that are read, the ids of the records that they are
// by number and kind, and when visits begin.
func synthetic(t *testing.T, files []string) (all []object, want map[string]map[string][]string, starts map[string]string) {
	t.Helper()
	kinds := kindsOf()
	want, starts = map[string]map[string][]string{}, map[string]string{}
	for _, file := range files {
		number := numberFor(len(want))
		for _, resource := range loaded(readJSON(t, file)) {
			name := resource["resourceType"].(string)
			kind, supported := kinds[name]
			if !supported {
				continue
			}
			if name == "Patient" {
				identify(resource, number)
				want[number] = map[string][]string{}
			}
			want[number][kind.String()] = append(want[number][kind.String()], idsOf(resource)...)
			if start, ok := at(resource, "period.start").(string); ok {
				starts[resource["id"].(string)] = start
			}
			all = append(all, resource)
		}
	}
	return all, want, starts
}

// checkSynthetic holds a record to what every resource of the data has. It reports 1 where the start was compared.
func checkSynthetic(t *testing.T, record clinical.Record, starts map[string]string) int {
	t.Helper()
	meta := record.About()
	if registration, ok := record.(*clinical.Registration); ok {
		if registration.FamilyName == "" || registration.GivenName == "" || registration.BirthDate.IsZero() || registration.Gender == "" {
			t.Errorf("registration %s is not whole", meta.ID)
		}
		return 0
	}
	undated := record.Kind() == clinical.KindAllergyIntolerance // has recordedDate alone
	if meta.Code.Code == "" || meta.Status == "" || meta.Date.IsZero() != undated || undated && meta.Recorded.IsZero() {
		t.Errorf("%s %s: code %q, status %q, date %s", record.Kind(), meta.ID, meta.Code.Code, meta.Status, meta.Date)
	}
	start, ok := starts[string(meta.ID)]
	if !ok || record.Kind() != clinical.KindEncounter {
		return 0
	}
	written, err := time.Parse(time.RFC3339, start)
	london, zoneErr := time.LoadLocation("Europe/London")
	if err != nil || zoneErr != nil || meta.Date.String() != written.In(london).Format("2006-01-02T15:04:05") {
		t.Errorf("encounter %s begins %s, written %s", meta.ID, meta.Date, start)
	}
	return 1
}

func TestPatientsOfThePersonalDemographicsServiceAreFound(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testkit.Shared(t, "data/fhir-uk/pds-sandbox"), "patient_[0-9]*.json"))
	if err != nil {
		t.Fatal(err)
	}
	byNumber := map[string]object{}
	for _, file := range files {
		if patient := readJSON(t, file); patient["resourceType"] == "Patient" {
			byNumber[patient["id"].(string)] = patient
		}
	}
	var all []object
	for _, patient := range byNumber {
		all = append(all, patient)
	}
	source := open(t, serve(t, all...), fhir.Options{})
	seen := 0
	for number := range byNumber {
		if _, err := clinical.ParseNHSNumber(number); err != nil {
			continue
		}
		records := fetchAll(t, source, number).Parts[clinical.KindRegistration].Records
		if number == "9000000033" { // tells its number and nothing else: known, and no registration
			seen++
			if len(records) != 0 {
				t.Errorf("a registration of a patient who tells nothing")
			}
			continue
		}
		if len(records) != 1 {
			t.Errorf("%d registrations of %v", len(records), byNumber[number])
			continue
		}
		seen++
		registration := records[0].(*clinical.Registration)
		sensitive, known := registration.Labels.Value(clinical.LabelSensitive)
		if registration.NHSNumber.Reveal() != number || !known || sensitive != (number == "9000000025") || strings.Contains(string(registration.ID), number) {
			t.Errorf("sensitive %v, known %v, id of %d bytes", sensitive, known, len(registration.ID))
		}
		if number == "9000000009" && (registration.FamilyName != "Smith" || registration.DeathDate.String() != "2010-10-22T01:00:00" ||
			registration.Practice != "Y12345" || registration.Organisation.Code != "Y12345" || registration.Date.String() != "2020-01-01") {
			t.Errorf("got %+v", registration)
		}
	}
	members := map[string]sources.Membership{}
	err = source.People(t.Context(), func(m sources.Membership) error { members[m.Person.Reveal()] = m; return nil })
	if err != nil || seen < 8 || len(members) != seen || !members["9000000025"].Sensitive || !members["9000000009"].Registered {
		t.Errorf("%d seen, %d listed, %v", seen, len(members), err)
	}
}

func TestASupersededNumberIsNotBelieved(t *testing.T) {
	bundle := readJSON(t, filepath.Join(testkit.Shared(t, "data/fhir-uk/pds-sandbox"), "cuff_superseded_searchset.json"))
	patients := loaded(bundle)
	s := serve(t, patients...)
	source := open(t, s, fhir.Options{NoBatch: true})
	s.store.Options.Lenient = true
	person, _ := clinical.ParseNHSNumber("9990000018")
	_, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{{Kind: clinical.KindCondition, Person: person, Condition: condition.Always(), Limit: 1}}})
	if len(patients) == 0 || !errors.Is(err, sources.ErrSchema) || strings.ContainsAny(err.Error(), "0123456789") {
		t.Errorf("%d patients, got %v", len(patients), err)
	}
}

func TestAPatientSummaryIsFoundWhole(t *testing.T) {
	folder := testkit.Shared(t, "data/fhir-uk/uk-patient-summary")
	resources := loaded(readJSON(t, filepath.Join(folder, "Bundle-ukps-basic-summary.json")))
	want := map[string][]string{}
	kinds := kindsOf()
	number := numberFor(7)
	for _, resource := range resources {
		name := resource["resourceType"].(string)
		kind, supported := kinds[name]
		if !supported {
			continue
		}
		id := resource["id"].(string)
		switch name {
		case "Patient":
			if list, _ := resource["identifier"].([]any); len(list) == 1 && list[0].(object)["value"] != "1234567890" {
				t.Errorf("identifiers %v", list) // its number has a wrong check digit
			}
			identify(resource, number)
		case "MedicationStatement":
			id = "MedicationStatement/" + id
		}
		want[kind.String()] = append(want[kind.String()], id)
	}
	for _, ids := range want {
		slices.Sort(ids)
	}
	answer := fetchAll(t, open(t, serve(t, resources...), fhir.Options{}), number)
	if diff := cmp.Diff(want, shortIDs(answer)); diff != "" || len(want) != 4 {
		t.Errorf("(-want +got) %s", diff)
	}
	for _, kind := range []clinical.Kind{clinical.KindCondition, clinical.KindAllergyIntolerance, clinical.KindMedication} {
		for _, record := range answer.Parts[kind].Records {
			if code := record.About().Code; code.Code == "" || code.System != clinical.SNOMED {
				t.Errorf("%s %s is coded %+v", kind, record.About().ID, code)
			}
		}
	}
}
