# METADATA
# title: Recording what somebody else decided
# description: |
#   Not everybody signs in: people tell their practice what they want, have no internet, or cannot decide. Staff who care for
#   the person then record it, on somebody's word: the person's, that of a parent or an attorney, or a clinician's own, who acts in the
#   best interests of somebody who cannot decide. On whose word who records what is a table (data/recorders.yaml). What opens
#   something needs evidence, and a privacy officer reviews it. London's portal lets staff enter decisions too (IDecide).
# schemas:
#   - input: schema.oversight
package onelondon.behalf

import data.onelondon.proxy
import data.onelondon.relationship
import data.onelondon.role

# METADATA
# title: Staff may record the choice
# description: |
#   Their organisation cares for the person, who is alive; on this word their role records choices of this kind; it is the word of
#   somebody who may decide; and the choice goes no further than that word does.
# custom:
#   expectation: CS-5, CS-6, CS-11, IDecide, Mental Capacity Act 2005 (citation needed)
recorded if {
	input.action == "set_preferences"
	relationship.care
	input.person.deceased == false
	_records
	input.choice.kind in _word.choices
	_may_decide
	_as_far
}

_word := data.recorders[input.behalf.word]

_records if role.group in _word.groups

_records if {
	input.caller.citizen == false
	input.caller.role in _word.roles
}

# The person who can decide, or a clinician where the person cannot.
_may_decide if input.person.capacity in _word.people[input.person.age]

# Or the one who acts for the person, as the register knows, within the rules for those who sign in themselves.
_may_decide if {
	input.person.authority == input.behalf.word
	proxy.acts(input.person.authority, input.person.age, input.person.capacity)
}

_as_far if input.choice.opens == false

_as_far if input.choice.kind in _word.opens

# What clinicians closed they take back: nobody else might be able to. They open nothing that anybody else closed.
_as_far if {
	input.behalf.word == "clinician"
	input.choice.undoes_clinician == true
}

# METADATA
# title: The choice is proved
# description: |
#   There is a reference to what proves it, such as a signed form. What a person says in their own name needs none while it
#   only closes: a mistake is then seen and taken back, and nobody gains by it (citation needed).
# scope: document
# custom:
#   expectation: CS-4, CS-6
proved if input.behalf.evidence == true

proved if {
	input.behalf.word == "self"
	input.choice.opens == false
}

# METADATA
# title: The choice needs no review
# description: It only closes, on the word of the person or of somebody who may act for them.
# custom:
#   expectation: CS-4, CS-15
quiet if {
	input.behalf.word in {"self", "parent", "attorney"}
	input.choice.opens == false
}
