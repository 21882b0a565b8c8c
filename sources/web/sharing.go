package web

import "onelondon/internal/clinical"

// Sharing settles what was said about sharing a person's urgent care plans in several documents of one source. Consent is to the record of a person's
// plans there, and no document's own (SCCI1580; DOMAIN.md 3.3), so a refusal holds for all of them, but those for which consent was given
// after it for certain. Consent opens no plan but the one of which it is said. Plans are all that a source has of one person; said is when consent
// was given or refused in one, zero where nobody knows.
func Sharing(plans []*clinical.UrgentCarePlan, said func(*clinical.UrgentCarePlan) clinical.DateTime) {
	var refusals []clinical.DateTime
	for _, plan := range plans {
		if shared, known := plan.Labels.Value(clinical.LabelPlanShared); known && !shared {
			refusals = append(refusals, said(plan))
		}
	}
	for _, plan := range plans {
		shared, _ := plan.Labels.Value(clinical.LabelPlanShared)
		given := said(plan)
		for _, refused := range refusals {
			if !shared || !Before(refused, given) {
				plan.Labels.Put(clinical.LabelPlanShared, false)
			}
		}
	}
}

// Before reports whether one moment is before another for certain.
func Before(one, other clinical.DateTime) bool {
	return !one.IsZero() && !other.IsZero() && !one.Until().After(other.At())
}

// Without are the labels but one, of which nothing is known then.
func Without(labels clinical.LabelSet, left clinical.Label) clinical.LabelSet {
	var kept clinical.LabelSet
	for _, label := range clinical.Labels() {
		if set, known := labels.Value(label); known && label != left {
			kept.Put(label, set)
		}
	}
	return kept
}
