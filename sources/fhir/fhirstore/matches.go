package fhirstore

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// Types are the types of resource that the server can be searched for.
func Types() []string {
	return []string{"Patient", "AllergyIntolerance", "Condition", "MedicationRequest", "MedicationStatement", "Observation", "DiagnosticReport", "Encounter",
		"Procedure", "Immunization", "Appointment", "ServiceRequest", "DocumentReference", "Flag", "RelatedPerson", "CarePlan", "Consent", "QuestionnaireResponse",
		"Practitioner", "PractitionerRole", "Organization", "Location"}
}

// narrowing are the parameters of each type that narrow, with the element that they look at.
func narrowing() map[string]map[string]string {
	return map[string]map[string]string{
		"AllergyIntolerance": {"code": "code", "onset": "reaction.onset"},
		"Condition":          {"code": "code", "onset-date": "onsetDateTime"},
		"Observation":        {"combo-code": "code", "code": "code", "date": "effectiveDateTime"},
		"DiagnosticReport":   {"code": "code", "date": "effectiveDateTime"},
		"Encounter":          {"date": "period.start"},
		"Procedure":          {"code": "code", "date": "performedDateTime"},
		"Immunization":       {"vaccine-code": "vaccineCode", "date": "occurrenceDateTime"},
		"Appointment":        {"date": "start"},
		"ServiceRequest":     {"code": "code", "authored": "authoredOn"},
		"DocumentReference":  {"type": "type", "date": "date"},
		"Flag":               {"date": "period.start"},
		"CarePlan":           {"date": "period.start"},
		"Organization":       {"identifier": "identifier"},
	}
}

// matches reports whether a resource is what the form asks for, and whether the server knows all that it asks by.
func (s *Store) matches(name string, resource Object, form url.Values) (matches, known bool) {
	matches = true
	for key, values := range form {
		for _, value := range values {
			one, knows := s.match(name, resource, form, key, value)
			if !knows {
				return false, false
			}
			matches = matches && one
		}
	}
	return matches, true
}

func (s *Store) match(name string, resource Object, form url.Values, key, value string) (matches, known bool) {
	element, narrows := s.params[name][key]
	switch {
	case strings.HasPrefix(key, "#") || key == "_count" || key == "_offset" || key == "_sort" || key == "_include" || key == "_revinclude" || key == "_elements" && !s.Options.Plain:
		return true, true
	case key == "identifier" && name == "Patient":
		return s.Options.Lenient || identified(resource, value), true
	case key == "identifier" && name == "Organization":
		return slices.ContainsFunc(strings.Split(value, ","), func(token string) bool { return identified(resource, token) }), true
	case key == "_id":
		id, _ := resource["id"].(string)
		return slices.Contains(strings.Split(value, ","), id), true
	case key == "patient" && name != "Patient":
		return slices.ContainsFunc(strings.Split(value, ","), func(id string) bool { return about(resource, id) }), true
	case key == "patient.identifier" && name != "Patient":
		return slices.ContainsFunc(form["#ids"], func(id string) bool { return about(resource, id) }), true
	case narrows && !s.Options.Plain && (strings.HasPrefix(value, "ge") || strings.HasPrefix(value, "lt")):
		return dated(spanned(resource, element, value), value), true
	case narrows && !s.Options.Plain:
		return coded(resource[element], value), true
	}
	return false, false
}

func updated(resource Object) string {
	written, _ := at(resource, "meta.lastUpdated").(string)
	return written
}

func at(resource Object, path string) any {
	var value any = resource
	for _, name := range strings.Split(path, ".") {
		of, _ := value.(Object)
		value = of[name]
	}
	return value
}

func identified(patient Object, token string) bool {
	system, number, _ := strings.Cut(token, "|")
	identifiers, _ := patient["identifier"].([]any)
	return slices.ContainsFunc(identifiers, func(one any) bool {
		identifier, _ := one.(Object)
		return identifier["system"] == system && identifier["value"] == number
	})
}

func about(resource Object, id string) bool {
	references := []any{resource["subject"], resource["patient"]}
	participants, _ := resource["participant"].([]any)
	for _, one := range participants {
		participant, _ := one.(Object)
		references = append(references, participant["actor"])
	}
	return slices.ContainsFunc(references, func(one any) bool {
		reference, _ := one.(Object)
		return reference["reference"] == id
	})
}

// spanned is the side of a period that a bound is held against: FHIR finds one that begins late enough by its end.
func spanned(resource Object, element, bound string) any {
	if end := at(resource, "period.end"); element == "period.start" && strings.HasPrefix(bound, "ge") && end != nil {
		return end
	}
	return at(resource, element)
}

// dated holds a date of any precision against a bound of a day.
func dated(value any, bound string) bool {
	written, _ := value.(string)
	limit, err := time.Parse("2006-01-02", bound[2:])
	from, until, ok := span(written)
	if err != nil || !ok {
		return false
	}
	if bound[:2] == "ge" {
		return until.After(limit)
	}
	return from.Before(limit)
}

// span is the time that a date covers: a year, a month, a day or a moment.
func span(written string) (from, until time.Time, ok bool) {
	for _, form := range []struct {
		layout string
		years  int
		months int
		days   int
	}{{"2006", 1, 0, 0}, {"2006-01", 0, 1, 0}, {"2006-01-02", 0, 0, 1}} {
		if day, err := time.Parse(form.layout, written); err == nil {
			return day, day.AddDate(form.years, form.months, form.days), true
		}
	}
	for layout, long := range map[string]time.Duration{time.RFC3339: time.Second, "2006-01-02T15:04:05": time.Second,
		"2006-01-02T15:04Z07:00": time.Minute, "2006-01-02T15:04": time.Minute} {
		if moment, err := time.Parse(layout, written); err == nil {
			return moment, moment.Add(long), true
		}
	}
	return from, until, false
}

func coded(value any, tokens string) bool {
	concept, _ := value.(Object)
	list, _ := concept["coding"].([]any)
	for _, token := range strings.Split(tokens, ",") {
		system, code, both := strings.Cut(token, "|")
		for _, one := range list {
			coding, _ := one.(Object)
			if both && coding["system"] == system && coding["code"] == code || !both && coding["code"] == token {
				return true
			}
		}
	}
	return false
}
