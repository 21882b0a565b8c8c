package onelondon.emergency_test

import data.onelondon.emergency

_broken := {
	"caller": {"citizen": false, "role": "R0260", "activities": ["B0082", "B0360"]},
	"purpose": "ETREAT",
	"emergency": true,
}

test_a_doctor_who_may_override_consent_breaks_the_glass if emergency.opened with input as _broken

test_a_glass_that_nobody_broke_is_whole if {
	not emergency.opened with input as object.union(_broken, {"emergency": false})
	not emergency.opened with input as object.remove(_broken, ["emergency"])
}

test_the_glass_is_not_broken_for_another_purpose if {
	every code in ["TREAT", "HRESCH", ""] {
		not emergency.opened with input as object.union(_broken, {"purpose": code})
	}
	not emergency.opened with input as object.remove(_broken, ["purpose"])
}

test_a_receptionist_does_not_break_it if {
	not emergency.opened with input as object.union(_broken, {"caller": {"role": "R1730"}})
}

test_a_doctor_without_the_activity_does_not_break_it if {
	not emergency.opened with input as object.union(_broken, {"caller": {"activities": ["B0360"]}})
	not emergency.opened with input as object.union(_broken, {"caller": {"activities": []}})
	not emergency.opened with input as object.remove(_broken, ["caller"])
}

test_one_activity_breaks_the_glass if data.emergency.activities == ["B0082"]
