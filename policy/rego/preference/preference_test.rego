package onelondon.preference_test

import data.onelondon.preference

_asked(preferences) := {
	"caller": {"citizen": false, "role": "R0620", "organisation": "RYJ"},
	"person": {"preferences": preferences},
}

_said(effect, category, party, code) := {"effect": effect, "category": category, "party": party, "code": code}

test_nobody_who_said_nothing_denied_or_allowed_anything if {
	preference.known with input as _asked([])
	not preference.denied("hiv") with input as _asked([])
	not preference.allowed("hiv") with input as _asked([])
}

test_a_denial_to_anyone_holds if {
	preference.denied("hiv") with input as _asked([_said("deny", "hiv", "anyone", "")])
	not preference.denied("drugs") with input as _asked([_said("deny", "hiv", "anyone", "")])
}

test_a_denial_of_everything_holds_of_each if preference.denied("hiv") with input as _asked([_said("deny", "all", "anyone", "")])

test_a_denial_to_others_does_not_hold if {
	not preference.denied("hiv") with input as _asked([_said("deny", "hiv", "organisation", "R1H")])
	not preference.denied("hiv") with input as _asked([_said("deny", "hiv", "role", "R0260")])
}

test_a_wish_about_all_categories_is_understood if preference.known with input as _asked([_said("allow", "all", "anyone", "")])

test_a_code_counts_only_for_the_kind_of_party_that_was_named if {
	not preference.denied("hiv") with input as _asked([_said("deny", "hiv", "role", "RYJ")])
	not preference.denied("hiv") with input as _asked([_said("deny", "hiv", "organisation", "R0620")])
}

test_a_role_ranks_no_higher_than_an_organisation if {
	preference.denied("hiv") with input as _asked([
		_said("deny", "hiv", "organisation", "RYJ"),
		_said("allow", "hiv", "role", "R0620"),
	])
}

test_a_denial_to_the_organisation_or_the_role_holds if {
	preference.denied("hiv") with input as _asked([_said("deny", "hiv", "organisation", "RYJ")])
	preference.denied("hiv") with input as _asked([_said("deny", "hiv", "role", "R0620")])
}

test_the_most_specific_party_wins if {
	preference.allowed("hiv") with input as _asked([
		_said("deny", "hiv", "anyone", ""),
		_said("allow", "all", "organisation", "RYJ"),
	])
	preference.denied("hiv") with input as _asked([
		_said("allow", "hiv", "anyone", ""),
		_said("deny", "all", "role", "R0620"),
	])
}

test_the_category_comes_before_all_categories if {
	preference.allowed("hiv") with input as _asked([
		_said("deny", "all", "anyone", ""),
		_said("allow", "hiv", "anyone", ""),
	])
}

test_a_denial_beats_a_permission_of_the_same_rank if {
	preference.denied("hiv") with input as _asked([
		_said("allow", "hiv", "organisation", "RYJ"),
		_said("deny", "hiv", "role", "R0620"),
	])
	not preference.allowed("hiv") with input as _asked([
		_said("allow", "hiv", "organisation", "RYJ"),
		_said("deny", "hiv", "role", "R0620"),
	])
}

test_a_proxy_is_anyone_and_no_organisation if {
	preference.denied("hiv") with input as {
		"caller": {"citizen": true, "role": "", "organisation": ""},
		"person": {"preferences": [_said("deny", "hiv", "anyone", "")]},
	}
	not preference.denied("hiv") with input as {
		"caller": {"citizen": true, "role": "", "organisation": ""},
		"person": {"preferences": [_said("deny", "hiv", "organisation", ""), _said("deny", "hiv", "role", "")]},
	}
}

test_preferences_that_are_missing_or_of_another_form_are_not_known if {
	not preference.known with input as {"person": {}}
	not preference.known with input as _asked([_said("refuse", "hiv", "anyone", "")])
	not preference.known with input as _asked([_said("deny", "hiv", "team", "")])
	not preference.known with input as _asked([_said("deny", "gout", "anyone", "")])
	not preference.known with input as _asked([{"effect": "deny"}])
}
