package fhir_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// kindsOf are the kinds that resource types become.
func kindsOf() map[string]clinical.Kind {
	kinds := map[string]clinical.Kind{"MedicationStatement": clinical.KindMedication}
	for kind, place := range placements() {
		if kind != clinical.KindUrgentCarePlan { // a CarePlan, of which none of the data is one for an emergency
			kinds[place.resource] = kind
		}
	}
	return kinds
}

func readJSON(t *testing.T, name string) object {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reading := json.NewDecoder(file)
	if strings.HasSuffix(name, ".gz") {
		unpacked, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		reading = json.NewDecoder(unpacked)
	}
	reading.UseNumber()
	var read object
	if err := reading.Decode(&read); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return read
}

// loaded are a bundle's resources as a server has them once it took the bundle in: with references by type and id.
func loaded(bundle object) []object {
	names, all := map[string]string{}, []object{}
	list, _ := bundle["entry"].([]any)
	for _, one := range list {
		entry := one.(object)
		resource, ok := entry["resource"].(object)
		if address, named := entry["fullUrl"].(string); ok && named {
			names[address] = fmt.Sprintf("%s/%s", resource["resourceType"], resource["id"])
		}
		if ok {
			all = append(all, resource)
		}
	}
	for _, resource := range all {
		rewrite(resource, names)
	}
	return all
}

func rewrite(value any, names map[string]string) {
	switch of := value.(type) {
	case []any:
		for _, each := range of {
			rewrite(each, names)
		}
	case object:
		if reference, ok := of["reference"].(string); ok && names[reference] != "" {
			of["reference"] = names[reference]
		}
		for _, each := range of {
			rewrite(each, names)
		}
	}
}

// numberFor makes the nth valid NHS number of those for tests.
func numberFor(nth int) string {
	for at := 999000000; ; at++ {
		for check := range 10 {
			text := fmt.Sprintf("%09d%d", at, check)
			if _, err := clinical.ParseNHSNumber(text); err == nil {
				if nth--; nth < 0 {
					return text
				}
			}
		}
	}
}

func identify(patient object, number string) {
	identifiers, _ := patient["identifier"].([]any)
	patient["identifier"] = append(identifiers, object{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number})
}

// idsOf are the ids of the records that a resource is by the book: itself, or each component that has a value.
func idsOf(resource object) []string {
	id := resource["id"].(string)
	hasValue := func(of object) bool {
		return slices.ContainsFunc(slices.Collect(maps.Keys(of)), func(name string) bool { return strings.HasPrefix(name, "value") })
	}
	components, _ := resource["component"].([]any)
	var ids []string
	for _, component := range components {
		if hasValue(component.(object)) {
			ids = append(ids, id+"#")
		}
	}
	if len(ids) == 0 || hasValue(resource) {
		ids = append(ids, id)
	}
	return ids
}

// fetchAll asks for every kind of a person.
func fetchAll(t *testing.T, source sources.Source, number string) sources.Answer {
	t.Helper()
	person, err := clinical.ParseNHSNumber(number)
	if err != nil {
		t.Fatal(err)
	}
	var parts []sources.Part
	for _, kind := range clinical.Kinds() {
		parts = append(parts, sources.Part{Kind: kind, Person: person, Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: 5000})
	}
	answer, err := source.Fetch(t.Context(), sources.Query{Parts: parts})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// shortIDs are the ids in an answer by kind, those of components without what tells them apart.
func shortIDs(answer sources.Answer) map[string][]string {
	ids := map[string][]string{}
	for i, kind := range clinical.Kinds() {
		for _, record := range answer.Parts[i].Records {
			id := string(record.About().ID)
			if before, _, component := strings.Cut(id, "#"); component {
				id = before + "#"
			}
			ids[kind.String()] = append(ids[kind.String()], id)
		}
		slices.Sort(ids[kind.String()])
		if ids[kind.String()] == nil {
			delete(ids, kind.String())
		}
	}
	return ids
}
