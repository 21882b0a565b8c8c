# METADATA
# title: Care relationship
# description: Staff read the records of people they care for, a citizen their own; who may act for another is in rego/proxy.
package onelondon.relationship

import data.onelondon.deceased
import data.onelondon.role

# METADATA
# title: The organisation cares for the person
# description: The person is registered at the caller's practice, or the caller's organisation holds a record of them or an open referral.
# custom:
#   expectation: CS-6
care if {
	input.caller.citizen == false
	input.relationship in {"registered", "record", "referral"}
}

# METADATA
# title: A clinician says that they care for the person
# description: |
#   Nothing in the records shows the relationship yet; a clinician claims it, for treatment, with a reason. A privacy
#   officer is alerted (Summary Care Record guidance: a self-claimed relationship raises an alert).
# custom:
#   expectation: CS-3, CS-6
claimed if {
	input.relationship == "claimed"
	input.purpose in {"TREAT", "ETREAT"}
	role.clinical
}

# METADATA
# title: The person asks for their own record
# description: Signed in as a citizen and found to be this person, who is alive.
# custom:
#   expectation: CS-15
own if {
	input.caller.citizen == true
	input.relationship == "self"
	deceased.alive
}
