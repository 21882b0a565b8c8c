package resolvers

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// patientShape is what a document asks beneath one root field `patient`, apart from the values of arguments.
type patientShape struct {
	key      string
	field    *ast.Field
	identity clinical.FieldSet
	lists    []listShape
	places   map[string]int // index in lists, by response key
	views    []gate.UrgentLists
	urgent   map[string]int // index in views, by response key of a view of urgent care plans
}

// listShape is what a document asks of one list.
type listShape struct {
	key    string
	field  *ast.Field
	kinds  []clinical.Kind // nil for the timeline, whose kinds are an argument
	fields map[clinical.Kind]clinical.FieldSet
	urgent bool // for a view of urgent care plans: no arguments, and only records that are part of a plan, or the plans themselves
}

// listKinds says which field of Patient lists which kind of record.
func listKinds() map[string]clinical.Kind {
	return map[string]clinical.Kind{
		"allergies":         clinical.KindAllergyIntolerance,
		"conditions":        clinical.KindCondition,
		"medications":       clinical.KindMedication,
		"observations":      clinical.KindObservation,
		"diagnosticReports": clinical.KindDiagnosticReport,
		"encounters":        clinical.KindEncounter,
		"procedures":        clinical.KindProcedure,
		"immunisations":     clinical.KindImmunisation,
		"appointments":      clinical.KindAppointment,
		"referrals":         clinical.KindReferral,
		"documents":         clinical.KindDocument,
		"alerts":            clinical.KindAlert,
		"contacts":          clinical.KindContact,
		"carePlans":         clinical.KindCarePlan,
	}
}

// lookAhead reads what every root field `patient` of an operation asks for.
func lookAhead(oc *graphql.OperationContext) []patientShape {
	var shapes []patientShape
	reader := reader{oc: oc, lists: listKinds()}
	for _, root := range graphql.CollectFields(oc, oc.Operation.SelectionSet, []string{"Query"}) {
		if root.Name == "patient" {
			shapes = append(shapes, reader.patient(root))
		}
	}
	return shapes
}

// reader reads the selections of one operation.
type reader struct {
	oc    *graphql.OperationContext
	lists map[string]clinical.Kind
}

func (r reader) collect(set ast.SelectionSet, satisfies ...string) []graphql.CollectedField {
	return graphql.CollectFields(r.oc, set, satisfies)
}

func (r reader) patient(root graphql.CollectedField) patientShape {
	shape := patientShape{key: root.Alias, field: root.Field, places: map[string]int{}, urgent: map[string]int{}}
	for _, field := range r.collect(root.Selections, "Patient") {
		list := listShape{key: field.Alias, field: field.Field}
		kind, single := r.lists[field.Name]
		switch {
		case single:
			list.kinds = []clinical.Kind{kind}
			list.fields = r.listFields(field.Selections, list.kinds)
		case field.Name == "timeline":
			list.fields = r.listFields(field.Selections, clinical.Kinds())
		case field.Name == "urgentCarePlan":
			r.urgentCare(&shape, field)
			continue
		default:
			shape.identity |= r.identity(field)
			continue
		}
		shape.places[list.key] = len(shape.lists)
		shape.lists = append(shape.lists, list)
	}
	return shape
}

// identity reads which registration fields a field of Patient needs.
func (r reader) identity(field graphql.CollectedField) clinical.FieldSet {
	switch field.Name {
	case "registrations":
		return r.recordFields(field.Selections, clinical.KindRegistration, "Registration", "Record")
	case "demographics":
		// The status tells which registration is the person's own.
		return r.recordFields(field.Selections, clinical.KindRegistration, "Demographics") | clinical.KindRegistration.Descriptor().Set("status")
	case "warnings":
		return clinical.KindRegistration.Descriptor().Set("birthDate", "familyName", "deathDate")
	}
	return 0
}

// listFields reads which fields of each kind a connection asks for, beneath its nodes and edges.
func (r reader) listFields(set ast.SelectionSet, kinds []clinical.Kind) map[clinical.Kind]clinical.FieldSet {
	fields := make(map[clinical.Kind]clinical.FieldSet, len(kinds))
	for _, kind := range kinds {
		fields[kind] = r.itemFields(set, kind)
	}
	return fields
}

// itemFields reads the fields of a kind that a connection or an edge asks for. Both types have few fields, which can be
// told apart by name alone.
func (r reader) itemFields(set ast.SelectionSet, kind clinical.Kind) clinical.FieldSet {
	var fields clinical.FieldSet
	for _, field := range r.collect(set) {
		switch field.Name {
		case "nodes", "node":
			fields |= r.recordFields(field.Selections, kind, kind.String(), "Record")
		case "edges":
			fields |= r.itemFields(field.Selections, kind)
		}
	}
	return fields
}

// recordFields reads the fields of one kind of record that are asked for, including those of its contributors.
func (r reader) recordFields(set ast.SelectionSet, kind clinical.Kind, satisfies ...string) clinical.FieldSet {
	var fields clinical.FieldSet
	for _, selected := range r.collect(set, satisfies...) {
		if selected.Name == "contributors" {
			fields |= r.recordFields(selected.Selections, kind, satisfies...)
			continue
		}
		if field, ok := kind.Descriptor().Field(selected.Name); ok {
			fields |= field.Bit
		}
		if kind == clinical.KindUrgentCarePlan && slices.Contains(clinical.PlanGroups(), selected.Name) {
			for _, member := range r.collect(selected.Selections) {
				fields |= kind.Descriptor().Set(clinical.Grouped(selected.Name, member.Name))
			}
		}
	}
	return fields
}
