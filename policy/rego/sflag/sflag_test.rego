package onelondon.sflag_test

import data.onelondon.sflag

test_somebody_without_a_flag_is_found if not sflag.hidden with input as {"person": {"flagged": false}}

test_somebody_with_a_flag_is_not_found if sflag.hidden with input as {"person": {"flagged": true}}

test_a_flag_that_nobody_knows_of_hides if {
	sflag.hidden with input as {"person": {}}
	sflag.hidden with input as {}
}

test_neither_an_emergency_nor_an_activity_opens_it if {
	sflag.hidden with input as {
		"caller": {"citizen": false, "role": "R0260", "activities": ["B0082", "B1611"]},
		"person": {"flagged": true},
		"purpose": "ETREAT",
		"emergency": true,
	}
}
