package onelondon.purpose_test

import data.onelondon.purpose

_staff(code) := {"caller": {"citizen": false}, "purpose": code}

_citizen(code) := {"caller": {"citizen": true}, "purpose": code}

test_a_purpose_that_is_named_is_stated if purpose.stated with input as _staff("TREAT")

test_an_empty_purpose_is_not_stated if not purpose.stated with input as _staff("")

test_a_missing_purpose_is_not_stated if not purpose.stated with input as {}

test_staff_read_for_treatment_and_emergency_treatment if {
	every code in ["TREAT", "ETREAT"] {
		purpose.permitted with input as _staff(code)
	}
}

test_staff_read_no_single_record_for_any_other_purpose if {
	every code in ["PATRQT", "HOPERAT", "HRESCH", "PUBHLTH", "treat", "", "anything"] {
		not purpose.permitted with input as _staff(code)
	}
}

test_a_citizen_reads_at_their_own_request if purpose.permitted with input as _citizen("PATRQT")

test_a_citizen_reads_for_no_other_purpose if {
	every code in ["TREAT", "ETREAT", "HOPERAT", "HRESCH", "PUBHLTH", ""] {
		not purpose.permitted with input as _citizen(code)
	}
}

test_nothing_is_permitted_where_nobody_knows_who_asks if not purpose.permitted with input as {"purpose": "TREAT"}

test_care_names_people_and_planning_does_not if {
	purpose.gives == "identifiable" with input as _staff("TREAT")
	purpose.gives == "aggregate" with input as _staff("HOPERAT")
	purpose.gives == "pseudonymised" with input as _staff("HRESCH")
}

test_an_unknown_purpose_gives_nothing if not purpose.gives with input as _staff("HMARKT")

test_each_purpose_is_asked_by_these_and_gives_this if {
	{code: [entry.asked_by, entry.gives] | some code, entry in data.purposes} == {
		"TREAT": [["staff"], "identifiable"],
		"ETREAT": [["staff"], "identifiable"],
		"PATRQT": [["citizen"], "identifiable"],
		"HOPERAT": [["staff"], "aggregate"],
		"PUBHLTH": [["staff"], "aggregate"],
		"HRESCH": [["staff"], "pseudonymised"],
	}
}
