package onelondon.finding_test

import data.onelondon.finding
import data.onelondon.oversight

# The Caldicott guardian of a hospital with a record of the person decides that an objection is not upheld.
_guardian := {
	"caller": {"citizen": false, "role": "R5105", "activities": [], "organisation": "R1H"},
	"purpose": "",
	"action": "decide_objection",
	"self": false,
	"own_organisation": false,
	"relationship": "record",
	"choice": {"kind": "", "opens": true, "undoes_clinician": false},
	"behalf": {"word": "", "evidence": false},
	"finding": {"outcome": "not_upheld", "seconded": false},
	"person": {"age": "16_and_over", "capacity": "presumed", "authority": "", "deceased": false},
}

# A doctor who found that an adult lacks capacity, as another did before.
_doctor := object.union(_guardian, {
	"caller": {"role": "R0260"},
	"action": "record_capacity",
	"relationship": "registered",
	"behalf": {"evidence": true},
	"finding": {"outcome": "lacking", "seconded": true},
})

# A receptionist at the practice, who saw what proves that somebody is a parent.
_desk := object.union(_doctor, {
	"caller": {"role": "R1730"},
	"action": "appoint_proxy",
	"finding": {"outcome": "parent"},
	"person": {"age": "under_11"},
})

_ending := object.union(_desk, {"action": "end_proxy", "finding": {"outcome": "ended", "seconded": false}, "behalf": {"evidence": false}})

_oneself := object.union(_ending, {
	"caller": {"citizen": true, "role": "", "organisation": ""},
	"self": true,
	"relationship": "",
	"person": {"age": "16_and_over"},
})

_but(input_, change) := object.union(input_, change)

_permitted(reasons, alert, pending) := {"permitted": true, "reasons": reasons, "alert": alert, "pending": pending, "named": false}

test_a_guardian_decides_and_what_opens_is_reviewed if {
	oversight.decision == _permitted({"found_by_office"}, true, false) with input as _guardian
	oversight.decision == _permitted({"found_by_office"}, false, false) with input as _but(_guardian, {"finding": {"outcome": "upheld"}})
}

test_nobody_else_decides_about_objections if {
	every code in {"R0260", "R0001", "R1730", "R9999", ""} {
		every outcome in {"upheld", "not_upheld"} {
			not oversight.permitted with input as _but(_guardian, {"caller": {"role": code}, "finding": {"outcome": outcome}})
		}
	}
}

test_a_finding_of_capacity_is_a_clinicians_with_an_assessment if {
	oversight.decision == _permitted({"found_by_office"}, true, false) with input as _doctor
	finding.recorded with input as _but(_doctor, {"caller": {"role": "R0620"}})
	every code in {"R1730", "R1290", "R8014", "R5105", "R0001", ""} {
		not finding.recorded with input as _but(_doctor, {"caller": {"role": code}})
	}
	unproved := _but(_doctor, {"behalf": {"evidence": false}})
	oversight.reasons == {"found_by_office", "evidence_missing"} with input as unproved
	not oversight.permitted with input as unproved
	not finding.proved with input as object.remove(_doctor, ["behalf"])
}

test_what_opens_to_somebody_else_takes_two if {
	oversight.decision == _permitted({"found_by_office", "second_awaited"}, true, true) with input as _but(_doctor, {"finding": {"seconded": false}})
	oversight.decision == _permitted({"found_by_office", "second_awaited"}, true, true) with input as _but(_desk, {"finding": {"seconded": false}})
	not oversight.pending with input as _desk
	unknown := object.union(object.remove(_doctor, ["finding"]), {"finding": {"outcome": "lacking"}})
	oversight.pending with input as unknown
}

test_whose_staff_records_stands_to_the_person_as_the_table_says if {
	every relationship in {"registered", "record", "referral"} {
		finding.recorded with input as _but(_guardian, {"relationship": relationship})
	}
	finding.recorded with input as _desk
	every relationship in {"record", "referral"} {
		not finding.recorded with input as _but(_desk, {"relationship": relationship})
	}
	every relationship in {"claimed", "none", "", "self", "proxy"} {
		every asked in [_guardian, _doctor, _desk, _ending] {
			not finding.recorded with input as _but(asked, {"relationship": relationship})
		}
	}
}

test_nothing_is_found_of_the_dead if {
	every asked in [_guardian, _doctor, _desk, _ending] {
		not oversight.permitted with input as _but(asked, {"person": {"deceased": true}})
		not oversight.permitted with input as object.remove(asked, ["person"])
	}
	not oversight.permitted with input as _but(_oneself, {"person": {"deceased": true}})
}

test_a_citizen_finds_nothing_as_staff if {
	every asked in [_guardian, _doctor, _desk, _ending] {
		not oversight.permitted with input as _but(asked, {"caller": {"citizen": true}})
	}
}

test_an_outcome_of_another_act_is_none if {
	every outcome in {"lacking", "parent", "ended", "none", ""} {
		not oversight.permitted with input as _but(_guardian, {"finding": {"outcome": outcome}})
	}
	not oversight.permitted with input as object.remove(_guardian, ["finding"])
	not oversight.permitted with input as _but(_guardian, {"action": "set_preferences"})
	finding.quiet with input as _ending
	not finding.quiet with input as _but(_ending, {"finding": {"outcome": "none"}})
}

test_a_person_who_can_decide_ends_a_proxy_and_appoints_none if {
	oversight.decision == _permitted({"about_oneself"}, false, false) with input as _oneself
	{[age, capacity] |
		some age in ["under_11", "11_to_12", "13_to_15", "16_and_over", ""]
		some capacity in ["presumed", "competent", "lacking", ""]
		oversight.permitted with input as _but(_oneself, {"person": {"age": age, "capacity": capacity}})
	} == {["11_to_12", "competent"], ["13_to_15", "presumed"], ["13_to_15", "competent"], ["16_and_over", "presumed"], ["16_and_over", "competent"]}
	every action, outcome in {"appoint_proxy": "attorney", "record_capacity": "competent", "decide_objection": "upheld"} {
		not oversight.permitted with input as _but(_oneself, {"action": action, "finding": {"outcome": outcome}})
	}
	not oversight.permitted with input as _but(_oneself, {"caller": {"citizen": false}})
}

test_a_proxy_ends_nobodys_authority if {
	not oversight.permitted with input as _but(_oneself, {"self": false, "person": {"age": "under_11", "authority": "parent"}})
	not oversight.permitted with input as object.remove(_oneself, ["self"])
}

_staff := {"doctor", "nurse", "pharmacist", "other_clinical", "social_care", "administrative"}

_all := {"presumed", "competent", "lacking"}

_ages := {"under_11", "11_to_12", "13_to_15", "16_and_over", ""}

_anybody := {age: _all | some age in _ages}

_care := {"registered", "record", "referral"}

test_findings_are_these if {
	{action: outcomes |
		some action, rows in data.findings
		outcomes := {outcome: found |
			some outcome, row in rows
			found := [
				{group | some group in row.groups}, row.roles, {each | some each in row.relationships},
				{age: {capacity | some capacity in capacities} | some age, capacities in row.people},
				{age | some age in row.alone}, row.evidence, row.reviewed,
				{age: {capacity | some capacity in capacities} | some age, capacities in row.oneself},
			]
		}
	} == {
		"decide_objection": {
			"upheld": [set(), ["R5105"], _care, _anybody, _ages, false, false, {}],
			"not_upheld": [set(), ["R5105"], _care, _anybody, _ages, false, true, {}],
		},
		"record_capacity": {
			"presumed": [
				{"doctor", "nurse"}, [], _care, object.remove(_anybody, ["under_11", ""]),
				{"13_to_15", "16_and_over"}, true, true, {},
			],
			"competent": [
				{"doctor", "nurse"}, [], _care, {"11_to_12": _all, "13_to_15": _all},
				{"11_to_12", "13_to_15"}, true, false, {},
			],
			"lacking": [
				{"doctor", "nurse"}, [], _care, object.remove(_anybody, ["under_11", ""]),
				set(), true, true, {},
			],
		},
		"appoint_proxy": {
			"parent": [
				{"doctor", "nurse", "administrative"}, [], {"registered"},
				{"under_11": _all, "11_to_12": {"presumed", "lacking"}, "13_to_15": {"lacking"}},
				set(), true, true, {},
			],
			"attorney": [
				{"doctor", "nurse", "administrative"}, [], {"registered"}, {"16_and_over": _all},
				set(), true, true, {},
			],
		},
		"end_proxy": {"ended": [
			_staff, ["R5105"], _care, _anybody, _ages, false, false,
			{"11_to_12": {"competent"}, "13_to_15": {"presumed", "competent"}, "16_and_over": {"presumed", "competent"}},
		]},
	}
}
