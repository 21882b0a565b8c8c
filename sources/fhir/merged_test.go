package fhir_test

import (
	"slices"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/fhir"
)

// linkedTo adds links to a Patient, each by its type and whom it leads to.
func linkedTo(patient object, links ...string) object {
	var all []any
	for i := 0; i < len(links); i += 2 {
		all = append(all, object{"type": links[i], "other": object{"reference": links[i+1]}})
	}
	patient["link"] = all
	return patient
}

func sealedPatient(patient object) object {
	patient["meta"] = object{"security": []any{object{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}}}
	return patient
}

func TestWhatStayedWithAReplacedPatientIsFoundOrTold(t *testing.T) {
	const other, unnumbered = "9990000026", ""
	of := func(id, number string) object {
		if number == unnumbered {
			return object{"resourceType": "Patient", "id": id}
		}
		return owned(id, number, "official")
	}
	now := of("new", somebody)
	for name, test := range map[string]struct {
		patients []object
		want     string // conditions that are shown
		told     int    // conditions that are not
	}{
		"replaced, of one number": {[]object{now, linkedTo(of("old", somebody), "replaced-by", "Patient/new")}, "new old", 0},
		"replaced by one that was replaced": {[]object{now, linkedTo(of("old", somebody), "replaced-by", "Patient/older"),
			linkedTo(of("older", somebody), "replaced-by", "Patient/new")}, "new old older", 0},
		"replaced, and the new one of another number": {[]object{of("new", other), linkedTo(of("old", somebody), "replaced-by", "Patient/new")}, "", 1},
		"replaced, and its number once that of the new": {[]object{owned("new", somebody, "old", other, "official"),
			linkedTo(of("old", somebody), "replaced-by", "Patient/new")}, "", 1},
		"replaced by nobody here":                 {[]object{now, linkedTo(of("old", somebody), "replaced-by", "Patient/gone")}, "new", 1},
		"replaced by one of another server":       {[]object{now, linkedTo(of("old", somebody), "replaced-by", "https://other.example/fhir/Patient/new")}, "new", 1},
		"replaced by two":                         {[]object{now, of("own", somebody), linkedTo(of("old", somebody), "replaced-by", "Patient/new", "replaced-by", "Patient/own")}, "new own", 1},
		"replaced by one whose number differs":    {[]object{now, of("own", other), linkedTo(of("old", somebody), "replaced-by", "Patient/own")}, "new", 1},
		"in a circle":                             {[]object{now, linkedTo(of("old", somebody), "replaced-by", "Patient/own"), linkedTo(of("own", somebody), "replaced-by", "Patient/old")}, "new", 2},
		"with an S-flag that the new one has not": {[]object{now, linkedTo(sealedPatient(of("old", somebody)), "replaced-by", "Patient/new")}, "new", 1},
		"replaces one without a number":           {[]object{linkedTo(of("new", somebody), "replaces", "Patient/old"), linkedTo(of("old", unnumbered), "replaced-by", "Patient/new")}, "new", 1},
		"see also one without a number":           {[]object{linkedTo(of("new", somebody), "seealso", "Patient/old"), of("old", unnumbered)}, "new", 1},
		"see also one of another number":          {[]object{linkedTo(of("new", somebody), "seealso", "Patient/old"), of("old", other)}, "new", 0},
		"see also a relative":                     {[]object{linkedTo(of("new", somebody), "seealso", "RelatedPerson/old")}, "new", 0},
		"see also one of the same number":         {[]object{linkedTo(of("new", somebody), "seealso", "Patient/old"), linkedTo(of("old", somebody), "seealso", "Patient/new")}, "new old", 0},
	} {
		resources := slices.Clone(test.patients)
		for _, id := range []string{"new", "old", "older", "own"} {
			if slices.ContainsFunc(test.patients, func(one object) bool { return one["id"] == id }) {
				resources = append(resources, parsed(t, about(id, "Patient/"+id))["resource"].(object))
			}
		}
		resources = append(resources, parsed(t, `{"resourceType": "Condition", "id": "appendix", "subject": {"reference": "Patient/nobody"}}`))
		for way, options := range map[string]fhir.Options{"batch": {}, "one by one": {NoBatch: true}} {
			source := open(t, serve(t, resources...), options)
			if got, told := conditions(t, source); strings.Join(got, " ") != test.want || told != test.told {
				t.Errorf("%s, %s: got %v, want %s; %d told, want %d", name, way, got, test.want, told, test.told)
			}
			listed := false
			person, _ := clinical.ParseNHSNumber(somebody)
			err := source.People(t.Context(), func(one sources.Membership) error { listed = listed || one.Person == person; return nil })
			if wants := test.told > 0 || test.want != ""; err != nil || listed != wants {
				t.Errorf("%s: the index is told %v, %v", name, listed, err)
			}
			events := 0
			set := sources.RecordedSet{Kind: clinical.KindCondition, Condition: condition.Always(), From: clinical.NoDay, Until: clinical.NoDay, Undated: true, Wanted: sources.WantMark}
			err = source.Events(t.Context(), sources.EventQuery{Sets: []sources.RecordedSet{set}, Stand: func(number clinical.NHSNumber) (clinical.Pseudonym, bool) {
				return 1, number == person
			}},
				func(int, sources.Event) error { events++; return nil })
			if want := len(strings.Fields(test.want)); err != nil || events != want {
				t.Errorf("%s: %d events are counted, want %d: %v", name, events, want, err)
			}
		}
	}
}
