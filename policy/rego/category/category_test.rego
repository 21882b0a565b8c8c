package onelondon.category_test

import data.onelondon.category

_labels(carried) := object.union(
	{each: false | some each, _ in data.categories},
	{each: true | some each in carried},
)

_asked(code, preferences, record) := {
	"caller": {"citizen": false, "role": code, "activities": [], "organisation": "RYJ"},
	"purpose": "TREAT",
	"relationship": "record",
	"person": {"preferences": preferences, "deceased": false},
	"record": object.union({"kind": "Condition", "organisation": "F84010", "labels": _labels([])}, record),
}

_self(record) := object.union(_asked("", [], record), {
	"caller": {"citizen": true, "organisation": ""},
	"relationship": "self",
	"purpose": "PATRQT",
})

_no_hiv := [{"effect": "deny", "category": "hiv", "party": "anyone", "code": ""}]

test_what_was_denied_and_what_the_law_restricts_are_withheld_together if {
	category.withheld == {"hiv", "gender_recognition", "assisted_conception"} with input as _asked("R0260", _no_hiv, {})
}

test_a_record_of_nothing_that_is_withheld_is_released if {
	category.released with input as _asked("R0260", _no_hiv, {})
	category.released with input as _asked("R0260", _no_hiv, {"labels": _labels({"drugs", "venereal_disease"})})
}

test_a_record_of_something_that_is_withheld_is_not if {
	not category.released with input as _asked("R0260", _no_hiv, {"labels": _labels({"hiv"})})
	not category.released with input as _asked("R0260", [], {"labels": _labels({"gender_recognition"})})
	not category.released with input as _asked("R1730", [], {"labels": _labels({"drugs"})})
}

test_a_record_of_which_nobody_can_say_is_not if {
	not category.released with input as object.remove(_asked("R0260", [], {}), ["record"])
	not category.released with input as {}
}

test_clinicians_see_their_own_organisations_records_and_reception_does_not if {
	own := {"organisation": "RYJ", "labels": _labels({"hiv", "gender_recognition"})}
	category.released with input as _asked("R0260", _no_hiv, own)
	not category.released with input as _asked("R1730", [], own)
}

test_an_allergy_is_never_withheld_for_what_it_is_about if {
	every code in ["R0260", "R1330"] {
		category.released with input as _asked(code, _no_hiv, {"kind": "AllergyIntolerance", "labels": _labels({"hiv"})})
	}
}

test_people_see_everything_about_themselves if {
	category.withheld == set() with input as _self({})
	category.released with input as _self({"labels": _labels({"hiv", "gender_recognition"})})
}
