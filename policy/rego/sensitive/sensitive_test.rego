package onelondon.sensitive_test

import data.onelondon.sensitive

_eight := {"self_harm", "alcohol", "mental_health", "sexual_health", "fertility", "abortion", "drugs", "hiv"}

_asked(code, preferences) := {
	"caller": {"citizen": false, "role": code, "activities": ["B0082", "B0360"], "organisation": "RYJ"},
	"purpose": "TREAT",
	"relationship": "record",
	"person": {"preferences": preferences},
	"emergency": false,
}

_proxy(age) := {
	"caller": {"citizen": true, "role": "", "activities": [], "organisation": ""},
	"purpose": "PATRQT",
	"relationship": "proxy",
	"person": {"preferences": [], "authority": "parent", "age": age, "capacity": "presumed", "deceased": false},
}

_said(effect, category, party, code) := [{"effect": effect, "category": category, "party": party, "code": code}]

test_clinicians_see_every_category_of_somebody_who_said_nothing if {
	every code in ["R0260", "R0620", "R1290"] {
		sensitive.withheld == set() with input as _asked(code, [])
	}
}

test_other_staff_see_none_of_the_eight_by_default if {
	every code in ["R1730", "R1330", "R9999"] {
		sensitive.withheld == _eight with input as _asked(code, [])
	}
}

test_a_person_may_allow_a_category_to_other_staff if {
	sensitive.withheld == _eight - {"hiv"} with input as _asked("R1330", _said("allow", "hiv", "role", "R1330"))
}

test_a_denial_withholds_from_clinicians if {
	sensitive.withheld == {"hiv"} with input as _asked("R0260", _said("deny", "hiv", "anyone", ""))
	sensitive.withheld == _eight with input as _asked("R0260", _said("deny", "all", "anyone", ""))
}

test_a_broken_glass_opens_what_was_denied if {
	sensitive.withheld == set() with input as object.union(
		_asked("R0260", _said("deny", "all", "anyone", "")),
		{"purpose": "ETREAT", "emergency": true},
	)
}

test_people_see_everything_about_themselves if {
	sensitive.withheld == set() with input as object.union(
		_proxy("16_and_over"),
		{"relationship": "self", "person": {"preferences": _said("deny", "all", "anyone", "")}},
	)
}

test_a_parent_of_a_young_child_sees_the_categories_and_of_an_older_one_does_not if {
	sensitive.withheld == set() with input as _proxy("under_11")
	sensitive.withheld == _eight with input as _proxy("11_to_12")
}

test_a_denial_to_anyone_binds_a_proxy if {
	sensitive.withheld == {"hiv"} with input as object.union(
		_proxy("under_11"),
		{"person": {"preferences": _said("deny", "hiv", "anyone", "")}},
	)
}

test_where_nobody_knows_what_the_person_said_all_eight_are_withheld if {
	sensitive.withheld == _eight with input as object.remove(_asked("R0260", []), ["person"])
	sensitive.withheld == _eight with input as _asked("R0260", _said("deny", "gout", "anyone", ""))
	sensitive.withheld == _eight with input as {}
}

test_preferences_that_nobody_understands_bind_neither_an_emergency_nor_the_person if {
	sensitive.withheld == set() with input as object.union(
		_asked("R0260", _said("deny", "gout", "anyone", "")),
		{"purpose": "ETREAT", "emergency": true},
	)
	sensitive.withheld == set() with input as object.union(
		_proxy("16_and_over"),
		{"relationship": "self", "person": {"preferences": _said("deny", "gout", "anyone", "")}},
	)
}
