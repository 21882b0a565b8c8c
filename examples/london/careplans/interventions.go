package careplans

import "onelondon/sources/openehr/ehrstore"

// Intervention is what is to be done about one intervention (advance_intervention_decisions at0015 and at0034).
type Intervention struct{ What, Decision Coded }

// Interventions writes the plan by the international archetype of advance intervention decisions: its recommendation, the intent of care,
// and what is decided about each intervention. Resuscitation is decided in the archetype's own codes.
func (p Plan) Interventions(intent Coded, decisions ...Intervention) Object {
	var data, protocol items
	data.coded("at0002", "Intent of care", intent)
	data.text("at0008", "Decisions description", p.Recommendation)
	switch p.CPR {
	case ForCPR():
		data.coded("at0009", "CPR decision", Coded{"at0010", "Full CPR"})
	case NotForCPR():
		data.coded("at0009", "CPR decision", Coded{"at0012", "No CPR"})
	}
	for _, each := range decisions {
		var one items
		one.coded("at0015", "Intervention", each.What)
		one.coded("at0034", "Decision", each.Decision)
		data = append(data, ehrstore.Cluster("at0014", "Per intervention", one...))
	}
	protocol.at("at0046", "Last updated", p.CPRDate)
	protocol.at("at0049", "Review due", p.CPRReview)
	return p.composition("openEHR-EHR-COMPOSITION.advance_care.v0", "Advance intervention decisions", "Advance care", true,
		evaluation("openEHR-EHR-EVALUATION.advance_intervention_decisions.v1", "Advance intervention decisions", "at0001", data, "at0045", protocol))
}
