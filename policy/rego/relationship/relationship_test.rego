package onelondon.relationship_test

import data.onelondon.relationship

_doctor(kind, purpose) := {
	"caller": {"citizen": false, "role": "R0260"},
	"relationship": kind,
	"purpose": purpose,
}

_citizen(kind) := {
	"caller": {"citizen": true, "role": ""},
	"relationship": kind,
	"purpose": "PATRQT",
	"person": {"deceased": false},
}

test_an_organisation_that_cares_for_the_person_has_a_relationship if {
	every kind in ["registered", "record", "referral"] {
		relationship.care with input as _doctor(kind, "TREAT")
	}
}

test_other_words_are_no_care_relationship if {
	every kind in ["none", "self", "claimed", "", "Registered"] {
		not relationship.care with input as _doctor(kind, "TREAT")
	}
}

test_a_missing_relationship_is_none if not relationship.care with input as {"caller": {"citizen": false}}

test_a_citizen_has_no_care_relationship if not relationship.care with input as _citizen("registered")

test_a_clinician_may_claim_a_relationship_for_treatment if {
	every purpose in ["TREAT", "ETREAT"] {
		relationship.claimed with input as _doctor("claimed", purpose)
	}
}

test_a_claim_holds_for_no_other_purpose if not relationship.claimed with input as _doctor("claimed", "HRESCH")

test_a_claim_without_a_purpose_does_not_hold if {
	not relationship.claimed with input as {"caller": {"citizen": false, "role": "R0260"}, "relationship": "claimed"}
}

test_a_receptionist_cannot_claim_a_relationship if {
	not relationship.claimed with input as object.union(
		_doctor("claimed", "TREAT"),
		{"caller": {"citizen": false, "role": "R1730"}},
	)
}

test_no_claim_is_no_claim if not relationship.claimed with input as _doctor("none", "TREAT")

test_a_citizen_asks_for_their_own_record if relationship.own with input as _citizen("self")

test_a_citizen_does_not_ask_for_another_record if not relationship.own with input as _citizen("none")

test_staff_do_not_see_their_own_record_at_work if not relationship.own with input as _doctor("self", "TREAT")

test_an_unknown_caller_owns_nothing if not relationship.own with input as {"relationship": "self"}

test_nobody_looks_at_a_dead_persons_record_as_that_person if {
	not relationship.own with input as object.union(_citizen("self"), {"person": {"deceased": true}})
	not relationship.own with input as object.remove(_citizen("self"), ["person"])
}
