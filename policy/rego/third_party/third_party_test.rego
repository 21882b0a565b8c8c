package onelondon.third_party_test

import data.onelondon.third_party

_asked(citizen, labels) := {"caller": {"citizen": citizen}, "record": {"labels": labels}}

test_staff_see_what_is_about_others if third_party.released with input as _asked(false, {"third_party": true})

test_the_person_sees_what_is_about_nobody_else if third_party.released with input as _asked(true, {"third_party": false})

test_the_person_does_not_see_what_is_about_others if {
	not third_party.released with input as _asked(true, {"third_party": true})
}

test_what_nobody_says_or_presumes_is_withheld if {
	not third_party.released with input as _asked(true, {})
	not third_party.released with input as {"record": {"labels": {"third_party": true}}}
	not third_party.released with input as {"record": {"labels": {"third_party": false}}}
}

test_nothing_else_is_presumed if {label | some label in data.presumed} == {"third_party", "safeguarding"}
