package resolvers

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// leading maps each field of UrgentCare that asks for a leading plan to the plan fields that determine which one leads.
func leading() map[string][]string {
	return map[string][]string{
		"ceilingOfTreatment":    {"ceilingOfTreatmentDetail"},
		"preferredPlaceOfCare":  {"preferredPlaceOfCareFirst"},
		"preferredPlaceOfDeath": {"preferredPlaceOfDeathFirst"},
		"anticipatoryMedicines": {"anticipatoryMedicinesStatus", "anticipatoryMedicinesLocation"},
		"whatMattersToMe":       {"whatMattersToMe"},
	}
}

// parts maps each field of an entry that lists parts of the plan to their kind.
func parts() map[string]clinical.Kind {
	return map[string]clinical.Kind{"contacts": clinical.KindContact, "contingencyPlans": clinical.KindCarePlan,
		"anticipatoryMedicines": clinical.KindMedication}
}

// urgentCare adds to a shape the lists that a view of urgent care plans needs: the plans, and the parts asked for.
func (r reader) urgentCare(shape *patientShape, field graphql.CollectedField) {
	wanted := map[clinical.Kind]clinical.FieldSet{clinical.KindUrgentCarePlan: gate.UrgentFields()}
	for _, selected := range r.collect(field.Selections) {
		wanted[clinical.KindUrgentCarePlan] |= clinical.KindUrgentCarePlan.Descriptor().Set(leading()[selected.Name]...)
		if selected.Name != "conflicts" && selected.Name != "sources" {
			r.entry(selected.Selections, wanted)
		}
	}
	places := map[clinical.Kind]int{clinical.KindContact: -1, clinical.KindCarePlan: -1, clinical.KindMedication: -1}
	for _, kind := range clinical.Kinds() {
		fields, asked := wanted[kind]
		if !asked {
			continue
		}
		places[kind] = len(shape.lists)
		shape.lists = append(shape.lists, listShape{key: field.Alias, field: field.Field, kinds: []clinical.Kind{kind}, urgent: true,
			fields: map[clinical.Kind]clinical.FieldSet{kind: fields}})
	}
	shape.urgent[field.Alias] = len(shape.views)
	shape.views = append(shape.views, gate.UrgentLists{Plans: places[clinical.KindUrgentCarePlan], Contacts: places[clinical.KindContact],
		Contingencies: places[clinical.KindCarePlan], Medications: places[clinical.KindMedication]})
}

// entry reads which fields of a plan and of its parts an entry asks for.
func (r reader) entry(set ast.SelectionSet, wanted map[clinical.Kind]clinical.FieldSet) {
	for _, selected := range r.collect(set) {
		kind, isPart := parts()[selected.Name]
		switch {
		case selected.Name == "plan":
			wanted[clinical.KindUrgentCarePlan] |= r.recordFields(selected.Selections, clinical.KindUrgentCarePlan, "UrgentCarePlan", "Record")
		case isPart:
			wanted[kind] |= r.recordFields(selected.Selections, kind, kind.String(), "Record") | kind.Descriptor().Set("status", "planId")
		}
	}
}
