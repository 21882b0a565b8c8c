package plain

import (
	"maps"
	"slices"

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

// lists are the codes by which records carry labels.
type lists map[clinical.Label]list

type list struct {
	codes  map[clinical.Coding]bool
	covers []clinical.CodeSystem
}

// Codes lists the codes by which the policy labels records, in no order.
func (p *Policy) Codes() []clinical.Coding {
	var all []clinical.Coding
	for _, list := range p.lists {
		all = slices.AppendSeq(all, maps.Keys(list.codes))
	}
	return all
}

// readLists finds the lists among the tables of a policy.
func readLists(map[string]any) lists { return lists{} }

// record is what rules may know of a record: what is missing is not there, and a date is the first moment that it covers.
func (l lists) record(record clinical.Record) ast.Value {
	meta := record.About()
	labels := map[string]any{}
	for _, label := range clinical.Labels() {
		if set, known := l.label(meta, label); known {
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

// label says whether a record carries a label: if its source says so, or one of its codes is listed. It does not if the
// source says that, or a list that knows the terminology of one of its codes does. Otherwise nobody knows.
func (l lists) label(meta *clinical.Meta, label clinical.Label) (set, known bool) {
	set, known = meta.Labels.Value(label)
	list, listed := l[label]
	if set || !listed {
		return set, known
	}
	for _, coding := range append([]clinical.Coding{meta.Code.Coding}, meta.Code.Translations...) {
		if coding.Code == "" || !slices.Contains(list.covers, coding.System) {
			continue
		}
		known = true
		set = set || list.codes[clinical.Coding{System: coding.System, Code: coding.Code}]
	}
	return set, known
}
