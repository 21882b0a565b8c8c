package bench_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/fhir"
)

// synthetic are people of ../shared/data/fhir-r4-synthea with about a hundred records in a chart, as the SQL sites have.
func synthetic() []string {
	return []string{"Alfonzo975", "Dino214", "Bennett146", "Tuyet839", "Burt293", "Randal152"}
}

// fhirSite loads the people into HAPI FHIR, registered at the practice of the doctor who asks, and opens it as a source.
func fhirSite(t testing.TB) (base string, entries []sources.Entry) {
	t.Helper()
	base = testkit.HAPI(t)
	for n, name := range synthetic() {
		loadSynthetic(t, base, name, nhsNumber(n))
	}
	source, err := fhir.Open(t.Context(), fhir.Options{ID: "fhir", Base: base, Labelled: true, Organisation: practice})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	return base, []sources.Entry{{Spec: sources.Spec{ID: "fhir", Name: "FHIR", System: "fhir-r4", Organisation: practice, Kinds: source.Holds()}, Source: source}}
}

type resource = map[string]any

func loadSynthetic(t testing.TB, base, name, number string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(testkit.Shared(t, "data/fhir-r4-synthea"), "*_"+name+"_*.json.gz"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%s: %d files, %v", name, len(files), err)
	}
	file, err := os.Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	packed, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var bundle struct {
		Entry []struct {
			FullURL  string   `json:"fullUrl"`
			Resource resource `json:"resource"`
		}
	}
	if err := json.NewDecoder(packed).Decode(&bundle); err != nil {
		t.Fatal(err)
	}
	var entries []any
	for _, entry := range bundle.Entry {
		address := fmt.Sprintf("%s/%s", entry.Resource["resourceType"], entry.Resource["id"])
		if entry.Resource["resourceType"] == "Patient" {
			home := resource{"identifier": resource{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": practice}}
			entry.Resource["identifier"] = []any{resource{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number}}
			entry.Resource["managingOrganization"], entry.Resource["generalPractitioner"] = home, []any{home}
		}
		british(entry.Resource)
		delete(entry.Resource, "serviceProvider") // an American clinic without an ODS code
		entries = append(entries, resource{"fullUrl": entry.FullURL, "resource": entry.Resource, "request": resource{"method": "PUT", "url": address}})
	}
	body, _ := json.Marshal(resource{"resourceType": "Bundle", "type": "transaction", "entry": entries})
	reply, err := http.Post(base, "application/fhir+json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if said, _ := io.ReadAll(reply.Body); reply.StatusCode != http.StatusOK {
		t.Fatalf("loading %s: %d %.300s", name, reply.StatusCode, said)
	}
}

// british gives every code that is of another terminology the code of a finding of SNOMED CT: what the categories of sensitive records do not
// cover is withheld, and then there would be little to measure.
func british(value any) {
	switch of := value.(type) {
	case []any:
		for _, each := range of {
			british(each)
		}
	case resource:
		list, _ := of["coding"].([]any)
		for _, each := range list {
			if coding, ok := each.(resource); ok && coding["system"] != "http://snomed.info/sct" && coding["code"] != nil && !isVocabulary(coding["system"]) {
				coding["system"], coding["code"] = "http://snomed.info/sct", "404684003"
			}
		}
		for _, each := range of {
			british(each)
		}
	}
}

// isVocabulary reports whether a system is one of HL7's own, of statuses and categories.
func isVocabulary(system any) bool {
	uri, _ := system.(string)
	return strings.HasPrefix(uri, "http://terminology.hl7.org/") || strings.HasPrefix(uri, "http://hl7.org/fhir/") && !strings.HasPrefix(uri, "http://hl7.org/fhir/sid/")
}

// fhirFloor is a program by hand against the same server: one batch for the newest 50 of each type, structs for what is shown, and JSON. It
// checks nothing, follows no page and keeps no ledger.
type fhirFloor struct {
	base string
	http http.Client
}

// plainResource is what a program by hand reads of any resource.
type plainResource struct {
	ID     string
	Status any
	Code, MedicationCodeableConcept,
	VaccineCode plainConcept
	Type                                                                           any
	EffectiveDateTime, OnsetDateTime, AuthoredOn, OccurrenceDateTime, RecordedDate string
	Period, PerformedPeriod                                                        struct{ Start string }
	ValueQuantity                                                                  struct {
		Value json.Number
		Unit  string
	}
	Name []struct {
		Family string
		Given  []string
	}
	BirthDate, Gender string
}

type plainConcept struct {
	Coding []struct{ System, Code, Display string }
}

func (f *fhirFloor) chart(t testing.TB, number string) []byte {
	t.Helper()
	var entries []any
	for _, search := range []string{"Patient?identifier=%s", "AllergyIntolerance?patient.identifier=%s&_count=50", "Condition?patient.identifier=%s&_sort=-onset-date&_count=50",
		"MedicationRequest?patient.identifier=%s&_sort=-authoredon&_count=50", "Observation?patient.identifier=%s&_sort=-date&_count=50",
		"Encounter?patient.identifier=%s&_sort=-date&_count=50", "Procedure?patient.identifier=%s&_sort=-date&_count=50",
		"Immunization?patient.identifier=%s&_sort=-date&_count=50", "ServiceRequest?patient.identifier=%s&_sort=-authored&_count=50"} {
		where := fmt.Sprintf(search, url.QueryEscape("https://fhir.nhs.uk/Id/nhs-number|"+number))
		entries = append(entries, resource{"request": resource{"method": "GET", "url": where}})
	}
	body, _ := json.Marshal(resource{"resourceType": "Bundle", "type": "batch", "entry": entries})
	reply, err := f.http.Post(f.base, "application/fhir+json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var answer struct {
		Entry []struct {
			Resource struct {
				Entry []struct{ Resource plainResource }
			}
		}
	}
	if err := json.NewDecoder(reply.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	lists := make([][]plainResource, len(answer.Entry))
	for i := range answer.Entry {
		for _, entry := range answer.Entry[i].Resource.Entry {
			lists[i] = append(lists[i], entry.Resource)
		}
	}
	written, err := json.Marshal(lists)
	if err != nil {
		t.Fatal(err)
	}
	return written
}

// sameRecords demands of the product what the program by hand shows.
func sameRecords(t testing.TB, house *house, plain *fhirFloor) {
	t.Helper()
	for n, name := range synthetic() {
		ours, theirs := house.chart(t, n).ask(t), plain.chart(t, nhsNumber(n))
		var lists [][]plainResource
		if err := json.Unmarshal(theirs, &lists); err != nil {
			t.Fatal(err)
		}
		records := 0
		for i, list := range lists[1:] {
			for _, one := range list {
				records++
				// The newest 50 of more observations are not the same where many are of one moment.
				if !strings.Contains(string(ours), one.ID) && i != 3 {
					t.Errorf("%s: %s is not in the product's answer", name, one.ID)
				}
			}
		}
		if shown := strings.Count(string(ours), `"provenance"`); shown != records || records < 80 {
			t.Errorf("%s: %d records, by hand %d", name, shown, records)
		}
	}
}

// BenchmarkFHIRChart compares the time to an answer of the product over HAPI FHIR with that of the program by hand, in turns.
func BenchmarkFHIRChart(b *testing.B) {
	base, entries := fhirSite(b)
	house, plain := newHouse(b, entries), &fhirFloor{base: base}
	sameRecords(b, house, plain)
	walls := map[string][]time.Duration{}
	turn := func(name string, ask func(n int)) {
		for n := range synthetic() {
			begun := time.Now()
			ask(n)
			walls[name] = append(walls[name], time.Since(begun))
		}
	}
	ours := func(n int) { house.chart(b, n).ask(b) }
	theirs := func(n int) { plain.chart(b, nhsNumber(n)) }
	for b.Loop() {
		turn("product", ours)
		turn("floor", theirs)
	}
	for _, all := range walls {
		slices.Sort(all)
	}
	product, floor := walls["product"], walls["floor"]
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(product[len(product)/2])/float64(floor[len(floor)/2]), "p50-ratio")
	b.Logf("| HAPI FHIR | %s | %s | **%.2f** | %s | %s |", micro(product[len(product)/2]), micro(floor[len(floor)/2]),
		float64(product[len(product)/2])/float64(floor[len(floor)/2]), micro(product[len(product)*99/100]), micro(floor[len(floor)*99/100]))
}
