package onelondon.objection_test

import data.onelondon.objection

_staff(said, organisation) := {
	"caller": {"citizen": false, "organisation": "RYJ"},
	"person": {"objection": said},
	"record": {"organisation": organisation},
}

test_sharing_stands_unless_an_objection_is_upheld if {
	every said in ["none", "requested", "not_upheld"] {
		objection.sharing with input as _staff(said, "F84010")
		objection.released with input as _staff(said, "F84010")
	}
}

test_an_upheld_objection_withholds_other_organisations_records if {
	not objection.sharing with input as _staff("upheld", "F84010")
	not objection.released with input as _staff("upheld", "F84010")
}

test_an_upheld_objection_leaves_the_own_organisations_records if objection.released with input as _staff("upheld", "RYJ")

test_a_register_that_says_nothing_is_taken_as_an_objection if {
	not objection.sharing with input as _staff("", "F84010")
	not objection.released with input as _staff("", "F84010")
	not objection.released with input as {"caller": {"citizen": false, "organisation": "RYJ"}}
}

test_a_record_without_an_organisation_is_withheld_from_the_shared_record if {
	not objection.released with input as {
		"caller": {"citizen": false, "organisation": "RYJ"},
		"person": {"objection": "upheld"},
		"record": {},
	}
}

test_an_objection_does_not_hide_the_record_from_the_person if {
	objection.released with input as {
		"caller": {"citizen": true, "organisation": ""},
		"person": {"objection": "upheld"},
		"record": {"organisation": "F84010"},
	}
}

test_an_objection_that_limits_nothing_was_considered if {
	objection.considered with input as _staff("requested", "RYJ")
	objection.considered with input as _staff("not_upheld", "RYJ")
	not objection.considered with input as _staff("none", "RYJ")
	not objection.considered with input as _staff("upheld", "RYJ")
}

test_a_broken_glass_opens_an_upheld_objection if {
	objection.released with input as {
		"caller": {"citizen": false, "role": "R0260", "activities": ["B0082"], "organisation": "RYJ"},
		"purpose": "ETREAT",
		"emergency": true,
		"person": {"objection": "upheld"},
		"record": {"organisation": "F84010"},
	}
}
