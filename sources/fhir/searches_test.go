package fhir_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
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

// need says what becomes of one published search.
type need string

const (
	asked    need = "asked"    // the driver asks the server just that
	answered need = "answered" // the driver asks for more, and a question of ours narrows it in memory
	returned need = "returned" // the driver asks for more, and what the search narrows by is in the records that it returns
	others   need = "other"    // not a question about a known person's records of a kind that is read
)

// published are the searches that US Core 6.1.0 wants of a server: the type, and the parameters in order.
func published(t *testing.T) [][2]string {
	t.Helper()
	file, err := os.Open(filepath.Join(testkit.Shared(t, "data/queries/fhir-search"), "us_core_6.1.0_searches.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil || len(lines) != 223 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	var all [][2]string
	for _, line := range lines[1:] {
		all = append(all, [2]string{line[1], line[2]})
	}
	return all
}

// sentBy finds out by which parameters the driver searches each type, by asking for everything that narrows.
func sentBy(t *testing.T) map[string][]string {
	t.Helper()
	s := serve(t, patient()...)
	source := open(t, s, fhir.Options{NoBatch: true})
	from, _ := clinical.ParseDateTime("2020-03-01")
	person, _ := clinical.ParseNHSNumber(somebody)
	for _, kind := range clinical.Kinds() {
		part := sources.Part{Kind: kind, Person: person, Condition: condition.Always(), Limit: 1,
			Filter: sources.Filter{From: from, Until: from, Codes: []sources.Code{{System: clinical.SNOMED, Code: "73211009"}}}}
		if _, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{part}}); err != nil {
			t.Fatal(err)
		}
	}
	sent := map[string][]string{}
	for _, request := range s.requests {
		form, _ := url.ParseQuery(request.body)
		name := strings.TrimSuffix(strings.TrimPrefix(request.url, "/R4/"), "/_search")
		for param := range form {
			param = strings.TrimPrefix(param, "combo-") // finds what the other finds, and more
			if !strings.HasPrefix(param, "_") && !slices.Contains(sent[name], param) {
				sent[name] = append(sent[name], param)
			}
		}
	}
	return sent
}

// needOf judges a search by what the driver sends.
func needOf(sent map[string][]string, name, params string) need {
	list := strings.Split(params, "&")
	known := func(param string) bool { return slices.Contains(sent[name], param) }
	status := func(param string) bool { return param == "status" || param == "clinical-status" }
	switch {
	case !known("patient") && !known("identifier") || !slices.Contains(list, "patient") && params != "identifier" || name == "Encounter" && params == "identifier":
		return others
	case !slices.ContainsFunc(list, func(p string) bool { return !known(p) }):
		return asked
	case !slices.ContainsFunc(list, func(p string) bool { return !known(p) && !status(p) }):
		return answered
	case name == "RelatedPerson" || params == "":
		return others // a contact is no person of ours, and is not looked for by name
	}
	return returned
}

func TestPublishedSearchesAreNeededOrNot(t *testing.T) {
	sent, counts := sentBy(t), map[need]int{}
	for _, search := range published(t) {
		verdict := needOf(sent, search[0], search[1])
		counts[verdict]++
		t.Log(verdict, search)
	}
	if diff := cmp.Diff(map[need]int{asked: 69, answered: 10, returned: 96, others: 47}, counts); diff != "" {
		t.Errorf("docs/fhir-source.md says otherwise: (-want +got) %s", diff)
	}
}

// findTheSame asks HAPI each search that the driver needs as it was published, and the driver the question of ours that means the same: both
// find the same. The values are of one synthetic person's own records.
func findTheSame(t *testing.T, base string, source sources.Source, loaded []object) {
	t.Helper()
	all, sent, done, found := person(t, "_Rudolph554_"), sentBy(t), map[string]bool{}, 0
	number := numberOf(loaded, idOfPatient(all))
	for _, search := range published(t) {
		name, params := search[0], search[1]
		key, verdict := name+"?"+params, needOf(sent, name, params)
		if verdict != asked && verdict != answered || done[key] {
			continue
		}
		done[key] = true
		form, filter := valuesFor(t, all, name, params)
		if params == "identifier" {
			form.Set(params, "https://fhir.nhs.uk/Id/nhs-number|"+number)
		}
		want := literally(t, base, name, form)
		got := idsFound(t, source, number, kindsOf()[name], filter)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s?%s (-HAPI +driver) %s", name, form.Encode(), diff)
		}
		found += len(got)
	}
	testkit.Counted(t, "%d searches of US Core as published and as questions of ours, %d records found by both", len(done), found)
	if len(done) < 20 || found < 300 {
		t.Errorf("%d searches, %d records", len(done), found)
	}
}

// numberOf is the NHS number of a patient.
func numberOf(all []object, id string) string {
	for _, patient := range ofType(all, "Patient") {
		for _, one := range patient["identifier"].([]any) {
			if identifier := one.(object); patient["id"] == id && identifier["system"] == "https://fhir.nhs.uk/Id/nhs-number" {
				return identifier["value"].(string)
			}
		}
	}
	return ""
}

// person is one person of the synthetic records.
func person(t *testing.T, name string) []object {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(testkit.Shared(t, "data/fhir-r4-synthea"), "*"+name+"*.json.gz"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	all, _, _ := synthetic(t, files)
	return all
}

// valuesFor makes a search's values out of what the resources of its type have, and the filter that means the same.
func valuesFor(t *testing.T, all []object, name, params string) (url.Values, sources.Filter) {
	t.Helper()
	form, filter := url.Values{}, sources.Filter{}
	for _, param := range strings.Split(params, "&") {
		switch element := elementsOf()[name][param]; param {
		case "identifier":
		case "patient":
			form.Set(param, "Patient/"+idOfPatient(all))
		case "status", "clinical-status":
			form.Set(param, "active")
			filter.Statuses = []clinical.Status{clinical.StatusActive}
			if word := statusWord(all, name); word != "" && param == "status" {
				form.Set(param, word)
				filter.Statuses = []clinical.Status{map[string]clinical.Status{"final": clinical.StatusCompleted, "completed": clinical.StatusCompleted,
					"finished": clinical.StatusCompleted, "active": clinical.StatusActive, "current": clinical.StatusActive, "superseded": clinical.StatusInactive}[word]}
			}
		case "code", "type":
			coding := firstOf(all, name, element+".coding").(object)
			form.Set(param, fmt.Sprintf("%s|%s", coding["system"], coding["code"]))
			system := map[any]clinical.CodeSystem{"http://snomed.info/sct": clinical.SNOMED, "http://loinc.org": clinical.LOINC}[coding["system"]]
			filter.Codes = []sources.Code{{System: system, Code: clinical.Text(coding["code"].(string))}}
		default:
			day := between(t, all, name, element)
			form.Set(param, "ge"+day)
			filter.From, _ = clinical.ParseDateTime(day)
		}
	}
	return form, filter
}

func elementsOf() map[string]map[string]string {
	return map[string]map[string]string{"Condition": {"code": "code", "onset-date": "onsetDateTime"}, "DiagnosticReport": {"code": "code", "date": "effectiveDateTime"},
		"Observation": {"code": "code", "date": "effectiveDateTime"}, "Encounter": {"type": "type", "date": "period.start"},
		"Procedure": {"code": "code", "date": "performedPeriod.start"}, "Immunization": {"date": "occurrenceDateTime"},
		"DocumentReference": {"type": "type", "date": "date"}, "ServiceRequest": {"code": "code", "authored": "authoredOn"}, "CarePlan": {"date": "period.start"}}
}

func ofType(all []object, name string) []object {
	return slices.DeleteFunc(slices.Clone(all), func(r object) bool { return r["resourceType"] != name })
}

func idOfPatient(all []object) string { return ofType(all, "Patient")[0]["id"].(string) }

func statusWord(all []object, name string) string {
	for _, resource := range ofType(all, name) {
		if word, ok := resource["status"].(string); ok {
			return word
		}
	}
	return ""
}

// firstOf is the first thing that a path leads to in any resource of a type, through lists.
func firstOf(all []object, name, path string) any {
	for _, resource := range ofType(all, name) {
		var value any = resource
		for _, step := range strings.Split(path, ".") {
			if list, ok := value.([]any); ok {
				value = list[0]
			}
			of, _ := value.(object)
			value = of[step]
		}
		if list, ok := value.([]any); ok {
			return list[0]
		}
		if value != nil {
			return value
		}
	}
	return object{"system": "http://snomed.info/sct", "code": "73211009"} // nobody has it
}

// between is a day well between two dates of the type's resources, so that nothing depends on where a day begins.
func between(t *testing.T, all []object, name, element string) string {
	t.Helper()
	var days []time.Time
	for _, resource := range ofType(all, name) {
		written, _ := at(resource, element).(string)
		if day, err := time.Parse(time.RFC3339, written); err == nil {
			days = append(days, day)
		}
	}
	slices.SortFunc(days, time.Time.Compare)
	for i := len(days) / 2; i+1 < len(days); i++ {
		if gap := days[i+1].Sub(days[i]); gap > 10*24*time.Hour {
			return days[i].Add(gap / 2).Format("2006-01-02")
		}
	}
	return "2000-01-01"
}

// literally asks a server as the search is published and goes through its pages.
func literally(t *testing.T, base, name string, form url.Values) []string {
	t.Helper()
	var ids []string
	for next := base + "/" + name + "?" + form.Encode() + "&_count=50"; next != ""; {
		reply, err := http.Get(next)
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			Link  []struct{ Relation, URL string }
			Entry []struct{ Resource object }
		}
		err = json.NewDecoder(reply.Body).Decode(&page)
		reply.Body.Close()
		if err != nil || reply.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v", next, reply.StatusCode, err)
		}
		next = ""
		for _, link := range page.Link {
			if link.Relation == "next" {
				next = link.URL
			}
		}
		for _, entry := range page.Entry {
			ids = append(ids, entry.Resource["id"].(string))
		}
	}
	slices.Sort(ids)
	return ids
}

// idsFound are the ids of the resources whose records the driver finds.
func idsFound(t *testing.T, source sources.Source, whose string, kind clinical.Kind, filter sources.Filter) []string {
	t.Helper()
	number, _ := clinical.ParseNHSNumber(whose)
	answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{{Kind: kind, Person: number, Filter: filter, Condition: condition.Always(), Limit: 5000}}})
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, record := range answer.Parts[0].Records {
		id, _, _ := strings.Cut(string(record.About().ID), "#")
		ids[id] = true
	}
	return slices.Sorted(maps.Keys(ids))
}
