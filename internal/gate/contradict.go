package gate

import (
	"strings"

	"onelondon/internal/clinical"
)

// The SNOMED CT codes by which contradictions between plans are recognised (DOMAIN.md 3.3).
const (
	forCPR                clinical.Text = "450475007" // for cardiopulmonary resuscitation
	notForCPR             clinical.Text = "450476008"
	refusesLifeSustaining clinical.Text = "816321000000109" // advance decision to refuse life sustaining treatment
)

// stanceOf is what a decision on resuscitation says: for, against, or else its own wording, which cannot be equated
// with anybody else's.
func stanceOf(decision *clinical.Concept) clinical.Text {
	for _, code := range []clinical.Text{forCPR, notForCPR} {
		if decision.Has(clinical.SNOMED, code) {
			return code
		}
	}
	return worded(decision)
}

// worded is a concept as it is displayed.
func worded(concept *clinical.Concept) clinical.Text {
	for _, words := range []clinical.Text{concept.Display, concept.Text, concept.Code} {
		if words != "" {
			return clinical.Text(strings.ToLower(string(words)))
		}
	}
	return ""
}

// contradictions finds where plans that stand contradict each other.
func (u *UrgentCare) contradictions() (all []Conflict) {
	var stand []*UrgentCareEntry
	for _, entry := range u.Plans {
		if entry.Standing == PlanStands {
			stand = append(stand, entry)
		}
	}
	if differ, records := differing(stand, func(p *clinical.UrgentCarePlan) clinical.Text { return stanceOf(&p.CPRDecision) }); differ {
		all = append(all, Conflict{Kind: CPRDiffers, Records: records,
			Message: "Plans that stand say different things about resuscitation: " + cprOf(records) + "."})
	}
	if u.CPR != nil && stanceOf(&u.CPR.Plan.CPRDecision) == forCPR {
		for _, entry := range stand {
			if entry.Plan.ADRTDecision.Has(clinical.SNOMED, refusesLifeSustaining) {
				records := []clinical.Record{entry.Plan, u.CPR.Plan}
				all = append(all, Conflict{Kind: CPRAgainstADRT, Records: records[:1+boolInt(entry != u.CPR)],
					Message: "An advance decision to refuse life-sustaining treatment is recorded by " + holders(records[:1]) + ", but " +
						holders(records[1:]) + " says for resuscitation."})
				break
			}
		}
	}
	// Free-text ceilings are worded differently everywhere; only codes of the same terminology can contradict each
	// other.
	if differ, records := differing(stand, func(p *clinical.UrgentCarePlan) clinical.Text {
		if p.CeilingDecision.System == clinical.LocalCode || p.CeilingDecision.System == "" {
			return ""
		}
		return clinical.Text(p.CeilingDecision.System) + " " + p.CeilingDecision.Code
	}); differ {
		all = append(all, Conflict{Kind: CeilingsDiffer, Records: records,
			Message: "Plans that stand set different ceilings of treatment: " + holders(records) + "."})
	}
	return all
}

func boolInt(truth bool) int {
	if truth {
		return 1
	}
	return 0
}

// differing reports whether plans say different things, and lists those that say anything at all.
func differing(stand []*UrgentCareEntry, says func(*clinical.UrgentCarePlan) clinical.Text) (differ bool, records []clinical.Record) {
	first := clinical.Text("")
	for _, entry := range stand {
		said := says(entry.Plan)
		if said == "" {
			continue
		}
		if records = append(records, entry.Plan); first == "" {
			first = said
		}
		differ = differ || said != first
	}
	return differ, records
}

// cprOf says which organisation says what about resuscitation.
func cprOf(records []clinical.Record) string {
	var said []string
	for _, record := range records {
		plan, ok := record.(*clinical.UrgentCarePlan)
		if !ok {
			continue
		}
		words := string(worded(&plan.CPRDecision))
		switch stanceOf(&plan.CPRDecision) {
		case forCPR:
			words = "for CPR"
		case notForCPR:
			words = "not for CPR"
		}
		said = append(said, holders([]clinical.Record{record})+" "+words)
	}
	return strings.Join(said, ", ")
}
