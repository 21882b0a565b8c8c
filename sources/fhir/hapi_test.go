package fhir_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources/fhir"
	"onelondon/sources/sourcetest"
)

// put sends resources to a server in one transaction, under the ids that they have.
func load(t testing.TB, base string, resources ...object) {
	t.Helper()
	var entries []any
	for _, resource := range resources {
		name := resource["resourceType"].(string) + "/" + resource["id"].(string)
		entries = append(entries, object{"fullUrl": base + "/" + name, "resource": resource, "request": object{"method": "PUT", "url": name}})
	}
	send(t, http.MethodPost, base, object{"resourceType": "Bundle", "type": "transaction", "entry": entries})
}

func send(t testing.TB, method, to string, body any) object {
	t.Helper()
	written, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, _ := http.NewRequestWithContext(t.Context(), method, to, bytes.NewReader(written))
	request.Header.Set("Content-Type", "application/fhir+json")
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	read, _ := io.ReadAll(reply.Body)
	if reply.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %.600s", method, to, reply.StatusCode, read)
	}
	var answer object
	_ = json.Unmarshal(read, &answer)
	return answer
}

func openAt(t testing.TB, base string, options fhir.Options) *fhir.Source {
	t.Helper()
	options.ID, options.Base = sourcetest.SampleSource, base
	source, err := fhir.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	return source
}

// Both servers are given the same synthetic people, and every record that the driver makes of HAPI's answers is what it makes of ours, whose
// answers other tests hold to the data. In its long form everybody and everything is loaded.
func TestHAPIAnswersForSyntheticPeople(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testkit.Shared(t, "data/fhir-r4-synthea"), "*.json.gz"))
	if err != nil || len(files) < 40 {
		t.Fatalf("%d bundles, %v", len(files), err)
	}
	base := testkit.HAPI(t)
	if !testkit.Proving() {
		files = slices.DeleteFunc(files, func(name string) bool {
			return !strings.Contains(name, "_Alfonzo975_") && !strings.Contains(name, "_Dino214_") && !strings.Contains(name, "_Rudolph554_")
		})
	}
	all, want, _ := synthetic(t, files)
	for chunk := range slices.Chunk(all, 1000) {
		load(t, base, chunk...)
	}
	asked := map[string]*fhir.Source{"batch": openAt(t, base, fhir.Options{}), "one by one": openAt(t, base, fhir.Options{NoBatch: true})}
	ours := open(t, serve(t, all...), fhir.Options{})
	found := 0
	for number, expected := range want {
		reference := fetchAll(t, ours, number)
		for name, source := range asked {
			answer := fetchAll(t, source, number)
			for i := range reference.Parts {
				if diff := cmp.Diff(shown(reference.Parts[i].Records), shown(answer.Parts[i].Records)); diff != "" || answer.Parts[i].Rejected > 0 {
					t.Fatalf("%s, %s: %d rejected (-want +got) %s", name, clinical.Kinds()[i], answer.Parts[i].Rejected, diff)
				}
				found += len(answer.Parts[i].Records)
			}
			for _, ids := range expected {
				slices.Sort(ids)
			}
			if diff := cmp.Diff(expected, shortIDs(answer)); diff != "" {
				t.Fatalf("%s (-want +got) %s", name, diff)
			}
		}
	}
	testkit.Counted(t, "%d people, %d resources, %d records, asked for in two ways of HAPI FHIR", len(want), len(all), found)
	if len(want) < 3 || found < 1000 {
		t.Errorf("%d people, %d records", len(want), found)
	}
	findTheSame(t, base, asked["batch"], all)
}

// shown are records in words, without when they were recorded where that is when the server took them.
func shown(records []clinical.Record) []string {
	var all []string
	for _, record := range records {
		if record.About().Recorded.At().Year() > 2025 {
			record.About().Recorded = clinical.DateTime{}
		}
		all = append(all, sourcetest.Show(record))
	}
	return all
}
