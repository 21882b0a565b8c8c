package onelondon.plan_test

import data.onelondon.plan

_record(labels) := {"kind": "UrgentCarePlan", "organisation": "CMC01", "labels": labels}

_staff(code, purpose, relationship) := {
	"caller": {"citizen": false, "role": code, "activities": ["B0082"], "organisation": "RRU"},
	"purpose": purpose,
	"relationship": relationship,
	"person": {"deceased": false},
	"emergency": false,
}

_citizen(relationship) := {
	"caller": {"citizen": true, "role": "", "activities": [], "organisation": ""},
	"purpose": "PATRQT",
	"relationship": relationship,
	"person": {"deceased": false},
	"emergency": false,
}

_about(asked, record) := object.union(asked, {"record": record})

_broken := object.union(_staff("R9102", "ETREAT", "claimed"), {"emergency": true})

test_a_plan_with_consent_is_released if {
	plan.released with input as _about(_staff("R1070", "ETREAT", "record"), _record({"plan_shared": true}))
}

test_a_plan_without_consent_is_withheld if {
	not plan.released with input as _about(_staff("R1070", "ETREAT", "record"), _record({"plan_shared": false}))
}

test_a_plan_of_which_nobody_knows_whether_there_is_consent_is_withheld if {
	not plan.released with input as _about(_staff("R1070", "ETREAT", "record"), _record({}))
	not plan.released with input as {"record": {"kind": "UrgentCarePlan"}}
	not plan.released with input as {}
}

test_the_organisation_sees_its_own_plan if {
	record := object.union(_record({"plan_shared": false}), {"organisation": "RRU"})
	plan.released with input as _about(_staff("R1070", "TREAT", "record"), record)
}

test_the_person_sees_their_own_plan_and_a_proxy_only_one_that_is_shared if {
	plan.released with input as _about(_citizen("self"), _record({"plan_shared": false}))
	not plan.released with input as _about(_citizen("proxy"), _record({"plan_shared": false}))
	plan.released with input as _about(_citizen("proxy"), _record({"plan_shared": true}))
}

test_a_citizen_has_no_organisation_whose_plan_it_could_be if {
	record := object.union(_record({}), {"organisation": ""})
	not plan.released with input as _about(_citizen("proxy"), record)
}

test_a_broken_glass_opens_a_plan_without_consent if {
	plan.released with input as _about(_broken, _record({"plan_shared": false}))
}

test_other_kinds_need_no_such_consent if {
	plan.released with input as _about(_staff("R1070", "TREAT", "record"), {"kind": "CarePlan", "organisation": "RYJ", "labels": {}})
}

test_staff_are_told_that_plans_are_limited_unless_they_break_the_glass if {
	plan.limited with input as _staff("R0050", "TREAT", "record")
	not plan.limited with input as _broken
	not plan.limited with input as _citizen("self")
	not plan.limited with input as {}
}

test_a_paramedic_whose_organisation_cares_sees_how_to_get_in if {
	every purpose in ["TREAT", "ETREAT"] {
		plan.masked("UrgentCarePlan") == set() with input as _staff("R1070", purpose, "record")
	}
}

test_a_paramedic_who_claims_to_care_sees_it_in_an_emergency_alone if {
	plan.masked("UrgentCarePlan") == set() with input as _staff("R1070", "ETREAT", "claimed")
	plan.masked("UrgentCarePlan") == {"accessToHome"} with input as _staff("R1070", "TREAT", "claimed")
}

test_nobody_sees_it_who_does_not_care_or_asks_for_anything_but_care if {
	every purpose in ["HOPERAT", "HRESCH", "PATRQT", ""] {
		plan.masked("UrgentCarePlan") == {"accessToHome"} with input as _staff("R1070", purpose, "record")
	}
	every relationship in ["none", "proxy", ""] {
		plan.masked("UrgentCarePlan") == {"accessToHome"} with input as _staff("R1070", "ETREAT", relationship)
	}
}

test_a_citizen_who_says_that_they_are_staff_does_not if {
	pretending := object.union(_staff("R1070", "ETREAT", "record"), {"caller": {"citizen": true}})
	plan.masked("UrgentCarePlan") == {"accessToHome"} with input as pretending
}

test_who_does_not_go_to_people_at_home_does_not_see_it if {
	every code in ["R9102", "R0050", "R1290", "R1330", "R1730", "R9999", ""] {
		every relationship in ["record", "claimed"] {
			plan.masked("UrgentCarePlan") == {"accessToHome"} with input as _staff(code, "ETREAT", relationship)
		}
	}
}

test_the_person_sees_it_and_no_proxy_does if {
	plan.masked("UrgentCarePlan") == set() with input as _citizen("self")
	plan.masked("UrgentCarePlan") == {"accessToHome"} with input as _citizen("proxy")
}

test_a_broken_glass_shows_how_to_get_in if plan.masked("UrgentCarePlan") == set() with input as _broken

test_where_nothing_is_known_how_to_get_in_is_masked if plan.masked("UrgentCarePlan") == {"accessToHome"} with input as {}

test_nothing_else_is_masked_here if plan.masked("Contact") == set() with input as {}

test_these_roles_go_to_people_at_home if {
	object.keys(data.home_access) == {
		"E1002", "R0260", "R0261", "R0262", "R0263", "R0270", "R0690", "R0700", "R1070", "R1080", "R1100", "R1974", "R1975",
		"R6200", "R6300", "R9811",
	}
}

test_each_of_them_is_a_clinical_role_of_that_name if {
	every code, title in data.home_access {
		some group in data.roles
		group.clinical == true
		group.roles[code] == title
	}
}
