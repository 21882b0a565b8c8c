package fhir

import (
	"strings"

	"onelondon/internal/clinical"
)

// layout says how resources of one type become records of one kind.
type layout struct {
	resource string
	kind     clinical.Kind
	prefix   string // of the ids of a kind's second type, since ids are unique within a type alone
	fields   [][]path
	// organisation leads to whose record it is.
	organisation []path
	// code and date are the search parameters that mean no less than the fields of those names; "" where none does.
	code, date string
	spans      bool   // date is of a Period: one that ends before it begins is found by its end, so only an upper bound loses nothing
	include    string // what is sent along with the resources
	// is tells the resources of this kind from those of another that are of the same type; nil where all are.
	is func(resource object) bool
	// unit says that resources are no records but parts of them.
	unit bool
}

// written is a layout as it is written down: fields by name, paths as text.
type written struct {
	kind                       clinical.Kind
	resource, prefix           string
	code, date, include, holds string
	spans                      bool
	fields                     map[string]string
	is                         func(resource object) bool
	unit                       bool
}

// layouts is written once, here, and only read afterwards.
var layouts = layOut(patient(), allergy(), condition(), request(), statement(), observation(), report(), encounter(), procedure(),
	immunisation(), appointment(), referral(), document(), flag(), relative(), plan(), urgentPlan())

// unitLayouts are those of the parts that urgent care plans are put together from.
var unitLayouts = layOut(units()...)

func layOut(all ...written) []*layout {
	read := make([]*layout, len(all))
	for i := range all {
		w := &all[i]
		l := &layout{resource: w.resource, kind: w.kind, prefix: w.prefix, code: w.code, date: w.date, spans: w.spans, include: w.include,
			is: w.is, unit: w.unit}
		l.organisation = parsePaths(w.holds + " extension[url=" + ownField + "organisation].valueReference")
		for _, field := range w.kind.Descriptor().Fields {
			paths := append(parsePaths(w.fields[field.Name]), own(&field)...)
			if field.Name == "recorded" {
				paths = append(paths, parsePaths("meta.lastUpdated")...) // failing all else, when the server took it
			}
			l.fields = append(l.fields, paths)
		}
		read[i] = l
	}
	return read
}

// of are the layouts of a kind.
func of(kind clinical.Kind) []*layout {
	var found []*layout
	for _, l := range layouts {
		if l.kind == kind {
			found = append(found, l)
		}
	}
	return found
}

// The URLs of extensions for what FHIR has no place for, the field's or label's own name behind them.
const (
	ownField = "urn:onelondon:field:"
	ownLabel = "urn:onelondon:label:"
	ownKind  = "urn:onelondon:kind" // of a resource whose type is that of several kinds
)

// own leads to the extension that holds a field which the resource has no place for.
func own(field *clinical.Field) []path {
	var all []string
	for _, value := range map[clinical.FieldType][]string{
		clinical.TypeConcept: {"CodeableConcept"}, clinical.TypeDateTime: {"DateTime"}, clinical.TypeDecimal: {"Decimal", "Integer"},
	}[field.Type] {
		all = append(all, value)
	}
	if all == nil {
		all = []string{"String", "Code"}
	}
	for i := range all {
		all[i] = "extension[url=" + ownField + field.Name + "].value" + all[i]
	}
	return parsePaths(strings.Join(all, " "))
}

// elements are the top-level elements that fields are read from.
func (l *layout) elements(fields clinical.FieldSet) []string {
	if l.unit {
		return elementsOfUnit(l.resource)
	}
	if l.kind == clinical.KindUrgentCarePlan {
		fields = l.kind.Descriptor().All() // there are few, and so all who ask share one search
	}
	seen := map[string]bool{}
	for _, name := range []string{"id", "meta", "extension", "contained", "identifier", "active", "link", "subject", "patient", "participant", "component",
		"modifierExtension", "implicitRules", "doNotPerform", "basedOn", "partOf", "docStatus", "securityLabel", "focus"} {
		seen[name] = true
	}
	add := func(paths []path) {
		for i := range paths {
			seen[paths[i].steps[0].name] = true
		}
	}
	for i, field := range l.kind.Descriptor().Fields {
		if fields.Has(field.Bit) {
			add(l.fields[i])
		}
	}
	add(l.organisation)
	if l.is != nil {
		seen["category"] = true
	}
	if l.kind == clinical.KindUrgentCarePlan {
		seen["supportingInfo"], seen["activity"] = true, true
	}
	if l.include != "" {
		seen["medicationReference"] = true
	}
	return sortedKeys(seen)
}
