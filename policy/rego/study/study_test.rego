package onelondon.study_test

import data.onelondon.study

_asked := {
	"caller": {"citizen": false, "id": "example-analyst", "role": "R8012", "organisation": "QRV"},
	"purpose": "HOPERAT",
	"project": "example-diabetes",
	"today": "2026-11-22",
	"lists": {"national": 1, "type_one": 0, "london": 7},
	"asked": {"kinds": ["Condition"], "dimensions": ["sex", "borough"], "codelists": ["diabetes"]},
}

_project := data.projects["example-diabetes"]

_changed(change) := {"example-diabetes": object.union(_project, change)}

_refused(reasons) := {"permitted": false, "reasons": reasons}

test_a_project_asks_within_its_bounds if {
	answer := study.decision with input as _asked
	answer.permitted
	answer.reasons == {"registered_project"}
	answer.identifiability == "aggregate"
	answer.kinds == ["Condition", "Observation", "Medication", "Encounter"]
	answer.dimensions == ["age_band", "sex", "borough", "organisation", "year", "month"]
	answer.codelists == ["diabetes", "hba1c"]
	answer.without == {"sealed"}
	answer.exclusions == {
		{"list": "national", "unknown": true},
		{"list": "type_one", "unknown": false},
		{"list": "london", "unknown": false},
		{"list": "s_flag", "unknown": false},
	}
	answer.disclosure == {
		"redact_up_to": 7,
		"round_to": 5,
		"zero_is_small": true,
		"extremes": false,
		"smallest_difference": 8,
		"largest_share": 20,
		"fewest_for_quantiles": 32,
		"most_questions": 200,
		"smallest_group": 20,
	}
}

test_nobody_asks_outside_a_project if {
	study.decision == _refused({
		"approval_missing",
		"codelist_not_of_the_project",
		"dimension_not_of_the_project",
		"kind_not_of_the_project",
		"not_in_the_project",
		"project_not_in_force",
		"project_not_registered",
		"purpose_not_of_the_project",
	}) with input as object.union(_asked, {"project": "another"})
}

test_somebody_who_is_not_in_the_project_does_not_ask if {
	study.decision == _refused({"not_in_the_project"}) with input as object.union(_asked, {"caller": {"id": "somebody"}})
	study.decision == _refused({"not_in_the_project"}) with input as object.union(_asked, {"caller": {"citizen": true}})
}

test_a_project_is_for_its_own_purpose if {
	study.decision == _refused({"purpose_not_of_the_project"}) with input as object.union(_asked, {"purpose": "HRESCH"})
}

test_a_purpose_that_names_people_is_not_for_studies if {
	study.decision == _refused({
		"purpose_not_for_studies",
		"purpose_not_of_the_project",
	}) with input as object.union(_asked, {"purpose": "TREAT"})
}

test_a_project_has_its_first_and_its_last_day if {
	every day in ["2026-11-01", "2036-10-31"] {
		study.permitted with input as object.union(_asked, {"today": day})
	}
	every day in ["2026-10-31", "2036-11-01", "", "soon"] {
		study.decision == _refused({"project_not_in_force"}) with input as object.union(_asked, {"today": day})
	}
}

test_a_project_without_its_approval_does_not_ask if {
	study.decision == _refused({"approval_missing"}) with input as _asked
		with data.projects as _changed({"approvals": {"lay_review": {"reference": "X", "date": "2026-10-01"}}})
		with data.approvals.HOPERAT as ["research_ethics"]
}

test_research_needs_an_ethics_committee_too if {
	study.decision == _refused({"approval_missing"}) with input as object.union(_asked, {"purpose": "HRESCH"})
		with data.projects as _changed({"purpose": "HRESCH"})
	study.decision.identifiability == "pseudonymised" with input as object.union(_asked, {"purpose": "HRESCH"})
		with data.projects as _changed({"purpose": "HRESCH", "approvals": {"research_ethics": {"reference": "X", "date": "2026-10-01"}}})
}

test_a_commercial_project_needs_a_lay_review if {
	study.decision == _refused({"approval_missing"}) with input as _asked with data.projects as _changed({"commercial": true})
	study.permitted with input as _asked with data.projects as _changed({
		"commercial": true,
		"approvals": {"lay_review": {"reference": "X", "date": "2026-10-01"}},
	})
}

test_a_list_that_is_too_old_or_was_never_loaded_refuses if {
	every name in ["national", "type_one", "london"] {
		every days in [8, -1] {
			study.decision == _refused({"optouts_out_of_date"}) with input as object.union(_asked, {"lists": {name: days}})
		}
		study.decision == _refused({"optouts_out_of_date"}) with input as object.union(
			object.remove(_asked, ["lists"]),
			{"lists": object.remove(_asked.lists, [name])},
		)
	}
}

test_a_ground_that_the_list_lets_pass_exempts_and_another_does_not if {
	answer := study.decision with input as _asked
		with data.projects as _changed({"exemptions": {
			"national": {"ground": "explicit_consent", "reference": "X"},
			"london": {"ground": "explicit_consent", "reference": "X"},
		}})
	{exclusion.list | some exclusion in answer.exclusions} == {"type_one", "london", "s_flag"}
}

test_nothing_known_refuses_everything if {
	study.decision == _refused({
		"approval_missing",
		"codelist_not_of_the_project",
		"dimension_not_of_the_project",
		"kind_not_of_the_project",
		"not_in_the_project",
		"optouts_out_of_date",
		"project_not_in_force",
		"project_not_registered",
		"purpose_not_for_studies",
		"purpose_not_of_the_project",
	}) with input as {}
}

test_a_project_needs_these_approvals if {
	data.approvals == {
		"HOPERAT": ["data_access_committee"],
		"PUBHLTH": ["data_access_committee"],
		"HRESCH": ["data_access_committee", "research_ethics"],
		"commercial": ["lay_review"],
	}
}

test_each_list_may_be_this_old_and_lets_these_grounds_pass if {
	{name: [list.most_days, list.unknown, list.grounds] | some name, list in data.optouts} == {
		"national": [7, "excluded", ["explicit_consent", "required_by_law", "communicable_disease"]],
		"type_one": [7, "included", ["explicit_consent", "required_by_law"]],
		"london": [7, "included", []],
	}
}

test_a_question_is_within_its_project if {
	study.decision == _refused({"kind_not_of_the_project"}) with input as object.union(_asked, {"asked": {"kinds": ["Condition", "Referral"]}})
	study.decision == _refused({"dimension_not_of_the_project"}) with input as object.union(_asked, {"asked": {"dimensions": ["practice"]}})
	study.decision == _refused({"codelist_not_of_the_project"}) with input as object.union(_asked, {"asked": {"codelists": ["sexual-health"]}})
}

test_a_question_of_which_nobody_says_what_it_is_about_is_refused if {
	study.decision == _refused({
		"codelist_not_of_the_project",
		"dimension_not_of_the_project",
		"kind_not_of_the_project",
	}) with input as object.remove(_asked, ["asked"])
}

test_what_a_source_sealed_is_left_out_with_what_the_project_leaves_out if {
	study.decision.without == {"hiv", "sealed"} with input as _asked
		with data.projects as _changed({"without": ["hiv"]})
}
