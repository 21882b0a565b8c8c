# METADATA
# title: What staff decide or find by their office
# description: |
#   Some things about a person are nobody's choice: whether an objection is upheld, whether somebody can decide for themselves, and who may act
#   for them. Who records which of these, of whom, on what evidence and whether it takes two is a table (data/findings.yaml). What opens a
#   record to somebody else is never one person's to record. Shared record objection (London Care Record notices), Mental Capacity
#   Act 2005, NHS England on proxy access.
# schemas:
#   - input: schema.oversight
package onelondon.finding

import data.onelondon.role

# METADATA
# title: Staff may record it
# description: |
#   Their organisation stands to the person as the table says, the person is alive, their role is one that finds this, and the person
#   is one of whom it may be found.
# custom:
#   expectation: CS-2, CS-5, CS-6, London Care Record notices, Mental Capacity Act 2005 (citation needed), NHS England on proxy access
recorded if {
	input.caller.citizen == false
	input.relationship in _row.relationships
	input.person.deceased == false
	_office
	input.person.capacity in _row.people[input.person.age]
}

_row := data.findings[input.action][input.finding.outcome]

_office if role.group in _row.groups

_office if input.caller.role in _row.roles

# METADATA
# title: The person does it themselves
# description: A citizen about themselves, at an age and with a finding of the table.
# custom:
#   expectation: CS-5, CS-6
oneself if {
	input.caller.citizen == true
	input.self == true
	input.person.deceased == false
	input.person.capacity in _row.oneself[input.person.age]
}

# METADATA
# title: The finding is proved
# description: There is a reference to what proves it, such as an assessment or a registered power of attorney; or the table asks for none.
# scope: document
# custom:
#   expectation: CS-4, CS-6
proved if input.behalf.evidence == true

proved if _row.evidence == false

# METADATA
# title: The finding holds
# description: |
#   One member of staff is enough at this age, or another one has recorded the same before. Nobody opens a record alone, to themselves as an
#   attorney or a parent least of all.
# scope: document
# custom:
#   expectation: CS-4, CS-6, CS-15
complete if input.person.age in _row.alone

complete if input.finding.seconded == true

# METADATA
# title: The finding needs no review
# description: The table says so. What may open something is reviewed.
# custom:
#   expectation: CS-4, CS-15
quiet if _row.reviewed == false
