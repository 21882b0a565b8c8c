package onelondon.safeguarding_test

import data.onelondon.safeguarding

_staff(code, labels) := {"caller": {"citizen": false, "role": code}, "record": {"labels": labels}}

_citizen(labels) := {"caller": {"citizen": true, "role": ""}, "record": {"labels": labels}}

test_clinicians_and_social_workers_see_it if {
	every code in ["R0260", "R0620", "R1330"] {
		safeguarding.released with input as _staff(code, {"safeguarding": true})
	}
}

test_reception_does_not_see_it if {
	not safeguarding.released with input as _staff("R1730", {"safeguarding": true})
	safeguarding.released with input as _staff("R1730", {"safeguarding": false})
}

test_it_is_not_in_the_own_view if {
	not safeguarding.released with input as _citizen({"safeguarding": true})
	safeguarding.released with input as _citizen({"safeguarding": false})
}

test_what_nobody_says_or_presumes_is_withheld if {
	not safeguarding.released with input as _citizen({})
	not safeguarding.released with input as {}
}
