package onelondon.behalf_test

import data.onelondon.behalf
import data.onelondon.oversight

# A receptionist at the person's practice to whom an adult said that a category is to be closed.
_told := {
	"caller": {"citizen": false, "role": "R1730", "activities": [], "organisation": "F84010"},
	"purpose": "",
	"action": "set_preferences",
	"self": false,
	"own_organisation": false,
	"relationship": "registered",
	"choice": {"kind": "preference", "opens": false, "undoes_clinician": false},
	"behalf": {"word": "self", "evidence": false},
	"person": {"age": "16_and_over", "capacity": "presumed", "authority": "", "deceased": false},
}

_opening := object.union(_told, {"choice": {"opens": true}, "behalf": {"evidence": true}})

_parent := object.union(_told, {
	"behalf": {"word": "parent", "evidence": true},
	"person": {"age": "under_11", "authority": "parent"},
})

_attorney := object.union(_told, {
	"behalf": {"word": "attorney", "evidence": true},
	"person": {"capacity": "lacking", "authority": "attorney"},
})

# A doctor who decides in the best interests of an adult.
_doctor := object.union(_told, {
	"caller": {"role": "R0260"},
	"behalf": {"word": "clinician", "evidence": true},
	"person": {"capacity": "lacking"},
})

_kinds := {"preference", "objection", "opt_out", "told"}

_but(input_, change) := object.union(input_, change)

test_a_person_tells_the_receptionist if {
	oversight.decision == {"permitted": true, "reasons": {"recorded_on_word"}, "alert": false, "pending": false, "named": false} with input as _told
	every kind in _kinds {
		oversight.permitted with input as _but(_told, {"choice": {"kind": kind}})
		oversight.permitted with input as _but(_opening, {"choice": {"kind": kind}})
	}
	not oversight.permitted with input as _but(_told, {"choice": {"kind": ""}})
	not oversight.permitted with input as _but(_told, {"choice": {"kind": "capacity"}})
}

test_whoever_cares_for_the_person_records if {
	every relationship in {"registered", "record", "referral"} {
		behalf.recorded with input as _but(_told, {"relationship": relationship})
	}
	every relationship in {"claimed", "none", "", "self", "proxy"} {
		not behalf.recorded with input as _but(_told, {"relationship": relationship})
	}
	not behalf.recorded with input as object.remove(_told, ["relationship"])
}

test_what_is_not_staff_in_a_role_of_the_table_does_not if {
	every code in {"R1730", "R0260", "R0620", "R1290", "R8014", "R5105"} {
		behalf.recorded with input as _but(_told, {"caller": {"role": code}})
	}
	every code in {"R0001", "R5007", "R9999", ""} {
		not behalf.recorded with input as _but(_told, {"caller": {"role": code}})
	}
	every code in {"R1730", "R5105", ""} {
		not behalf.recorded with input as _but(_told, {"caller": {"role": code, "citizen": true}})
	}
	not behalf.recorded with input as object.remove(_told, ["caller"])
}

test_nothing_else_is_done_on_a_word if {
	every action in {"read_preferences", "preview_preferences", "read_own_accesses", "break_glass", "review_alert"} {
		not oversight.permitted with input as _but(_told, {"action": action})
	}
}

test_a_word_that_nobody_gave_is_none if {
	not behalf.recorded with input as _but(_told, {"behalf": {"word": ""}})
	not behalf.recorded with input as _but(_told, {"behalf": {"word": "neighbour"}})
	not behalf.recorded with input as object.remove(_told, ["behalf"])
}

test_what_opens_needs_evidence_and_is_reviewed if {
	oversight.decision == {"permitted": true, "reasons": {"recorded_on_word"}, "alert": true, "pending": false, "named": false} with input as _opening
	oversight.decision == {"permitted": false, "reasons": {"recorded_on_word", "evidence_missing"}, "alert": false, "pending": false, "named": false} with input as _but(_opening, {"behalf": {"evidence": false}})
	not oversight.permitted with input as _but(object.remove(_told, ["behalf"]), {"behalf": {"word": "self"}, "choice": {"opens": true}})
}

test_a_choice_of_which_nobody_knows_whether_it_opens_is_not_recorded if {
	unknown := object.union(object.remove(_told, ["choice"]), {"choice": {"kind": "preference"}, "behalf": {"evidence": true}})
	behalf.recorded with input as unknown
	oversight.alert with input as unknown
	none := object.union(object.remove(_told, ["choice"]), {"choice": {"kind": "preference"}})
	not oversight.permitted with input as none
	not behalf.recorded with input as object.union(object.remove(_doctor, ["choice"]), {"choice": {"kind": "preference"}})
}

test_nobody_speaks_for_the_dead if {
	not behalf.recorded with input as _but(_told, {"person": {"deceased": true}})
	not behalf.recorded with input as object.union(
		object.remove(_told, ["person"]),
		{"person": {"age": "16_and_over", "capacity": "presumed"}},
	)
}

test_a_person_speaks_for_themselves_who_can_decide if {
	_ages("self") == {
		"11_to_12": {"competent"},
		"13_to_15": {"presumed", "competent"},
		"16_and_over": {"presumed", "competent"},
	}
}

test_a_proxys_word_counts_where_the_proxy_could_choose if {
	oversight.decision == {"permitted": true, "reasons": {"recorded_on_word"}, "alert": false, "pending": false, "named": false} with input as _parent
	oversight.decision == {"permitted": true, "reasons": {"recorded_on_word"}, "alert": false, "pending": false, "named": false} with input as _attorney
	oversight.reasons == {"recorded_on_word", "evidence_missing"} with input as _but(_parent, {"behalf": {"evidence": false}})
	oversight.alert with input as _but(_parent, {"choice": {"opens": true}})
	oversight.alert with input as _but(_attorney, {"choice": {"opens": true}})
	not behalf.recorded with input as _but(_parent, {"person": {"age": "13_to_15"}})
	not behalf.recorded with input as _but(_parent, {"person": {"authority": ""}})
	not behalf.recorded with input as _but(_parent, {"person": {"authority": "attorney"}})
	not behalf.recorded with input as _but(_attorney, {"person": {"capacity": "presumed"}})
	not behalf.recorded with input as _but(_attorney, {"person": {"authority": "parent"}})
	not behalf.recorded with input as _but(_told, {"person": {"capacity": "lacking", "authority": "attorney"}})
}

test_a_clinician_closes_in_the_persons_best_interests_and_it_is_reviewed if {
	oversight.decision == {"permitted": true, "reasons": {"recorded_on_word"}, "alert": true, "pending": false, "named": false} with input as _doctor
	oversight.reasons == {"recorded_on_word", "evidence_missing"} with input as _but(_doctor, {"behalf": {"evidence": false}})
	every kind in _kinds {
		behalf.recorded with input as _but(_doctor, {"choice": {"kind": kind}})
	}
	behalf.recorded with input as _but(_doctor, {"caller": {"role": "R0620"}})
	every code in {"R1730", "R1290", "R8014", "R5105"} {
		not behalf.recorded with input as _but(_doctor, {"caller": {"role": code}})
	}
	_ages("clinician") == {
		"under_11": {"presumed", "lacking"},
		"11_to_12": {"presumed", "lacking"},
		"13_to_15": {"lacking"},
		"16_and_over": {"presumed", "lacking"},
	}
}

test_a_clinician_opens_nothing_but_what_a_clinician_closed if {
	every kind in _kinds {
		not behalf.recorded with input as _but(_doctor, {"choice": {"kind": kind, "opens": true}})
	}
	oversight.alert with input as _but(_doctor, {"choice": {"opens": true, "undoes_clinician": true}})
	undone := _but(_opening, {"choice": {"undoes_clinician": true}})
	not behalf.recorded with input as undone with data.recorders.self.opens as []
}

# _ages says for whom a word counts, found by asking.
_ages(word) := {age: capacities |
	some age in ["under_11", "11_to_12", "13_to_15", "16_and_over", ""]
	capacities := {capacity |
		some capacity in ["presumed", "competent", "lacking", ""]
		asked := _but(_told, {
			"caller": {"role": "R0260"},
			"behalf": {"word": word, "evidence": true},
			"person": {"age": age, "capacity": capacity},
		})
		behalf.recorded with input as asked
	}
	count(capacities) > 0
}

test_recorders_are_these if {
	staff := {"doctor", "nurse", "pharmacist", "other_clinical", "social_care", "administrative"}
	{word: {group | some group in entry.groups} | some word, entry in data.recorders} == {
		"self": staff,
		"parent": staff,
		"attorney": staff,
		"clinician": {"doctor", "nurse"},
	}
	{word: {kind | some kind in entry.choices} | some word, entry in data.recorders} == {
		"self": _kinds,
		"parent": _kinds,
		"attorney": _kinds,
		"clinician": _kinds,
	}
	{word: {kind | some kind in entry.opens} | some word, entry in data.recorders} == {
		"self": _kinds,
		"parent": _kinds,
		"attorney": _kinds,
		"clinician": set(),
	}
	{word: entry.roles | some word, entry in data.recorders} == {
		"self": ["R5105"],
		"parent": ["R5105"],
		"attorney": ["R5105"],
		"clinician": [],
	}
	{word | some word, entry in data.recorders; count(entry.people) == 0} == {"parent", "attorney"}
}
