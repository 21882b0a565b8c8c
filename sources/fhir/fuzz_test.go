package fhir_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"unicode/utf8"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/fhir"
	"onelondon/sources/fhir/fhirstore"
)

// FuzzReply puts one resource, whatever it is, into a server's reply. Nothing may panic, and what is read must be fit to be shown.
func FuzzReply(f *testing.F) {
	f.Add(`{"resourceType":"Condition","id":"1","subject":{"reference":"Patient/p1"},"code":{"coding":[{"system":"http://snomed.info/sct","code":"1"}]},"onsetDateTime":"2020-01"}`)
	f.Add(`{"resourceType":"Observation","id":"1","subject":{"reference":"Patient/p1"},"component":[{"code":null,"valueQuantity":{"value":1e400}},{"valueString":"x"}]}`)
	f.Add(`{"resourceType":"Patient","id":"p1","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}],"name":[{"family":["\u0000"]}]}`)
	f.Add(`{"resourceType":"Appointment","id":"1","participant":[{"actor":{"reference":"Patient/p1/_history/2"}},null,3],"start":"2020-07-01T24:00:00+14:00"}`)
	f.Add(`{"resourceType":"MedicationRequest","id":"1","subject":{"reference":"Patient/p1"},"medicationReference":{"reference":"#m"},"contained":[{"id":"m","code":[]}]}`)
	f.Add(`{"resourceType":"Encounter","id":"1","meta":{"security":[{"code":"R"},7]},"subject":{"reference":"Patient/p1"},"period":[{"start":1}]}`)
	f.Add(`[]`)
	var reply atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(reply.Load().(string))) }))
	f.Cleanup(server.Close)
	reply.Store(capable())
	source, err := fhir.Open(f.Context(), fhir.Options{ID: "fuzzed", Base: server.URL})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = source.Close() })
	var query sources.Query
	person, _ := clinical.ParseNHSNumber("9990000018")
	for _, kind := range clinical.Kinds() {
		query.Parts = append(query.Parts, sources.Part{Kind: kind, Person: person, Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: 9})
	}
	f.Fuzz(func(t *testing.T, resource string) {
		const known = `{"resource":{"resourceType":"Patient","id":"p1","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}}`
		reply.Store(`{"resourceType":"Bundle","entry":[` + known + `,{"resource":` + resource + `}]}`)
		answer, err := source.Fetch(t.Context(), query)
		if err != nil {
			return
		}
		for i, kind := range clinical.Kinds() {
			for _, record := range answer.Parts[i].Records {
				descriptor := kind.Descriptor()
				for j := range descriptor.Fields {
					shown, isText := descriptor.Fields[j].In(record).Interface().(clinical.Text)
					number, isNumber := descriptor.Fields[j].In(record).Interface().(clinical.Decimal)
					if _, valid := clinical.ParseDecimal(string(number)); isText && !utf8.ValidString(string(shown)) || isNumber && number != "" && !valid {
						t.Errorf("%s %s: %q%s", kind, descriptor.Fields[j].Name, shown, number)
					}
				}
				if record.About().ID == "" || record.About().Source != "fuzzed" {
					t.Errorf("%s has no identity", kind)
				}
			}
		}
	})
}

// capable is the statement of a server without batches.
func capable() string {
	rest := ""
	for _, name := range fhirstore.Types() {
		rest += `,{"type":"` + name + `","interaction":[{"code":"search-type"}]}`
	}
	return `{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","rest":[{"mode":"server","resource":[` + rest[1:] + `]}]}`
}
