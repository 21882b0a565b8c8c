package onelondon.oversight_test

import data.onelondon.oversight

_citizen(action) := {
	"caller": {"citizen": true, "role": "", "activities": [], "organisation": ""},
	"purpose": "",
	"action": action,
	"self": true,
	"own_organisation": false,
	"person": {"age": "16_and_over", "capacity": "presumed", "authority": ""},
}

_parent(action) := object.union(_citizen(action), {
	"self": false,
	"person": {"age": "under_11", "authority": "parent"},
})

_staff(code, action) := {
	"caller": {"citizen": false, "role": code, "activities": [], "organisation": "RYJ"},
	"purpose": "",
	"action": action,
	"self": false,
	"own_organisation": true,
	"person": {"age": "", "capacity": "", "authority": ""},
}

_glass := object.union(_staff("R9102", "break_glass"), {"purpose": "ETREAT", "caller": {"activities": ["B0082"]}})

_own := {"read_preferences", "set_preferences", "preview_preferences", "read_own_accesses"}

_accesses := {
	"read_accesses_of_person",
	"read_accesses_of_caller",
	"read_accesses_of_organisation",
	"read_alerts",
	"review_alert",
}

test_people_choose_and_see_who_looked if {
	every action in _own - {"read_preferences"} {
		oversight.decision == {"permitted": true, "reasons": {"about_oneself"}, "alert": false, "pending": false, "named": false} with input as _citizen(action)
	}
	oversight.decision == {"permitted": true, "reasons": {"about_oneself"}, "alert": false, "pending": false, "named": true} with input as _citizen("read_preferences")
}

test_people_do_not_oversee_others if {
	every action in _accesses | {"break_glass"} {
		oversight.decision == {"permitted": false, "reasons": {"not_permitted"}, "alert": false, "pending": false, "named": false} with input as _citizen(action)
	}
	every action in _own {
		not oversight.permitted with input as object.union(_citizen(action), {"self": false})
	}
}

test_a_person_who_lacks_capacity_looks_and_does_not_choose if {
	every action in _own - {"set_preferences"} {
		oversight.permitted with input as object.union(_citizen(action), {"person": {"capacity": "lacking"}})
	}
	not oversight.permitted with input as object.union(_citizen("set_preferences"), {"person": {"capacity": "lacking"}})
	oversight.permitted with input as object.union(_citizen("set_preferences"), {"person": {"capacity": "competent"}})
	not oversight.permitted with input as object.remove(_citizen("set_preferences"), ["person"])
}

test_a_proxy_chooses_while_authority_holds if {
	every action in _own {
		oversight.reasons == {"acts_for_the_person"} with input as _parent(action)
		not oversight.permitted with input as object.union(_parent(action), {"person": {"age": "16_and_over"}})
	}
	not oversight.permitted with input as _parent("read_alerts")
	not oversight.permitted with input as object.union(_parent("set_preferences"), {"caller": {"citizen": false}})
}

test_overseers_see_their_own_organisations_accesses if {
	every code in ["R0001", "R5105"] {
		every action in _accesses {
			oversight.reasons == {"answers_for_use"} with input as _staff(code, action)
			not oversight.permitted with input as object.union(_staff(code, action), {"own_organisation": false})
		}
	}
}

test_an_overseer_of_everything_sees_all_accesses if {
	oversight.permitted with input as object.union(_staff("R0001", "read_alerts"), {"own_organisation": false})
		with data.overseers.R0001.everywhere as true
}

test_overseers_read_choices_of_those_for_whom_their_organisation_cares if {
	_reads("R0001", "read_preferences", "record")
	not _reads("R0001", "preview_preferences", "record")
	every action in ["read_preferences", "preview_preferences"] {
		every relationship in ["registered", "record", "referral"] {
			_reads("R5105", action, relationship)
		}
		every relationship in ["claimed", "none", "self", ""] {
			not _reads("R5105", action, relationship)
		}
		not oversight.permitted with input as _staff("R5105", action)
		not oversight.permitted with input as _staff("R5105", action) with data.overseers.R5105.everywhere as true
	}
}

_reads(code, action, relationship) if {
	oversight.permitted with input as object.union(_staff(code, action), {"own_organisation": false, "relationship": relationship})
}

test_proxies_are_named_to_the_person_and_to_guardians if {
	cared := {"relationship": "record"}
	oversight.named with input as object.union(_staff("R5105", "read_preferences"), cared)
	not oversight.named with input as object.union(_staff("R0001", "read_preferences"), cared)
	not oversight.named with input as _staff("R5105", "read_preferences")
	not oversight.named with input as object.union(_staff("R5105", "read_alerts"), cared)
	not oversight.named with input as object.union(_staff("R5105", "preview_preferences"), cared)
	not oversight.named with input as _parent("read_preferences")
	not oversight.named with input as object.union(_parent("read_preferences"), {"caller": {"role": "R5105"}, "relationship": "record"})
	not oversight.named with input as object.union(_citizen("read_preferences"), {"caller": {"citizen": false}})
	not oversight.named with input as _citizen("set_preferences")
}

test_overseers_record_no_choice_by_their_office if {
	not oversight.permitted with input as _staff("R0001", "set_preferences")
	not oversight.permitted with input as _staff("R5105", "set_preferences")
	not oversight.permitted with input as _staff("R5105", "set_preferences")
		with data.overseers.R5105.may as ["set_preferences"]
}

test_clinicians_and_reception_oversee_nothing if {
	every code in ["R0260", "R0620", "R1730", "R9999", ""] {
		every action in _accesses | _own {
			not oversight.permitted with input as _staff(code, action)
		}
	}
	not oversight.permitted with input as object.union(_staff("R0001", "read_alerts"), {"caller": {"citizen": true}})
}

test_a_clinician_who_may_override_consent_breaks_the_glass_in_an_emergency if {
	oversight.reasons == {"treats_in_an_emergency"} with input as _glass
}

test_nobody_else_breaks_it if {
	not oversight.permitted with input as object.union(_glass, {"purpose": "TREAT"})
	not oversight.permitted with input as object.union(_glass, {"caller": {"role": "R1730"}})
	not oversight.permitted with input as object.union(_glass, {"caller": {"activities": ["B0360"]}})
	not oversight.permitted with input as object.union(_glass, {"caller": {"citizen": true}})
	not oversight.permitted with input as object.union(_glass, {"action": "break"})
}

test_the_rules_are_open_to_everybody if {
	oversight.reasons == {"rules_are_open"} with input as _citizen("read_rules")
	oversight.permitted with input as _staff("R9999", "read_rules")
}

test_nothing_known_permits_nothing if oversight.decision == {"permitted": false, "reasons": {"not_permitted"}, "alert": false, "pending": false, "named": false} with input as {}

test_overseers_may_do_this if {
	{code: {action | some action in entry.may} | some code, entry in data.overseers} == {
		"R0001": (_accesses | {"read_preferences"}),
		"R5105": (_accesses | {"read_preferences", "preview_preferences", "name_proxies"}),
	}
	every _, entry in data.overseers {
		entry.everywhere == false
	}
}
