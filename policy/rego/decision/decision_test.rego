package onelondon.decision_test

import data.onelondon.decision

_doctor := {
	"caller": {"citizen": false, "role": "R0260", "activities": [], "organisation": "F84010"},
	"purpose": "TREAT",
	"relationship": "registered",
	"person": {"objection": "none", "flagged": false, "deceased": false},
	"emergency": false,
}

_citizen := {
	"caller": {"citizen": true, "role": "", "activities": [], "organisation": ""},
	"purpose": "PATRQT",
	"relationship": "self",
	"person": {"objection": "none", "flagged": false, "deceased": false},
	"emergency": false,
}

_nothing(reasons) := {
	"permitted": false,
	"alert": false,
	"notify": false,
	"hide": false,
	"kinds": {},
	"reasons": reasons,
}

test_a_doctor_of_the_practice_sees_the_record if {
	answer := decision.decision with input as _doctor
	answer.permitted
	not answer.alert
	count(answer.kinds) == 16
	answer.reasons == {"care_relationship", "plan_limited", "sealed_withheld", "sensitive_withheld"}
}

test_a_citizen_sees_their_own_record if {
	answer := decision.decision with input as _citizen
	answer.permitted
	answer.reasons == {
		"own_record",
		"own_view_limits_kinds",
		"sealed_withheld_from_own_view",
		"others_withheld_from_own_view",
	}
}

test_a_claimed_relationship_alerts if {
	answer := decision.decision with input as object.union(_doctor, {"relationship": "claimed"})
	answer.permitted
	answer.alert
	"claimed_relationship" in answer.reasons
}

test_a_receptionist_is_told_of_limits_and_masks if {
	answer := decision.decision with input as object.union(_doctor, {"caller": {"role": "R1730"}})
	answer.permitted
	{"role_limits_kinds", "role_masks_fields"} & answer.reasons == {"role_limits_kinds", "role_masks_fields"}
}

test_a_missing_purpose_refuses if {
	decision.decision == _nothing({"purpose_missing", "purpose_not_permitted"}) with input as object.union(_doctor, {"purpose": ""})
	decision.decision == _nothing({"purpose_missing", "purpose_not_permitted"}) with input as object.remove(_doctor, ["purpose"])
}

test_another_purpose_refuses if {
	decision.decision == _nothing({"purpose_not_permitted"}) with input as object.union(_doctor, {"purpose": "HRESCH"})
}

test_an_unknown_role_refuses if {
	decision.decision == _nothing({"role_not_recognised"}) with input as object.union(_doctor, {"caller": {"role": "R9999"}})
}

test_a_missing_relationship_refuses if {
	decision.decision == _nothing({"relationship_missing"}) with input as object.union(_doctor, {"relationship": "none"})
	decision.decision == _nothing({"relationship_missing"}) with input as object.remove(_doctor, ["relationship"])
}

test_an_upheld_objection_limits_staff_and_says_so if {
	answer := decision.decision with input as object.union(_doctor, {"person": {"objection": "upheld"}})
	answer.permitted
	"objection_limits_to_own_organisation" in answer.reasons
}

test_an_upheld_objection_does_not_limit_the_person if {
	answer := decision.decision with input as object.union(_citizen, {"person": {"objection": "upheld"}})
	not "objection_limits_to_own_organisation" in answer.reasons
}

test_an_objection_that_is_not_upheld_is_mentioned if {
	answer := decision.decision with input as object.union(_doctor, {"person": {"objection": "not_upheld"}})
	"objection_considered" in answer.reasons
}

test_nothing_known_refuses_everything if {
	decision.decision == object.union(
		_nothing({
			"not_found",
			"purpose_missing",
			"purpose_not_permitted",
			"relationship_missing",
			"role_not_recognised",
		}),
		{"hide": true},
	) with input as {}
}

test_somebody_who_must_not_be_found_is_hidden_and_nothing_is_released if {
	decision.decision == object.union(_nothing({"not_found"}), {"hide": true}) with input as object.union(
		_doctor,
		{"person": {"flagged": true}},
	)
}

_broken := object.union(_doctor, {
	"caller": {"activities": ["B0082", "B0360"]},
	"purpose": "ETREAT",
	"relationship": "none",
	"emergency": true,
})

test_a_broken_glass_is_a_ground_alerts_and_tells_the_person if {
	answer := decision.decision with input as _broken
	answer.permitted
	answer.alert
	answer.notify
	answer.reasons == {"emergency_access", "emergency_opened", "sealed_withheld"}
}

test_a_glass_that_could_not_be_broken_changes_nothing_and_is_told if {
	answer := decision.decision with input as object.union(_doctor, {"emergency": true})
	answer.permitted
	not answer.notify
	not answer.alert
	"emergency_not_opened" in answer.reasons
}

_parent := object.union(_citizen, {
	"relationship": "proxy",
	"person": {"authority": "parent", "age": "11_to_12", "capacity": "presumed"},
})

test_a_parent_sees_the_record_of_a_child if {
	answer := decision.decision with input as _parent
	answer.permitted
	"proxy" in answer.reasons
	"sensitive_withheld_from_proxy" in answer.reasons
}

test_a_parent_whose_authority_does_not_hold_sees_nothing if {
	answer := decision.decision with input as object.union(_parent, {"person": {"age": "16_and_over"}})
	answer == _nothing({"relationship_missing", "authority_does_not_hold"})
}

test_a_recorded_death_is_told_to_staff if {
	answer := decision.decision with input as object.union(_doctor, {"person": {"deceased": true}})
	answer.permitted
	"deceased_still_confidential" in answer.reasons
}

test_a_citizen_who_sees_everything_is_told_of_no_limits if {
	table := {"citizen": {"kinds": ["Condition"], "masked": {}}}
	answer := decision.decision with input as _citizen with data.role_kinds as table
	not "own_view_limits_kinds" in answer.reasons
}

test_nobody_is_told_of_an_access_with_the_glass_whole if {
	answer := decision.decision with input as _doctor
	not answer.notify
}

test_nobody_is_told_of_an_access_that_was_refused if {
	decision.decision == _nothing({"purpose_not_permitted"}) with input as object.union(
		_doctor,
		{"emergency": true, "purpose": "HRESCH"},
	)
}

test_every_refusal_has_words if {
	every reason in decision.refusals {
		data.words[reason]
	} with input as {}
}
