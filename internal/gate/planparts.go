package gate

import (
	"onelondon/internal/clinical"
	"onelondon/sources"
)

// Parts of an urgent care plan (its contacts, contingency plans and medicines) are released only with the plan: showing
// them while withholding the plan would reveal that there is one, and what it is for. Unlike a spreading label, this
// requires proof: a record that names a plan is released only if the plan itself came from the source and is released.
// The first query to a source that holds plans therefore also asks for the plans that may be shown.

// plansOf is what is known about the plans of one source.
type plansOf struct {
	source clinical.SourceID
	person []clinical.NHSNumber
	asked  bool
	open   int // questions not yet answered in full
	found  map[clinical.Text]clinical.Record
}

// mostPlans is the maximum number of plans that a source is asked for; parts of any others are withheld.
const mostPlans = 200

// planParts creates the questions for plans that the streams planned so far require.
func (q *inquiry) planParts() {
	released := q.decision.Release(clinical.KindUrgentCarePlan).Condition
	for _, w := range q.walks {
		for _, s := range w.streams {
			plan := s.kind.Descriptor().Set("planId")
			if !q.holds[s.source].has(clinical.KindUrgentCarePlan) || s.kind == clinical.KindUrgentCarePlan && !s.fields.Has(plan) {
				continue
			}
			s.fields |= plan
			if q.plans[s.source] != nil {
				continue
			}
			if q.plans == nil {
				q.plans = map[clinical.SourceID]*plansOf{}
			}
			spec, plans := q.gate.byID[s.source], &plansOf{source: s.source, found: map[clinical.Text]clinical.Record{}}
			if released.Possible(spec.ID, spec.Organisation) {
				plans.person = q.under[s.source]
			}
			plans.open = len(plans.person)
			q.plans[s.source] = plans
		}
	}
}

// askPlans adds the questions for plans to the batch, before the lists that depend on them.
func (q *inquiry) askPlans(b *batch) {
	release, descriptor := q.decision.Release(clinical.KindUrgentCarePlan), clinical.KindUrgentCarePlan.Descriptor()
	for _, spec := range q.near() {
		plans := q.plans[spec.ID]
		if plans == nil || plans.asked {
			continue
		}
		plans.asked = true
		for _, number := range plans.person {
			b.add(plans.source, want{inquiry: q, plans: plans}, sources.Part{Kind: clinical.KindUrgentCarePlan, Person: number,
				Fields: release.Condition.Needs(descriptor), Condition: release.Condition, Limit: mostPlans})
		}
	}
}

// take notes which plans may be shown. Only a complete answer closes the question.
func (p *plansOf) take(answer sources.PartAnswer) {
	for _, plan := range answer.Records {
		p.found[plan.About().ID] = plan
	}
	if answer.Whole() && len(answer.Records) < mostPlans {
		p.open--
	}
}

// unsure reports whether there may be further plans that could be shown.
func (p *plansOf) unsure() bool { return p != nil && p.open > 0 }

// showsPlan reports whether a source's plan is released by the decision in force.
func (q *inquiry) showsPlan(source clinical.SourceID, id clinical.Text) bool {
	if q.plans[source] == nil {
		return false
	}
	plan, found := q.plans[source].found[id]
	return found && q.decision.Release(clinical.KindUrgentCarePlan).Condition.Match(plan)
}

// withItsPlan reports whether a record is part of no plan, or of a released one. A plan that names another plan counts
// as part of none.
func (q *inquiry) withItsPlan(record clinical.Record) bool {
	meta := record.About()
	return meta.Plan == "" || record.Kind() == clinical.KindUrgentCarePlan || q.plans[meta.Source] == nil || q.showsPlan(meta.Source, meta.Plan)
}
