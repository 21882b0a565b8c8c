# METADATA
# title: Role
# description: The role a caller selected decides which kinds of record they see (data/roles.yaml, data/role_kinds.yaml).
package onelondon.role

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
# description: Each kind the group may see, with the fields of it that are masked. A kind that is not here is withheld.
# custom:
#   expectation: CS-2, Caldicott principles 3 and 4
kinds[kind] := {"masked": masked} if {
	some kind in data.role_kinds[group].kinds
	masked := {field | some field in data.role_kinds[group].masked[kind]}
}

# METADATA
# title: The role sees less than everything
# description: Some group sees a kind of record that this role does not.
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
	some entry in kinds
	count(entry.masked) > 0
}
