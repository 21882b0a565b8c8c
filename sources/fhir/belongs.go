package fhir

import (
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// What is part of an urgent care plan goes with it (planId): what the plan names in supportingInfo, a medicine that is based on it, a plan that
// is a part of it, and what is read into it by its code. So with records that may be one come the person's plans, in the same batch.

// mayBelong reports whether records of a part may be parts of a plan, and whether that is wanted.
func (q *question) mayBelong(part *sources.Part) bool {
	switch part.Kind {
	case clinical.KindAlert, clinical.KindContact, clinical.KindObservation, clinical.KindMedication, clinical.KindCarePlan, clinical.KindProcedure:
		return part.Fields&part.Kind.Descriptor().Set("planId") != 0 && q.source.can.types["CarePlan"]
	}
	return false
}

// planned are the searches for a person's plans, and for the units that say which plans there are and whether they may be shared.
func (q *question) planned(person clinical.NHSNumber) []*search {
	part := sources.Part{Kind: clinical.KindUrgentCarePlan, Person: person}
	all := []*search{q.search(&part, of(part.Kind)[0], nil)}
	return append(all, q.units(&part)...)
}

// units are the searches for the units that a part has a use for.
func (q *question) units(part *sources.Part) []*search {
	var all []*search
	for _, l := range unitLayouts {
		if codes, use := l.useful(part.Fields); use && q.source.can.types[l.resource] {
			all = append(all, q.search(part, l, snomed(codes)))
		}
	}
	return all
}

// belong writes into records which plan each is a part of.
func (q *question) belong(person clinical.NHSNumber, s *search, read *reading) {
	d := q.decoder()
	parts, identify := map[string]clinical.Text{}, q.identify(person)
	folders, _ := d.folders(q.planned(person), identify)
	for patient, c := range d.plans(q.theirs(person, folders)).cabinets { // completed, and so it is known whether they may be shared
		for _, resource := range s.resources {
			patients, _ := d.subjects(s.layout, resource)
			if slices.ContainsFunc(patients, func(of string) bool { return identify(of) == patient }) {
				if plan := c.planOf(resource); plan != "" {
					parts[text(resource["id"])] = plan
				}
			}
		}
	}
	for i := range read.entries {
		for _, record := range read.entries[i].records {
			id, _, _ := strings.Cut(strings.TrimPrefix(string(record.About().ID), s.layout.prefix), "#")
			if plan := parts[id]; plan != "" {
				record.About().Plan = plan
			}
		}
	}
}

// planOf is the plan that a resource goes with, "" where with none. What no plan names is read into one by its code: then it goes with it where
// somebody said whether the plan may be shared, and before that as long as there is a CarePlan and it decides nothing. A decision that whoever
// comes is to know of is not hidden because nobody asked.
func (c *cabinet) planOf(resource object) clinical.Text {
	name := text(resource["resourceType"])
	unit := &atom{resource: resource, named: name + "/" + text(resource["id"]), code: concept(parsePaths("code")[0].values(resource))}
	if plan := c.basis(unit); plan != "" {
		return plan
	}
	if name == "CarePlan" || name == "MedicationRequest" || name == "MedicationStatement" {
		return ""
	}
	s, _ := c.place(unit, name)
	if s == nil || s == c.loose && c.loose.tells() == nil {
		return ""
	}
	_, asked := s.plan.Labels.Value(clinical.LabelPlanShared)
	if asked || s != c.loose && !hasAny(unit.code, binding()) {
		return s.plan.ID
	}
	return ""
}

// basis is the plan that names a resource, or that the resource names, whether it can be read or not.
func (c *cabinet) basis(unit *atom) clinical.Text {
	plans := slices.Concat(c.sheets, c.unread)
	for _, s := range plans {
		if s.names(unit) {
			return s.plan.ID
		}
	}
	for _, value := range append(parsePaths("basedOn")[0].values(unit.resource), parsePaths("partOf")[0].values(unit.resource)...) {
		if of, ok := value.(object); ok {
			typ, id := reference(of)
			for _, s := range plans {
				if typ == "CarePlan" && text(s.head["id"]) == id {
					return s.plan.ID
				}
			}
		}
	}
	return ""
}
