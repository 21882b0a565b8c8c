package onelondon.deceased_test

import data.onelondon.deceased

test_a_person_without_a_recorded_death_is_alive if {
	deceased.alive with input as {"person": {"deceased": false}}
	not deceased.recorded with input as {"person": {"deceased": false}}
}

test_a_recorded_death_is_told if {
	not deceased.alive with input as {"person": {"deceased": true}}
	deceased.recorded with input as {"person": {"deceased": true}}
}

test_a_person_of_whom_nobody_knows_is_neither if {
	not deceased.alive with input as {"person": {}}
	not deceased.recorded with input as {}
}
