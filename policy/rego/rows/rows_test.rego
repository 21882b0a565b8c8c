package onelondon.rows_test

import data.onelondon.rows

_free := {
	"sealed": false,
	"safeguarding": false,
	"third_party": false,
	"gender_recognition": false,
	"assisted_conception": false,
	"venereal_disease": false,
	"hiv": false,
}

_asked(objection, preferences, labels) := {
	"caller": {"citizen": false, "role": "R0050", "activities": [], "organisation": "RYJ"},
	"purpose": "TREAT",
	"relationship": "record",
	"person": {"objection": objection, "preferences": preferences},
	"record": {"kind": "Condition", "organisation": "F84010", "labels": object.union(_free, labels)},
}

_no_hiv := [{"effect": "deny", "category": "hiv", "party": "anyone", "code": ""}]

test_an_open_record_of_somebody_without_objection_is_released if rows.released with input as _asked("none", [], {})

test_a_seal_alone_withholds if not rows.released with input as _asked("none", [], {"sealed": true})

test_an_objection_alone_withholds if not rows.released with input as _asked("upheld", [], {})

test_a_denial_alone_withholds if {
	rows.released with input as _asked("none", [], {"hiv": true})
	not rows.released with input as _asked("none", _no_hiv, {"hiv": true})
}

test_a_restriction_by_law_alone_withholds if not rows.released with input as _asked("none", [], {"gender_recognition": true})

test_safeguarding_and_third_parties_alone_withhold_from_the_person if {
	asked := {"caller": {"citizen": true, "role": "", "organisation": ""}, "relationship": "self", "purpose": "PATRQT"}
	person := {"person": {"objection": "none", "preferences": [], "deceased": false}}
	rows.released with input as object.union(_asked("none", [], {}), object.union(asked, person))
	not rows.released with input as object.union(_asked("none", [], {"safeguarding": true}), object.union(asked, person))
	not rows.released with input as object.union(_asked("none", [], {"third_party": true}), object.union(asked, person))
}

test_nothing_known_releases_nothing if not rows.released with input as {}
