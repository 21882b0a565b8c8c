package onelondon.role_test

import data.onelondon.role

_staff(code) := {"caller": {"citizen": false, "role": code, "activities": []}}

_doing(code, activities) := {"caller": {"citizen": false, "role": code, "activities": activities}}

_citizen := {"caller": {"citizen": true, "role": ""}}

test_a_general_practitioner_is_a_doctor if role.group == "doctor" with input as _staff("R0260")

test_a_receptionist_is_administrative if role.group == "administrative" with input as _staff("R1730")

test_a_citizen_has_a_group_of_their_own if role.group == "citizen" with input as _citizen

test_an_unknown_role_has_no_group if not role.group with input as _staff("R9999")

test_staff_without_a_role_have_no_group if not role.group with input as _staff("")

test_detailed_records_show_every_kind_to_a_doctor if {
	every activity in ["B0360", "B0380"] {
		count(role.kinds) == 16 with input as _doing("R0260", [activity])
	}
}

test_a_summary_leaves_out_results_and_letters if {
	every activity in ["B0264", "B0370"] {
		kinds := object.keys(role.kinds) with input as _doing("R0260", [activity])
		kinds & {"AllergyIntolerance", "Medication", "Condition", "CarePlan"} == {"AllergyIntolerance", "Medication", "Condition", "CarePlan"}
		kinds & {"Observation", "DiagnosticReport", "Encounter"} == set()
	}
	role.limited with input as _doing("R0260", ["B0370"])
}

test_views_add_up if count(role.kinds) == 16 with input as _doing("R0260", ["B0360", "B0370", "B0825"])

test_activities_without_a_view_show_demographics_alone if {
	every activity in ["B0082", "B0401", "B1611", "B9999"] {
		kinds := object.keys(role.kinds) with input as _doing("R0260", [activity])
		kinds == {"Registration", "Appointment", "Contact"}
	}
}

test_an_activity_shows_nothing_that_the_role_does_not if {
	kinds := object.keys(role.kinds) with input as _doing("R1730", ["B0360"])
	kinds == {"Registration", "Appointment", "Contact"}
}

test_activities_that_nobody_knows_of_show_no_more_than_none if {
	role.kinds == {} with input as {"caller": {"citizen": false, "role": "R9999", "activities": ["B0360"]}}
	kinds := object.keys(role.kinds) with input as {"caller": {"citizen": false, "role": "R0260"}}
	kinds == {"Registration", "Appointment", "Contact"}
}

test_in_an_emergency_activities_do_not_limit_a_doctor if {
	count(role.kinds) == 16 with input as object.union(
		_doing("R0260", ["B0082", "B0370"]),
		{"purpose": "ETREAT", "emergency": true},
	)
}

test_a_missing_role_has_no_group if not role.group with input as {"caller": {"citizen": false}}

test_a_citizen_with_a_role_has_no_group if not role.group with input as {"caller": {"citizen": true, "role": "R0260"}}

test_doctors_are_clinical if role.clinical with input as _staff("R0260")

test_receptionists_are_not_clinical if not role.clinical with input as _staff("R1730")

test_social_workers_are_not_clinical if not role.clinical with input as _staff("R1330")

test_citizens_are_not_clinical if not role.clinical with input as _citizen

test_an_unknown_role_is_not_clinical if not role.clinical with input as _staff("R9999")

test_doctors_see_every_kind_without_masks if {
	kinds := role.kinds with input as _staff("R0260")
	count(kinds) == 16
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

test_detailed_records_hold_every_heading_of_the_standard if {
	{heading | some heading in data.views.detailed} == object.keys(data.headings)
	count(data.headings) == 38
}

test_a_summary_holds_these_headings if {
	{heading | some heading in data.views.summary} == {
		"Person demographics",
		"GP practice",
		"Alerts",
		"Legal information",
		"Professional contacts",
		"Personal contacts",
		"Future appointments",
		"Vaccinations",
		"Problem list",
		"Procedures and therapies",
		"Allergies and adverse reactions",
		"Medications and medical devices",
		"Contingency/safety plans",
		"End of life care",
	}
}

test_demographics_hold_these_headings if {
	{heading | some heading in data.views.demographics} == {
		"Person demographics",
		"GP practice",
		"Professional contacts",
		"Personal contacts",
		"Future appointments",
	}
}

test_each_heading_is_held_by_these_kinds if {
	data.headings == {
		"Person demographics": ["Registration"],
		"GP practice": ["Registration"],
		"About me": ["CarePlan", "UrgentCarePlan", "Document"],
		"Individual requirements": ["Alert"],
		"Alerts": ["Alert"],
		"Legal information": ["CarePlan", "UrgentCarePlan", "Document"],
		"Safeguarding": ["Alert"],
		"Professional contacts": ["Contact"],
		"Personal contacts": ["Contact"],
		"Participation in research": [],
		"Referral details": ["Referral"],
		"Contacts with professionals": ["Encounter"],
		"Admission details": ["Encounter"],
		"Discharge details": ["Encounter"],
		"Future appointments": ["Appointment"],
		"Vaccinations": ["Immunisation"],
		"Problem list": ["Condition"],
		"Procedures and therapies": ["Procedure"],
		"Social context": ["Observation"],
		"Services and care": ["CarePlan"],
		"Primary support reason": ["CarePlan"],
		"Family history": ["Observation"],
		"Investigation results": ["Observation", "DiagnosticReport"],
		"Investigations requested": ["Referral"],
		"Examination findings": ["Observation"],
		"Pregnancy status": ["Observation"],
		"Assessments": ["Observation"],
		"Formulation": ["Document"],
		"Risks": ["Alert"],
		"Allergies and adverse reactions": ["AllergyIntolerance"],
		"Medications and medical devices": ["Medication"],
		"Equipment and adaptations": ["CarePlan"],
		"Plan and requested actions": ["CarePlan"],
		"Care and support plan": ["CarePlan"],
		"Contingency/safety plans": ["CarePlan", "UrgentCarePlan"],
		"Additional support plans": ["CarePlan", "UrgentCarePlan"],
		"End of life care": ["CarePlan", "UrgentCarePlan"],
		"Documents": ["Document"],
	}
}

test_each_activity_shows_this if {
	{activity: view | some activity, entry in data.activities; view := object.get(entry, "view", "nothing")} == {
		"B0082": "nothing",
		"B0264": "summary",
		"B0360": "detailed",
		"B0370": "summary",
		"B0380": "detailed",
		"B0401": "nothing",
		"B0825": "demographics",
		"B1611": "nothing",
	}
}
