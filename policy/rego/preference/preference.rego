# METADATA
# title: Preferences
# description: |
#   People may say who should and who should not see a category of their records: anyone, an organisation, or a role
#   (Londoners were reassured if "people can select who should or should not access these", CS-5). Where they said several
#   things, the most specific party wins: a role or an organisation before anyone; then the category before all categories;
#   and a denial before a permission of the same rank.
package onelondon.preference

# METADATA
# title: What the person said is known and understood
# description: |
#   There is a list of preferences, and each is of a form that these rules know. Where that is not so, every category that
#   could have been denied counts as denied.
# custom:
#   expectation: CS-5
known if {
	every said in input.person.preferences {
		said.effect in {"allow", "deny"}
		said.party in {"anyone", "organisation", "role"}
		said.category in (object.keys(data.categories) | {"all"})
	}
}

# METADATA
# title: The person denied a category to the caller
# description: The most specific thing they said about it is a denial.
# custom:
#   expectation: CS-5
denied(category) if [_highest(category), "deny"] in _said(category)

# METADATA
# title: The person allowed a category to the caller
# description: The most specific thing they said about it is a permission, and no denial of the same rank.
# custom:
#   expectation: CS-5
allowed(category) if {
	[_highest(category), "allow"] in _said(category)
	not denied(category)
}

_highest(category) := max({rank | some [rank, _] in _said(category)})

_said(category) := {[rank, said.effect] |
	some said in input.person.preferences
	rank := _party(said) + _about(said, category)
}

_party(said) := 2 if said.party == "anyone"

_party(said) := 4 if {
	said.party == "organisation"
	input.caller.citizen == false
	said.code == input.caller.organisation
}

_party(said) := 4 if {
	said.party == "role"
	input.caller.citizen == false
	said.code == input.caller.role
}

_about(said, category) := 1 if said.category == category

_about(said, _) := 0 if said.category == "all"
