package onelondon.restricted_test

import data.onelondon.restricted

_three := {"gender_recognition", "assisted_conception", "venereal_disease"}

_asked(code, preferences) := {
	"caller": {"citizen": false, "role": code, "activities": ["B0082", "B0360"], "organisation": "RYJ"},
	"purpose": "TREAT",
	"relationship": "record",
	"person": {"preferences": preferences, "deceased": false},
	"emergency": false,
}

_said(effect, category, party, code) := [{"effect": effect, "category": category, "party": party, "code": code}]

test_doctors_and_nurses_see_venereal_disease_and_nothing_else_restricted if {
	every code in ["R0260", "R0620"] {
		restricted.withheld == _three - {"venereal_disease"} with input as _asked(code, [])
	}
}

test_others_see_nothing_restricted if {
	every code in ["R1290", "R1330", "R1730", "R9999"] {
		restricted.withheld == _three with input as _asked(code, [])
	}
}

test_the_law_opens_it_for_treatment_alone if {
	restricted.withheld == _three with input as object.union(_asked("R0260", []), {"purpose": "HRESCH"})
}

test_what_the_person_denied_stays_closed_to_doctors if {
	restricted.withheld == _three with input as _asked("R0260", _said("deny", "venereal_disease", "anyone", ""))
	restricted.withheld == _three with input as object.remove(_asked("R0260", []), ["person"])
}

test_what_the_person_allowed_is_open if {
	restricted.withheld == {"assisted_conception"} with input as _asked(
		"R0260",
		_said("allow", "gender_recognition", "organisation", "RYJ"),
	)
}

test_a_broken_glass_opens_what_the_law_lets_it if {
	restricted.withheld == {"assisted_conception"} with input as object.union(
		_asked("R0260", _said("deny", "all", "anyone", "")),
		{"purpose": "ETREAT", "emergency": true},
	)
}

test_people_see_everything_about_themselves if {
	asked := object.union(_asked("", []), {
		"caller": {"citizen": true, "role": ""},
		"purpose": "PATRQT",
		"relationship": "self",
	})
	restricted.withheld == set() with input as asked
}

test_nothing_known_withholds_everything if restricted.withheld == _three with input as {}

test_the_law_opens_each_category_to_these if {
	{category: [law.open_to, law.in_emergency] | some category, law in data.restricted} == {
		"gender_recognition": [[], true],
		"assisted_conception": [[], false],
		"venereal_disease": [["doctor", "nurse"], true],
	}
}
