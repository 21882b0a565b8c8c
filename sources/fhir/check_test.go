package fhir_test

import (
	"net/http"
	"strings"
	"testing"

	"onelondon/sources"
	"onelondon/sources/fhir"
	"onelondon/sources/sourcetest"
)

func TestACheckTellsWhatIsWrongWithoutAValue(t *testing.T) {
	var nameless []object
	for _, id := range []string{"p1", "p2"} {
		nameless = append(nameless, object{"resourceType": "Patient", "id": id, "name": []any{object{"family": "Canary"}}})
	}
	for name, test := range map[string]struct {
		resources []object
		options   fhir.Options
		want      []string
	}{
		"a server":         {resourcesOf(sourcetest.Sample()), fhir.Options{}, []string{"note one batch", "warning labelled: true", "note 5 of 7 patients", "note 1 of 7 patients are hidden", "note newest entry is of 2049-12-31"}},
		"nobody":           {nil, fhir.Options{NoBatch: true, Labelled: true}, []string{"note one by one", "warning no patients", "warning no resource has"}},
		"without a number": {nameless, fhir.Options{Labelled: true}, []string{"note one batch", "fault none of 2 patients", "warning no resource has"}},
	} {
		findings := open(t, serve(t, test.resources...), test.options).Check(t.Context(), sources.CheckOptions{})
		if len(findings) != len(test.want) {
			t.Errorf("%s: %+v", name, findings)
			continue
		}
		for i, found := range findings {
			severity, words, _ := strings.Cut(test.want[i], " ")
			if string(found.Severity) != severity || !strings.Contains(found.Message+found.Advice, words) || strings.Contains(found.Message, "Canary") {
				t.Errorf("%s: %+v, want %s", name, found, test.want[i])
			}
		}
	}
}

func TestACheckTellsOfAServerThatRefuses(t *testing.T) {
	s := serve(t, patient()...)
	source := open(t, s, fhir.Options{Labelled: true})
	s.spoil = func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(http.StatusForbidden); return true }
	findings := source.Check(t.Context(), sources.CheckOptions{})
	if len(findings) != 3 || findings[1].Severity != sources.Fault || !strings.Contains(findings[1].Message, "HTTP 403") || findings[2].Severity != sources.Warning {
		t.Errorf("got %+v", findings)
	}
}

func TestACheckTellsOfAServerThatIsKnownByAnotherAddress(t *testing.T) {
	s := serve(t, patient()...)
	const inside = "http://inside.example:8080/fhir"
	s.rewrite = func(reply string) string {
		reply = strings.Replace(reply, `{"fhirVersion"`, `{"implementation":{"url":"`+inside+`"},"fhirVersion"`, 1)
		return strings.ReplaceAll(reply, `"fullUrl":"/R4`, `"fullUrl":"`+inside)
	}
	told := func(options fhir.Options) string {
		var all string
		for _, found := range open(t, s, options).Check(t.Context(), sources.CheckOptions{}) {
			all += string(found.Severity) + " " + found.Message + "\n"
		}
		return all
	}
	got := told(fhir.Options{Labelled: true})
	if !strings.Contains(got, "warning the server says that its address is "+inside) || !strings.Contains(got, "fault 1 patients come under the address of another server") {
		t.Errorf("got %s", got)
	}
	if got := told(fhir.Options{Labelled: true, Aliases: []string{inside}}); strings.Contains(got, "address") {
		t.Errorf("with the alias: %s", got)
	}
}
