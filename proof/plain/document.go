package plain

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// document is the question as rules see it (policy/schema/input.json).
func document(input policy.Input) ast.Object {
	preferences := []any{}
	for _, each := range input.Person.Preferences {
		preferences = append(preferences, map[string]any{"effect": each.Effect, "category": each.Category, "party": each.Party, "code": each.Code})
	}
	activities := []any{}
	for _, each := range input.Activities {
		activities = append(activities, each)
	}
	return object(map[string]any{
		"caller": map[string]any{"citizen": input.Citizen, "role": input.Role, "activities": activities,
			"organisation": input.Organisation},
		"purpose": string(input.Purpose), "relationship": string(input.Relationship), "emergency": input.Emergency,
		"person": map[string]any{"objection": input.Person.Objection, "preferences": preferences, "flagged": input.Person.Flagged,
			"deceased": input.Person.Deceased, "age": string(input.Person.Age), "capacity": string(input.Person.Capacity),
			"authority": string(input.Person.Authority)},
	})
}

func object(from map[string]any) ast.Object { return ast.MustInterfaceToValue(from).(ast.Object) }

// record is what rules may know of a record: what is missing is not there, and a date is the first moment that it covers.
func (l *lists) record(record clinical.Record) ast.Value {
	meta := record.About()
	labels := map[string]any{}
	for _, label := range clinical.Labels() {
		if set, known := l.label(record, label); known {
			labels[string(label)] = set
		}
	}
	whole := map[string]any{"kind": record.Kind().String(), "source": string(meta.Source), "labels": labels}
	for name, text := range map[string]clinical.Text{"organisation": meta.Organisation.Code, "publisher": meta.Publisher,
		"system": clinical.Text(meta.Code.System), "code": meta.Code.Code, "status": clinical.Text(meta.Status)} {
		if text != "" {
			whole[name] = string(text)
		}
	}
	if !meta.Date.IsZero() {
		whole["date"] = meta.Date.At().Format("2006-01-02T15:04:05")
	}
	return object(whole)
}
