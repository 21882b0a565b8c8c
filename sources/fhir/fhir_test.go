package fhir_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/fhir"
	"onelondon/sources/fhir/fhirstore"
	"onelondon/sources/sourcetest"
)

const somebody = "9990000018"

// patient is a Patient of somebody, and resources are theirs.
func patient(resources ...object) []object {
	one := object{"resourceType": "Patient", "id": "p1", "name": []any{object{"family": "Test"}}}
	identify(one, somebody)
	for _, resource := range resources {
		if resource["subject"] == nil && resource["patient"] == nil {
			resource["subject"] = object{"reference": "Patient/p1"}
		}
	}
	return append([]object{one}, resources...)
}

func records(t *testing.T, kind clinical.Kind, options fhir.Options, resources ...object) []clinical.Record {
	t.Helper()
	part := fetchAll(t, open(t, serve(t, patient(resources...)...), options), somebody).Parts[kind]
	if part.Rejected > 0 || part.Truncated {
		t.Errorf("%d rejected, truncated %v", part.Rejected, part.Truncated)
	}
	return part.Records
}

func parsed(t *testing.T, text string) object {
	t.Helper()
	var read object
	if err := json.Unmarshal([]byte(text), &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// sameAsMemory asks for every kind of everybody, and some of it narrowed, and holds the answers to the reference's.
func sameAsMemory(t *testing.T, source sources.Source, trips int) {
	t.Helper()
	sameAs(t, source, sourcetest.Sample(), trips)
}

func sameAs(t *testing.T, source sources.Source, data sourcetest.Dataset, trips int) {
	t.Helper()
	reference := data.Memory()
	from, _ := clinical.ParseDateTime("2019-01-01")
	filters := []sources.Filter{{}, {From: from}, {Until: from}, {Codes: []sources.Code{{System: clinical.SNOMED, Code: "73211009"}, {Code: "X40J4"}}}}
	for _, number := range data.Numbers() {
		for _, filter := range filters {
			var query sources.Query
			for _, kind := range clinical.Kinds() {
				query.Parts = append(query.Parts, sources.Part{Kind: kind, Person: number, Fields: kind.Descriptor().All(), Filter: filter,
					Condition: condition.Always(), Limit: 100})
			}
			got, err := source.Fetch(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			want, _ := reference.Fetch(t.Context(), query)
			if diff := cmp.Diff(ids(want), ids(got)); diff != "" {
				t.Fatalf("(-want +got) %s", diff)
			}
			if got.RoundTrips > trips {
				t.Errorf("%d round trips, want at most %d", got.RoundTrips, trips)
			}
		}
	}
}

func ids(answer sources.Answer) [][]string {
	all := make([][]string, len(answer.Parts))
	for i, part := range answer.Parts {
		for _, record := range part.Records {
			all[i] = append(all[i], fmt.Sprint(record.About().ID, " ", record.About().Date))
		}
		all[i] = append(all[i], fmt.Sprint(part.Rejected, part.Truncated))
	}
	return all
}

func TestEveryKindOfServerAnswersTheSame(t *testing.T) {
	for name, test := range map[string]struct {
		set   func(*server)
		ask   fhir.Options
		trips int
	}{
		"batch":                    {func(*server) {}, fhir.Options{}, 1},
		"no batch":                 {func(s *server) { s.store.Options.NoBatch = true }, fhir.Options{}, 24},
		"no batch wanted":          {func(*server) {}, fhir.Options{NoBatch: true}, 24},
		"nothing to narrow by":     {func(s *server) { s.store.Options.Plain = true }, fhir.Options{}, 1},
		"short pages":              {func(s *server) { s.store.Options.Page = 3 }, fhir.Options{}, 130},
		"short pages asked for":    {func(*server) {}, fhir.Options{Page: 2}, 200},
		"short pages, echoed":      {func(s *server) { s.store.Options = fhirstore.Options{Page: 3, Repeated: true} }, fhir.Options{}, 130},
		"short pages, one by one":  {func(s *server) { s.store.Options = fhirstore.Options{Page: 1, NoBatch: true} }, fhir.Options{}, 300},
		"one by one, echoed again": {func(s *server) { s.store.Options = fhirstore.Options{Page: 4, NoBatch: true, Repeated: true} }, fhir.Options{}, 100},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, resourcesOf(sourcetest.Sample())...)
			test.set(s)
			sameAsMemory(t, open(t, s, test.ask), test.trips)
		})
	}
}

func TestCountingGoesThroughShortPages(t *testing.T) {
	s := serve(t, resourcesOf(sourcetest.Sample())...)
	s.store.Options = fhirstore.Options{Page: 4, Repeated: true}
	source := open(t, s, fhir.Options{})
	total := 0
	for _, kind := range clinical.Kinds() {
		total += sourcetest.SameEvents(t, source, sourcetest.Sample().Memory(), sources.RecordedSet{Kind: kind, Condition: condition.Always(),
			From: clinical.NoDay, Until: clinical.NoDay, Wanted: sources.WantDay | sources.WantValue | sources.WantMark})
	}
	if total < 100 {
		t.Errorf("only %d events", total)
	}
}

func TestAQuestionIsNarrowedWhereNothingIsLost(t *testing.T) {
	s := serve(t, patient()...)
	source := open(t, s, fhir.Options{NoBatch: true})
	person, _ := clinical.ParseNHSNumber(somebody)
	from, _ := clinical.ParseDateTime("2020-03-01")
	ask := func(kind clinical.Kind, code clinical.Text) string {
		part := sources.Part{Kind: kind, Person: person, Condition: condition.Always(), Limit: 1,
			Filter: sources.Filter{From: from, Codes: []sources.Code{{System: clinical.SNOMED, Code: code}}}}
		if _, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{part}}); err != nil {
			t.Fatal(err)
		}
		return s.requests[len(s.requests)-1].body
	}
	condition := ask(clinical.KindCondition, "73211009")
	if !strings.Contains(condition, "code=http%3A%2F%2Fsnomed.info%2Fsct%7C73211009") || !strings.Contains(condition, "onset-date=ge2020-02-29") ||
		!strings.Contains(condition, "_elements=") || !strings.Contains(condition, "patient=Patient%2Fp1") || strings.Contains(condition, "999") {
		t.Errorf("condition: %s", condition)
	}
	if odd := ask(clinical.KindCondition, "C10.. "); strings.Contains(odd, "&code=") {
		t.Errorf("a code that servers read differently: %s", odd)
	}
	if medication := ask(clinical.KindMedication, "73211009"); strings.Contains(medication, "code=") {
		t.Errorf("a medicine may stand in a resource of its own: %s", medication)
	}
}

func TestBloodPressureIsTwoObservations(t *testing.T) {
	found := records(t, clinical.KindObservation, fhir.Options{}, parsed(t, `{"resourceType": "Observation", "id": "bp", "status": "final",
		"meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]},
		"code": {"coding": [{"system": "http://snomed.info/sct", "code": "75367002"}]}, "effectiveDateTime": "2020-07-01T09:30:00Z",
		"component": [
			{"code": {"coding": [{"system": "http://snomed.info/sct", "code": "271649006", "display": "Systolic"}]}, "valueQuantity": {"value": 1.2e2, "unit": "mm[Hg]"}},
			{"code": {"coding": [{"system": "http://snomed.info/sct", "code": "271650006", "display": "Diastolic"}]}, "valueQuantity": {"value": 80.0, "unit": "mm[Hg]"}},
			{"code": {"text": "arm"}}]}`))
	if len(found) != 2 {
		t.Fatalf("%d observations", len(found))
	}
	want := map[clinical.Text]clinical.Decimal{"bp#271649006": "120", "bp#271650006": "80"}
	for _, record := range found {
		observation := record.(*clinical.Observation)
		value := strings.TrimSuffix(string(observation.Value), ".0")
		sealed, _ := observation.Labels.Value(clinical.LabelSealed)
		if string(want[observation.ID]) != value || observation.Unit != "mm[Hg]" || observation.Date.String() != "2020-07-01T10:30:00" ||
			observation.Status != clinical.StatusCompleted || !sealed || !observation.Code.Has(clinical.SNOMED, "75367002") {
			t.Errorf("got %+v", observation)
		}
	}
}

func TestAMedicineMayStandInAResourceOfItsOwn(t *testing.T) {
	medication := `{"resourceType": "Medication", "id": "m", "code": {"coding": [{"system": "https://dmd.nhs.uk", "code": "322236009"}]}}`
	found := records(t, clinical.KindMedication, fhir.Options{}, parsed(t, medication),
		parsed(t, `{"resourceType": "MedicationRequest", "id": "1", "authoredOn": "2021", "medicationReference": {"reference": "Medication/m"}}`),
		parsed(t, `{"resourceType": "MedicationStatement", "id": "1", "effectivePeriod": {"start": "2020-05"}, "contained": [`+medication+`], "medicationReference": {"reference": "#m"}}`),
		parsed(t, `{"resourceType": "MedicationRequest", "id": "3", "medicationReference": {"display": "Paracetamol"}}`))
	var got []string
	for _, record := range found {
		meta := record.About()
		got = append(got, fmt.Sprint(meta.ID, " ", meta.Date, " ", meta.Code.System, " ", meta.Code.Code, meta.Code.Display))
	}
	want := []string{"1 2021 DMD 322236009", "MedicationStatement/1 2020-05 DMD 322236009", "3   Paracetamol"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestARecordThatNamesNoOrganisationIsOfWhoseServerItIs(t *testing.T) {
	theirs := object{"identifier": object{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "RRV"}}
	for whose, want := range map[clinical.Text]string{"R1H": "R1H RRV ", "": " RRV "} {
		var got string
		for _, record := range records(t, clinical.KindEncounter, fhir.Options{Organisation: whose}, object{"resourceType": "Encounter", "id": "a"},
			object{"resourceType": "Encounter", "id": "b", "serviceProvider": theirs},
			object{"resourceType": "Encounter", "id": "c", "serviceProvider": object{"reference": "Organization/1", "display": "Somebody else"}}) {
			got += string(record.About().Organisation.Code) + " "
		}
		if strings.TrimRight(got, " ") != strings.TrimRight(want, " ") {
			t.Errorf("of a server of %q: %q, want %q", whose, got, want)
		}
	}
}
