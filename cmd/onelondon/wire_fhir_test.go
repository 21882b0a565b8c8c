package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fhirServer serves one person, with an allergy, to whoever has the token.
func fhirServer(t *testing.T, number string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer hunter2" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		patient := fmt.Sprintf(`{"resourceType":"Patient","id":"p","meta":{"lastUpdated":"2026-11-01T08:00:00Z","security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"U"}]},
			"identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"%s"}],"name":[{"family":"Okafor"}],
			"managingOrganization":{"identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"R1H"}}}`, number)
		reply := `{"resourceType":"Bundle"}`
		switch r.URL.Path {
		case "/metadata":
			reply = `{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","rest":[{"mode":"server","resource":[
				{"type":"Patient","interaction":[{"code":"search-type"}]},{"type":"AllergyIntolerance","interaction":[{"code":"search-type"}]}]}]}`
		case "/Patient/_search":
			reply = `{"resourceType":"Bundle","entry":[{"resource":` + patient + `}]}`
		case "/AllergyIntolerance/_search":
			reply = `{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"AllergyIntolerance","id":"a","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N"}]},
				"patient":{"reference":"Patient/p"},"code":{"coding":[{"system":"http://snomed.info/sct","code":"300916003","display":"Latex allergy"}]},
				"onsetDateTime":"2019"}}]}`
		}
		_, _ = w.Write([]byte(reply))
	}))
	t.Cleanup(server.Close)
	return server
}

func TestAFHIRServerIsASourceLikeAnyOther(t *testing.T) {
	dir, _ := smallLondon(t)
	f := heroine()
	server := fhirServer(t, f.heroine.NHSNumber.Reveal())
	t.Setenv("ONELONDON_TEST_FHIR_TOKEN", "hunter2")
	path := filepath.Join(dir, "onelondon.yaml")
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(file, "\n  - {id: trust-fhir, name: \"The trust, FHIR\", driver: fhir, dsn: \"%s\", fhir: {token: \"${ONELONDON_TEST_FHIR_TOKEN}\"}}\n", server.URL)
	if err != nil || file.Close() != nil {
		t.Fatal(err)
	}
	checked := say(t, "source", "check", "--config", path, "--source", "trust-fhir")
	if checked.code != exitFine || !strings.Contains(checked.out, "the newest entry is of 2026-11-01") || !strings.Contains(checked.out, "labelled: true") {
		t.Errorf("exit %d: %s%s", checked.code, checked.out, checked.errs)
	}
	s := serveFolder(t, dir)
	gp := f.callers["gp"]
	gp.token = s.tokens["gp"]
	told, err := ask(t.Context(), s.url, gp, f.heroine.NHSNumber.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	outcome := ""
	for _, source := range told.patient.Sources {
		if source.Name == "The trust, FHIR" {
			outcome = source.Outcome
		}
	}
	if outcome != "ANSWERED" || !strings.Contains(fmt.Sprintf("%+v", told.patient), "Latex allergy") {
		t.Errorf("outcome %q: %+v", outcome, told.patient)
	}
	server.Close()
	faulty := say(t, "source", "check", "--config", path, "--source", "trust-fhir")
	if faulty.code != exitNotRun || !strings.Contains(faulty.out, "could not be reached") || strings.Contains(faulty.out, "hunter2") {
		t.Errorf("exit %d: %s", faulty.code, faulty.out)
	}
}
