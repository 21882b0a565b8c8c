package web

import "onelondon/internal/clinical"

// Sharing combines the consents to share a person's urgent care plans that are recorded in several documents of one
// source. Consent concerns the record of a person's plans there, not a single document (SCCI1580; DOMAIN.md 3.3). A
// refusal therefore applies to all documents, except those for which consent was certainly given later; consent applies
// only to the plan with which it is recorded. Plans are all that a source has of one person; said returns when consent
// was given or refused in one, zero if unknown, and whether it was said there at all: a label alone is no consent.
func Sharing(plans []*clinical.UrgentCarePlan, said func(*clinical.UrgentCarePlan) (at clinical.DateTime, consent bool)) {
	var refusals []clinical.DateTime
	for _, plan := range plans {
		at, consent := said(plan)
		if shared, known := plan.Labels.Value(clinical.LabelPlanShared); consent && known && !shared {
			refusals = append(refusals, at)
		}
	}
	for _, plan := range plans {
		shared, _ := plan.Labels.Value(clinical.LabelPlanShared)
		given, _ := said(plan)
		for _, refused := range refusals {
			if !shared || !Before(refused, given) {
				plan.Labels.Put(clinical.LabelPlanShared, false)
			}
		}
	}
}

// Before reports whether one moment is certainly before another.
func Before(one, other clinical.DateTime) bool {
	return !one.IsZero() && !other.IsZero() && !one.Until().After(other.At())
}

// Without returns labels in which one is unknown.
func Without(labels clinical.LabelSet, left clinical.Label) clinical.LabelSet {
	var kept clinical.LabelSet
	for _, label := range clinical.Labels() {
		if set, known := labels.Value(label); known && label != left {
			kept.Put(label, set)
		}
	}
	return kept
}
