package executor

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// groups adds the groups of an urgent care plan's fields to its table. Each is the plan itself, restricted to some of
// its fields, and null if none of them has a value.
func (t *tables) groups(table fields[item], descriptor *clinical.Descriptor) {
	for _, name := range clinical.PlanGroups() {
		grouped, members := fields[item]{}, []*clinical.Field{}
		for i := range descriptor.Fields {
			field := &descriptor.Fields[i]
			if rest, inGroup := strings.CutPrefix(field.Name, name); inGroup {
				grouped[strings.ToLower(rest[:1])+rest[1:]] = t.own(field)
				members = append(members, field)
			}
		}
		table[name] = group(grouped, members)
	}
}

func group(table fields[item], members []*clinical.Field) build[item] {
	return func(c *compiler, field graphql.CollectedField) write[item] {
		key, compiled := field.Alias, compile(c, table, field.Selections, field.Definition.Type.Name())
		return func(w *writer, i item) outcome {
			if !some(members, i.record) {
				return w.null()
			}
			w.enter(key)
			result := compiled.write(w, i)
			w.leave()
			return result
		}
	}
}

// some reports whether any of the fields has a value.
func some(members []*clinical.Field, record clinical.Record) bool {
	for _, field := range members {
		if concept, isConcept := field.In(record).Addr().Interface().(*clinical.Concept); isConcept && !concept.IsZero() ||
			!isConcept && !field.In(record).IsZero() {
			return true
		}
	}
	return false
}

func (t *tables) urgentCareTable() fields[*gate.UrgentCare] {
	entry := urgentCareEntryTable()
	leads := func(read func(*gate.UrgentCare) *gate.UrgentCareEntry) build[*gate.UrgentCare] {
		return one(read, "UrgentCareEntry", entry)
	}
	return fields[*gate.UrgentCare]{
		"plans":                 listed(func(u *gate.UrgentCare) []*gate.UrgentCareEntry { return u.Plans }, "UrgentCareEntry", entry),
		"cpr":                   leads(func(u *gate.UrgentCare) *gate.UrgentCareEntry { return u.CPR }),
		"ceilingOfTreatment":    leads(func(u *gate.UrgentCare) *gate.UrgentCareEntry { return u.CeilingOfTreatment }),
		"adrt":                  leads(func(u *gate.UrgentCare) *gate.UrgentCareEntry { return u.ADRT }),
		"preferredPlaceOfCare":  leads(func(u *gate.UrgentCare) *gate.UrgentCareEntry { return u.PreferredPlaceOfCare }),
		"preferredPlaceOfDeath": leads(func(u *gate.UrgentCare) *gate.UrgentCareEntry { return u.PreferredPlaceOfDeath }),
		"anticipatoryMedicines": leads(func(u *gate.UrgentCare) *gate.UrgentCareEntry { return u.AnticipatoryMedicines }),
		"whatMattersToMe":       leads(func(u *gate.UrgentCare) *gate.UrgentCareEntry { return u.WhatMattersToMe }),
		"conflicts":             many(func(u *gate.UrgentCare) []gate.Conflict { return u.Conflicts }, "Conflict", t.conflicts),
		"sources":               many(func(u *gate.UrgentCare) []gate.SourceAnswer { return u.Sources }, "SourceAnswer", t.sourceAnswers),
		"complete":              truth(func(u *gate.UrgentCare) bool { return u.Complete() }),
	}
}

func urgentCareEntryTable() fields[*gate.UrgentCareEntry] {
	return fields[*gate.UrgentCareEntry]{
		"plan":                  planOf(),
		"standing":              text(func(e *gate.UrgentCareEntry) gate.PlanStanding { return e.Standing }),
		"reviewDue":             date(func(e *gate.UrgentCareEntry) clinical.DateTime { return e.ReviewDue }),
		"reviewOverdue":         truth(func(e *gate.UrgentCareEntry) bool { return e.ReviewOverdue }),
		"contacts":              parts(clinical.KindContact, func(e *gate.UrgentCareEntry) []*clinical.Contact { return e.Contacts }),
		"contingencyPlans":      parts(clinical.KindCarePlan, func(e *gate.UrgentCareEntry) []*clinical.CarePlan { return e.ContingencyPlans }),
		"anticipatoryMedicines": parts(clinical.KindMedication, func(e *gate.UrgentCareEntry) []*clinical.Medication { return e.AnticipatoryMedicines }),
	}
}

// listed is a field that is a list of pointers to objects.
func listed[T, E any](read func(T) []*E, name string, table fields[*E]) build[T] {
	return func(c *compiler, field graphql.CollectedField) write[T] {
		key, compiled := field.Alias, compile(c, table, field.Selections, name)
		return func(w *writer, object T) outcome {
			list := read(object)
			return w.list(key, len(list), func(i int) outcome { return compiled.write(w, list[i]) })
		}
	}
}

// planOf is an entry's plan.
func planOf() build[*gate.UrgentCareEntry] {
	return func(c *compiler, field graphql.CollectedField) write[*gate.UrgentCareEntry] {
		const kind = clinical.KindUrgentCarePlan
		key, compiled := field.Alias, c.records(field.Selections, []clinical.Kind{kind})[kind]
		return func(w *writer, e *gate.UrgentCareEntry) outcome {
			w.enter(key)
			result := compiled.write(w, itemOf(e.Plan))
			w.leave()
			return result
		}
	}
}

// parts is a list of records of one kind.
func parts[R clinical.Record](kind clinical.Kind, read func(*gate.UrgentCareEntry) []R) build[*gate.UrgentCareEntry] {
	return func(c *compiler, field graphql.CollectedField) write[*gate.UrgentCareEntry] {
		key, compiled := field.Alias, c.records(field.Selections, []clinical.Kind{kind})[kind]
		return func(w *writer, e *gate.UrgentCareEntry) outcome {
			list := read(e)
			return w.list(key, len(list), func(i int) outcome { return compiled.write(w, itemOf(list[i])) })
		}
	}
}
