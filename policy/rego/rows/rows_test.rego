package onelondon.rows_test

import data.onelondon.rows

_asked(objection, record) := {
	"caller": {"citizen": false, "organisation": "RYJ"},
	"person": {"objection": objection},
	"record": record,
}

test_an_open_record_of_somebody_without_objection_is_released if {
	rows.released with input as _asked("none", {"organisation": "F84010", "labels": {"sealed": false}})
}

test_a_seal_alone_withholds if {
	not rows.released with input as _asked("none", {"organisation": "F84010", "labels": {"sealed": true}})
}

test_an_objection_alone_withholds if {
	not rows.released with input as _asked("upheld", {"organisation": "F84010", "labels": {"sealed": false}})
}

test_nothing_known_releases_nothing if not rows.released with input as {}
