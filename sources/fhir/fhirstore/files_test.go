package fhirstore_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/sources/fhir/fhirstore"
)

func reading(t *testing.T, held map[string]string) (*fhirstore.Store, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range held {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return fhirstore.Read(dir)
}

// asked is what a server answers to a search.
func asked(store *fhirstore.Store, path string) string {
	w := httptest.NewRecorder()
	store.ServeHTTP(w, httptest.NewRequest(http.MethodGet, fhirstore.Base+path, http.NoBody))
	return w.Body.String()
}

func TestResourcesOfFilesAndBundlesAreServed(t *testing.T) {
	store, err := reading(t, map[string]string{
		"Observation.ndjson": `{"resourceType":"Observation","id":"o1","subject":{"reference":"Patient/p1"},"valueQuantity":{"value":5.10}}` + "\n",
		"one.json": `{"resourceType":"Bundle","type":"transaction","entry":[
			{"fullUrl":"urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a","resource":{"resourceType":"Patient","identifier":[{"system":"s","value":"v"}]}},
			{"fullUrl":"urn:uuid:c1","resource":{"resourceType":"Condition","id":"c1","subject":{"reference":"urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"}}},
			{"fullUrl":"http://x/Location/l","resource":{"resourceType":"Location","id":"l"}}]}`,
		"two.json": `{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Location","id":"l"}},
			{"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"warning"}]},"search":{"mode":"outcome"}}]}`,
	})
	if err != nil || store.Len() != 4 {
		t.Fatalf("%v", err)
	}
	if got := asked(store, "/Condition?patient=Patient/61ebe359-bfdc-4613-8bf2-c5e300945f0a"); !strings.Contains(got, `"id":"c1"`) {
		t.Errorf("a reference within the Bundle leads nowhere: %s", got)
	}
	if got := asked(store, "/Observation?patient=Patient/p1"); !strings.Contains(got, "5.10") {
		t.Errorf("a number is not as it was written: %s", got)
	}
}

// A logical id means something on its own server alone.
func TestOneFolderIsOfOneServer(t *testing.T) {
	of := func(address, resource string) string {
		return `{"resourceType":"Bundle","type":"searchset","entry":[{"fullUrl":"` + address + `","resource":` + resource + `}]}`
	}
	const patient, condition = `{"resourceType":"Patient","id":"p1"}`, `{"resourceType":"Condition","id":"c1","subject":{"reference":"https://a.example/fhir/Patient/p1"}}`
	store, err := reading(t, map[string]string{"1.json": of("https://a.example/fhir/Patient/p1", patient), "2.json": of("https://a.example/fhir/Condition/c1", condition)})
	if err != nil {
		t.Fatal(err)
	}
	if got := asked(store, "/Condition?patient=Patient/p1"); !strings.Contains(got, `"id":"c1"`) {
		t.Errorf("a reference by the server's own address leads nowhere: %s", got)
	}
	store, err = reading(t, map[string]string{"1.json": of("https://b.example/fhir/Patient/p1", patient), "2.json": condition})
	if err != nil {
		t.Fatal(err)
	}
	if got := asked(store, "/Condition?patient=Patient/p1"); strings.Contains(got, `"id":"c1"`) {
		t.Errorf("what is about a patient of another server is about one here: %s", got)
	}
	_, err = reading(t, map[string]string{"1.json": of("https://b.example/fhir/Patient/p1", patient), "2.json": of("https://a.example/fhir/Condition/c1", condition)})
	if err == nil || !strings.Contains(err.Error(), "resources of two servers") {
		t.Errorf("a folder of two servers: %v", err)
	}
}

func TestWhatIsNoResourceIsAFaultWithItsPlace(t *testing.T) {
	for want, text := range map[string]string{
		"a.ndjson:1: no resource":                     `{}`,
		"a.ndjson:1: a resource without an id":        `{"resourceType":"Patient"}`,
		"a.ndjson:2: a resource that stands":          `{"resourceType":"Flag","id":"f","status":"active"}` + "\n" + `{"resourceType":"Flag","id":"f","status":"inactive"}`,
		"a.ndjson:1: an entry without":                `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"DELETE","url":"Flag/f"}}]}`,
		"a.ndjson:1: an entry without a resource, or": `{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Bundle"}}]}`,
		"a.ndjson:1: a Bundle of history":             `{"resourceType":"Bundle","type":"history","entry":[]}`,
		"a.ndjson:1: an OperationOutcome":             `{"resourceType":"OperationOutcome","issue":[{"severity":"error","diagnostics":"9990000018"}]}`,
		"a.ndjson:1: an OperationOutcome: the export": `{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"error"}]},"search":{"mode":"outcome"}}]}`,
	} {
		if _, err := reading(t, map[string]string{"a.ndjson": text}); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "999") {
			t.Errorf("want %s, got %v", want, err)
		}
	}
}

// FuzzAFolderIsServedOrFaulty demands that whatever a file holds is either served or a fault, and never a panic.
func FuzzAFolderIsServedOrFaulty(f *testing.F) {
	for _, text := range []string{`{"resourceType":"Patient","id":"p","identifier":[{"system":"s","value":1}]}`, `{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Flag","id":"f","subject":[]}}]}`,
		`{"resourceType":"Observation","id":"o","code":[1],"effectiveDateTime":{},"meta":"x"}`, `{"resourceType":"Bundle","entry":{}}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		store, err := reading(t, map[string]string{"a.ndjson": text})
		if err != nil {
			return
		}
		for _, search := range []string{"/Patient?identifier=s|1", "/Observation?patient=Patient/p&combo-code=1&date=ge2020-01-01", "/Flag?patient.identifier=s|1&date=lt2020-01-01&_sort=-_lastUpdated"} {
			if got := asked(store, search); !strings.Contains(got, "resourceType") {
				t.Errorf("%s: %s", search, got)
			}
		}
	})
}
