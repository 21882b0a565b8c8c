package onelondon.role_test

import data.onelondon.role

_staff(code) := {"caller": {"citizen": false, "role": code}}

_citizen := {"caller": {"citizen": true, "role": ""}}

test_a_general_practitioner_is_a_doctor if role.group == "doctor" with input as _staff("R0260")

test_a_receptionist_is_administrative if role.group == "administrative" with input as _staff("R1730")

test_a_citizen_has_a_group_of_their_own if role.group == "citizen" with input as _citizen

test_an_unknown_role_has_no_group if not role.group with input as _staff("R9999")

test_staff_without_a_role_have_no_group if not role.group with input as _staff("")

test_a_missing_role_has_no_group if not role.group with input as {"caller": {"citizen": false}}

test_a_citizen_with_a_role_has_no_group if not role.group with input as {"caller": {"citizen": true, "role": "R0260"}}

test_doctors_are_clinical if role.clinical with input as _staff("R0260")

test_receptionists_are_not_clinical if not role.clinical with input as _staff("R1730")

test_social_workers_are_not_clinical if not role.clinical with input as _staff("R1330")

test_citizens_are_not_clinical if not role.clinical with input as _citizen

test_an_unknown_role_is_not_clinical if not role.clinical with input as _staff("R9999")

test_doctors_see_every_kind_without_masks if {
	kinds := role.kinds with input as _staff("R0260")
	count(kinds) == 15
	kinds.Condition.masked == set()
	not role.limited with input as _staff("R0260")
	not role.masks with input as _staff("R0260")
}

test_reception_sees_three_kinds_without_free_text if {
	kinds := role.kinds with input as _staff("R1730")
	object.keys(kinds) == {"Registration", "Appointment", "Contact"}
	every _, entry in kinds {
		"note" in entry.masked
	}
	role.limited with input as _staff("R1730")
	role.masks with input as _staff("R1730")
}

test_citizens_do_not_see_alerts if {
	kinds := role.kinds with input as _citizen
	not kinds.Alert
	kinds.Condition
}

test_an_unknown_role_sees_nothing if role.kinds == {} with input as _staff("R9999")

test_a_single_masked_field_is_a_field_left_out if {
	table := {"doctor": {"kinds": ["Condition"], "masked": {"Condition": ["note"]}}}
	role.masks with input as _staff("R0260") with data.role_kinds as table
}
