package onelondon.sealed_test

import data.onelondon.sealed

_asked(citizen, record) := {"caller": {"citizen": citizen, "organisation": "RYJ"}, "record": record}

test_an_open_record_is_released if {
	sealed.released with input as _asked(false, {"organisation": "F84010", "labels": {"sealed": false}})
}

test_a_sealed_record_does_not_leave_its_organisation if {
	not sealed.released with input as _asked(false, {"organisation": "F84010", "labels": {"sealed": true}})
}

test_a_sealed_record_is_released_in_its_organisation if {
	sealed.released with input as _asked(false, {"organisation": "RYJ", "labels": {"sealed": true}})
}

test_a_record_that_says_nothing_of_seals_is_withheld if {
	not sealed.released with input as _asked(false, {"organisation": "F84010", "labels": {}})
	not sealed.released with input as _asked(false, {})
}

test_a_sealed_record_is_not_in_the_persons_own_view if {
	not sealed.released with input as _asked(true, {"organisation": "RYJ", "labels": {"sealed": true}})
}
