package onelondon.proxy_test

import data.onelondon.proxy

_asked(authority, age, capacity) := {
	"caller": {"citizen": true, "role": ""},
	"relationship": "proxy",
	"person": {"authority": authority, "age": age, "capacity": capacity, "deceased": false},
}

test_a_parent_acts_for_a_young_child if {
	every capacity in ["presumed", "competent", "lacking"] {
		proxy.holds with input as _asked("parent", "under_11", capacity)
	}
}

test_a_parent_is_not_stopped_at_11_before_anybody_has_assessed_the_child if {
	proxy.holds with input as _asked("parent", "11_to_12", "presumed")
}

test_a_competent_child_decides_alone if {
	not proxy.holds with input as _asked("parent", "11_to_12", "competent")
	not proxy.holds with input as _asked("parent", "13_to_15", "competent")
}

test_from_13_a_parent_acts_only_for_a_child_who_lacks_capacity if {
	not proxy.holds with input as _asked("parent", "13_to_15", "presumed")
	proxy.holds with input as _asked("parent", "13_to_15", "lacking")
}

test_a_parent_does_not_act_for_an_adult if {
	every capacity in ["presumed", "competent", "lacking"] {
		not proxy.holds with input as _asked("parent", "16_and_over", capacity)
	}
}

test_an_attorney_acts_for_an_adult_who_lacks_capacity if {
	proxy.holds with input as _asked("attorney", "16_and_over", "lacking")
	not proxy.holds with input as _asked("attorney", "16_and_over", "presumed")
	not proxy.holds with input as _asked("attorney", "13_to_15", "lacking")
}

test_nobody_acts_where_something_is_unknown if {
	not proxy.holds with input as _asked("parent", "", "presumed")
	not proxy.holds with input as _asked("", "under_11", "presumed")
	not proxy.holds with input as _asked("parent", "under_11", "")
	not proxy.holds with input as {"caller": {"citizen": true}, "relationship": "proxy"}
}

test_death_ends_authority if {
	not proxy.holds with input as object.union(_asked("parent", "under_11", "presumed"), {"person": {"deceased": true}})
}

test_staff_and_people_without_the_relationship_are_no_proxies if {
	not proxy.holds with input as object.union(_asked("parent", "under_11", "presumed"), {"caller": {"citizen": false}})
	not proxy.holds with input as object.union(_asked("parent", "under_11", "presumed"), {"relationship": "none"})
}

test_a_proxy_of_an_older_child_is_limited if {
	proxy.limited with input as _asked("parent", "11_to_12", "presumed")
	proxy.limited with input as _asked("parent", "", "presumed")
	proxy.limited with input as {"relationship": "proxy"}
	not proxy.limited with input as _asked("parent", "under_11", "presumed")
	not proxy.limited with input as _asked("attorney", "16_and_over", "lacking")
}

test_a_person_in_their_own_view_is_not_limited if {
	not proxy.limited with input as object.union(_asked("", "13_to_15", "presumed"), {"relationship": "self"})
}

test_who_may_act_for_whom_is_this_table if {
	data.proxies == {
		"parent": {
			"under_11": ["presumed", "competent", "lacking"],
			"11_to_12": ["presumed", "lacking"],
			"13_to_15": ["lacking"],
		},
		"attorney": {"16_and_over": ["lacking"]},
	}
}
