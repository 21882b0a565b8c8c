package fhir

import (
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// An urgent care plan in FHIR is seldom one resource. What NHS England's End of Life API calls its atomic units are resources of their own:
// a Consent, Flags for the decision about resuscitation, an advance decision, a power of attorney, the palliative care register and a
// prognosis, Observations and QuestionnaireResponses for preferences, a Procedure for medicines ahead of need, and a RelatedPerson who holds
// the power (DOMAIN.md 3.3). A CarePlan of an urgent kind may stand at their head and name them in supportingInfo.

// units are the types that units are of; those for which a question has no use are not asked for.
func units() []written {
	is := func(object) bool { return false } // a unit is no record by itself
	all := []written{{resource: "Flag"}, {resource: "Consent"}, {resource: "Observation", code: "code"}, {resource: "RelatedPerson"},
		{resource: "Procedure", code: "code"}, {resource: "QuestionnaireResponse"}}
	for i := range all {
		all[i].kind, all[i].unit, all[i].is = clinical.KindUrgentCarePlan, true, is
	}
	return all
}

// elementsOfUnit are what is read of a unit.
func elementsOfUnit(resource string) []string {
	also := map[string][]string{
		"Flag":                  {"code", "period", "author"},
		"Consent":               {"category", "dateTime", "performer", "organization", "patient", "policyRule", "provision", "scope"},
		"Observation":           {"code", "effectiveDateTime", "effectivePeriod", "effectiveInstant", "note", "valueCodeableConcept", "valueString", "performer"},
		"RelatedPerson":         {"active", "patient", "relationship", "name", "telecom", "period"},
		"Procedure":             {"code", "performedDateTime", "performedPeriod", "location"},
		"QuestionnaireResponse": {"authored", "author", "item"},
	}[resource]
	return append(also, "id", "meta", "status", "subject", "extension", "implicitRules", "modifierExtension")
}

// namedBy leads to whom a unit names, and where, for references that are to be looked up.
func namedBy(resource string) []path {
	return parsePaths(map[string]string{"Flag": "author@who", "Consent": "performer@who organization@any", "Observation": "performer@who",
		"Procedure": "location@any", "QuestionnaireResponse": "item.answer.valueReference@who"}[resource])
}

// useful reports whether a question about fields of a plan has a use for units of a type, and of those with which codes. Flags, and
// Observations that decide something, say which plans there are, and a Consent who may see them, whatever is asked.
func (l *layout) useful(fields clinical.FieldSet) (codes []clinical.Text, use bool) {
	descriptor := l.kind.Descriptor()
	switch l.resource {
	case "RelatedPerson":
		return nil, fields&descriptor.Set("legalAuthorityRepresentative", "legalAuthorityContact") != 0
	case "Procedure":
		return ahead, fields&descriptor.Set("anticipatoryMedicinesStatus", "anticipatoryMedicinesLocation") != 0
	case "QuestionnaireResponse":
		return nil, fields&descriptor.Set(answerable()...) != 0
	case "Observation":
		codes = telling()
		for _, one := range observed() {
			if fields&descriptor.Set(one.fields...) != 0 {
				codes = append(codes, one.codes...)
			}
		}
	}
	return codes, true
}

// coded are the codes by which a unit is known, and the fields that it fills.
type coded struct {
	codes  []clinical.Text
	fields []string
}

// The codes of flags, all of SNOMED CT (DOMAIN.md 3.3).
var (
	forCPR     = []clinical.Text{"450475007", "304252001"}
	notForCPR  = []clinical.Text{"450476008", "304253006", "143021000119109"}
	advance    = []clinical.Text{"816301000000100", "816321000000109"}
	attorney   = []clinical.Text{"816381000000105"}
	onRegister = []clinical.Text{"1403151000000103", "526631000000108"}
	prognosis  = []clinical.Text{"511401000000102", "955231000000109", "968211000000101", "767503006", "1413121000000106",
		"845701000000104", "845721000000108", "845751000000103", "845771000000107"}
	place = []clinical.Text{"110481000000108", "108401000000102", "109401000000108", "89751000000108", "89761000000106", "512071000000106",
		"518741000000100", "518771000000106", "819211000000102", "517111000000103", "517131000000106", "766391000000108", "517161000000101"}
	withPerson = []clinical.Text{"713079002"}
	withOthers = []clinical.Text{"713656002", "1403141000000101"}
	ahead      = []clinical.Text{"376201000000102", "871021000000106"}
	wishes     = []clinical.Text{"816281000000101"}
)

// observed are the Observations of a plan.
func observed() []coded {
	return []coded{
		{prognosis, []string{"prognosisEstimate", "prognosisDate"}},
		{append([]clinical.Text{"395091006"}, place...), []string{"preferredPlaceOfDeathFirst", "preferredPlaceOfDeathSecond"}},
		{withPerson, []string{"cprPersonInvolved"}},
		{withOthers, []string{"cprOthersInvolved"}},
		{ahead, []string{"anticipatoryMedicinesStatus", "anticipatoryMedicinesLocation"}},
		{wishes, []string{"advanceStatement"}},
		{attorney, []string{"legalAuthorityFinding"}},
		{onRegister, []string{"palliativeCareRegister"}},
	}
}

// binding are decisions that whoever comes is to know of.
func binding() []clinical.Text { return slices.Concat(forCPR, notForCPR, advance) }

// telling are the codes by which an Observation says that there is a plan.
func telling() []clinical.Text { return slices.Concat(binding(), urgentKinds) }

// flagged are all codes by which a Flag belongs to a plan.
func flagged() []clinical.Text { return slices.Concat(telling(), attorney, onRegister, prognosis) }

// hasAny reports whether a concept has one of the codes of SNOMED CT.
func hasAny(of clinical.Concept, codes []clinical.Text) bool {
	return slices.ContainsFunc(codes, func(code clinical.Text) bool { return of.Has(clinical.SNOMED, code) })
}

// atom is a unit as far as it is read.
type atom struct {
	resource  object
	named     string // Type/id
	code      clinical.Concept
	from, end clinical.DateTime
}

// atoms reads units of one type, newest first; rejected are those that cannot be read. What is in error, or not in force, is no unit.
func (d *decoder) atoms(resources []object) (all []atom, rejected int) {
	for _, resource := range resources {
		name := text(resource["resourceType"])
		one := atom{resource: resource, named: name + "/" + text(resource["id"]), code: concept(parsePaths("code")[0].values(resource))}
		if name == "Consent" {
			one.code = concept(append(parsePaths("category")[0].values(resource), parsePaths("provision.code")[0].values(resource)...))
		}
		var fits bool
		if one.from, fits = d.date(resource, "period.start effectiveDateTime effectiveInstant effectivePeriod.start dateTime performedDateTime "+
			"performedPeriod.start authored"); fits {
			one.end, fits = d.date(resource, "period.end")
		}
		switch {
		case modified(resource) || !fits:
			rejected++
		case inForce(name, resource):
			all = append(all, one)
		}
	}
	slices.SortStableFunc(all, newest)
	return all, rejected
}

// newest is the order of units.
func newest(a, b atom) int {
	if order := b.from.Compare(a.from); order != 0 {
		return order
	}
	return strings.Compare(a.named, b.named)
}

func (d *decoder) date(resource object, paths string) (clinical.DateTime, bool) {
	written := text(first(parsePaths(paths), resource))
	if written == "" {
		return clinical.DateTime{}, true
	}
	return moment(written, d.london)
}

// inForce reports whether a unit counts: a Flag or RelatedPerson that is active, what was observed, answered or done. Every Consent counts
// but one in error or not yet given: a refusal is one that is not active.
func inForce(name string, resource object) bool {
	status := text(resource["status"])
	switch name {
	case "Flag":
		return status == "active"
	case "RelatedPerson":
		return text(resource["active"]) != "false" && !over(text(first(parsePaths("period.end"), resource)))
	case "Observation", "QuestionnaireResponse":
		return slices.Contains([]string{"final", "completed", "amended", "corrected"}, status)
	case "Procedure":
		return status == "completed" || status == "in-progress"
	}
	return status != "entered-in-error" && status != "draft" && status != "proposed"
}
