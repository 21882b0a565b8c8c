# METADATA
# title: Role
# description: |
#   The role a caller selected decides which kinds of record they see (data/roles.yaml, data/role_kinds.yaml), and the
#   activities of that role refine it (data/activities.yaml, data/views.yaml).
package onelondon.role

import data.onelondon.emergency
import data.onelondon.plan

# METADATA
# title: The caller's group of roles
# description: The one group that lists the selected role. A role in no group has none, and gets nothing. A citizen has no role.
# scope: document
# custom:
#   expectation: CS-2
group := name if {
	input.caller.citizen == false
	some name, entry in data.roles
	entry.roles[input.caller.role]
}

group := "citizen" if {
	input.caller.citizen == true
	input.caller.role == ""
}

# METADATA
# title: The caller cares for people clinically
# description: Only clinical groups may claim a care relationship.
# custom:
#   expectation: CS-3, CS-6
clinical if data.roles[group].clinical == true

# METADATA
# title: Kinds of record for the caller's role
# description: |
#   Each kind the group may see and the activities show, with the fields of it that are masked, and those that are masked
#   unless the record says that the person was told ("untold"). A kind that is not here is withheld.
# custom:
#   expectation: CS-2, Caldicott principles 3 and 4
kinds[kind] := {"masked": masked, "untold": untold} if {
	some kind in data.role_kinds[group].kinds
	_shown(kind)
	masked := _masked(kind) | plan.masked(kind)
	untold := {field | some field in data.role_kinds[group].untold[kind]}
}

_masked(kind) := {field | some field in data.role_kinds[group].masked[kind]}

_shown(_) if input.caller.citizen == true

_shown(_) if emergency.opened

_shown(_) if count(input.caller.activities) == 0

_shown(kind) if kind in _viewed

_viewed contains kind if {
	some view in _views
	some heading in data.views[view]
	some kind in data.headings[heading]
}

_views := _given if count(_given) > 0

_views := {"demographics"} if count(_given) == 0

_given contains view if {
	some activity in input.caller.activities
	view := data.activities[activity].view
}

# METADATA
# title: The role sees less than everything
# description: Some group sees a kind of record that this role, with its activities, does not.
# custom:
#   expectation: CS-2
limited if {
	some entry in data.role_kinds
	some kind in entry.kinds
	not kinds[kind]
}

# METADATA
# title: The role sees records with fields left out
# description: Some field of some kind is masked for this role.
# custom:
#   expectation: CS-2, Caldicott principles 3 and 4
masks if {
	some kind, _ in kinds
	count(_masked(kind)) > 0
}
