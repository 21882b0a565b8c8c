package fhir_test

import (
	"net/url"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// matches reports whether a resource is what the form asks for, and whether the server knows all that it asks by.
func (s *server) matches(name string, resource object, form url.Values) (matches, known bool) {
	matches = true
	for key, values := range form {
		element, narrows := s.narrowing[name][key]
		for _, value := range values {
			one := true
			switch {
			case strings.HasPrefix(key, "#") || key == "_count" || key == "_offset" || key == "_sort" || key == "_include" || key == "_elements" && !s.plain:
			case key == "identifier" && name == "Patient":
				one = s.lenient || identified(resource, value)
			case key == "patient" && name != "Patient":
				one = slices.ContainsFunc(strings.Split(value, ","), func(id string) bool { return about(resource, id) })
			case key == "patient.identifier" && name != "Patient":
				one = slices.ContainsFunc(form["#ids"], func(id string) bool { return about(resource, id) })
			case narrows && !s.plain && (strings.HasPrefix(value, "ge") || strings.HasPrefix(value, "lt")):
				one = dated(spanned(resource, element, value), value)
			case narrows && !s.plain:
				one = coded(resource[element], value)
			default:
				return false, false
			}
			matches = matches && one
		}
	}
	return matches, true
}

func updated(resource object) string {
	written, _ := at(resource, "meta.lastUpdated").(string)
	return written
}

func at(resource object, path string) any {
	var value any = resource
	for _, name := range strings.Split(path, ".") {
		of, _ := value.(object)
		value = of[name]
	}
	return value
}

func identified(patient object, token string) bool {
	system, number, _ := strings.Cut(token, "|")
	identifiers, _ := patient["identifier"].([]any)
	return slices.ContainsFunc(identifiers, func(one any) bool {
		identifier := one.(object)
		return identifier["system"] == system && identifier["value"] == number
	})
}

func about(resource object, id string) bool {
	references := []any{resource["subject"], resource["patient"]}
	participants, _ := resource["participant"].([]any)
	for _, participant := range participants {
		references = append(references, participant.(object)["actor"])
	}
	return slices.ContainsFunc(references, func(one any) bool {
		reference, _ := one.(object)
		return reference["reference"] == id
	})
}

// spanned is the side of a period that a bound is held against: FHIR finds one that begins late enough by its end.
func spanned(resource object, element, bound string) any {
	if end := at(resource, "period.end"); element == "period.start" && strings.HasPrefix(bound, "ge") && end != nil {
		return end
	}
	return at(resource, element)
}

func dated(value any, bound string) bool {
	written, _ := value.(string)
	date, err := clinical.ParseDateTime(strings.TrimSuffix(written, "+00:00"))
	limit, _ := clinical.ParseDateTime(bound[2:])
	if err != nil {
		return false
	}
	if bound[:2] == "ge" {
		return date.Until().After(limit.At())
	}
	return date.At().Before(limit.At())
}

func coded(value any, tokens string) bool {
	concept, _ := value.(object)
	list, _ := concept["coding"].([]any)
	for _, token := range strings.Split(tokens, ",") {
		system, code, both := strings.Cut(token, "|")
		for _, one := range list {
			coding := one.(object)
			if both && coding["system"] == system && coding["code"] == code || !both && coding["code"] == token {
				return true
			}
		}
	}
	return false
}
