# METADATA
# title: Single records
# description: |
#   Which records of a kind are released, once the decision releases the kind at all. What is written here and in the
#   packages it uses is turned into SQL, so a rule about input.record compares one property with a constant and never
#   negates (policy/README.md).
package onelondon.rows

import data.onelondon.category
import data.onelondon.objection
import data.onelondon.plan
import data.onelondon.safeguarding
import data.onelondon.sealed
import data.onelondon.third_party

# METADATA
# title: A record is released
# description: Nothing stands against it, neither a seal nor an objection, what it is about nor whom it is about, nor that a plan may not be shared.
# custom:
#   expectation: CS-5, CS-6
released if {
	category.released
	sealed.released
	objection.released
	safeguarding.released
	third_party.released
	plan.released
}
