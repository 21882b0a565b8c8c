package fhir

import (
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// What is part of an urgent care plan goes with it (planId): what the plan names in supportingInfo, a medicine that is based on it, a plan that
// is a part of it. So with records that may be one come the person's plans, in the same batch.

// mayBelong reports whether records of a part may be parts of a plan, and whether that is wanted.
func (q *question) mayBelong(part *sources.Part) bool {
	switch part.Kind {
	case clinical.KindAlert, clinical.KindContact, clinical.KindObservation, clinical.KindMedication, clinical.KindCarePlan:
		return part.Fields&part.Kind.Descriptor().Set("planId") != 0 && q.source.can.types["CarePlan"]
	}
	return false
}

// heads is the search for a person's plans.
func (q *question) heads(person clinical.NHSNumber) *search {
	plans := sources.Part{Kind: clinical.KindUrgentCarePlan, Person: person}
	return q.search(&plans, of(clinical.KindUrgentCarePlan)[0], nil)
}

// belong writes into records which plan each is a part of.
func (q *question) belong(person clinical.NHSNumber, s *search, read *reading) {
	plans, named := map[string]bool{}, map[string]string{}
	for _, head := range q.heads(person).resources {
		if !isUrgent(head) {
			continue
		}
		id := text(head["id"])
		plans[id] = true
		for _, value := range parsePaths("supportingInfo")[0].values(head) {
			if of, ok := value.(object); ok {
				if typ, unit := reference(of); unit != "" {
					named[typ+"/"+unit] = id
				}
			}
		}
	}
	parts := map[string]string{}
	for _, resource := range s.resources {
		id := text(resource["id"])
		if plan := named[s.resource+"/"+id]; plan != "" {
			parts[id] = plan
			continue
		}
		for _, value := range append(parsePaths("basedOn")[0].values(resource), parsePaths("partOf")[0].values(resource)...) {
			if of, ok := value.(object); ok {
				if typ, plan := reference(of); typ == "CarePlan" && plans[plan] {
					parts[id] = plan
				}
			}
		}
	}
	for _, records := range read.records {
		for _, record := range records {
			id, _, _ := strings.Cut(strings.TrimPrefix(string(record.About().ID), s.layout.prefix), "#")
			if plan := parts[id]; plan != "" {
				record.About().Plan = clean(plan)
			}
		}
	}
}
