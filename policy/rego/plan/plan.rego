# METADATA
# title: Urgent care plans
# description: |
#   Consent to share an urgent care plan is separate from every other and explicit: the person's own, an attorney's, or a decision
#   in the person's best interests (SCCI1580 on end of life care). How to get into the home is the most protected field of all, since the code of a
#   key safe opens the door of somebody who cannot defend themselves. What a person has not been told about their prognosis they do
#   not learn from a screen.
package onelondon.plan

import data.onelondon.emergency
import data.onelondon.relationship

# METADATA
# title: A plan is released as far as consent to share it goes
# description: |
#   There is consent, or it is the organisation's own plan, or the person looks at it, or the glass is broken. Where nobody knows
#   whether there is consent, there is none. What belongs to a plan, its contacts, contingency plans and medicines, goes with it:
#   the gate sees to that.
# scope: document
# custom:
#   expectation: CS-1, CS-5, SCCI1580 on end of life care
released if input.record.kind != "UrgentCarePlan"

released if input.record.labels.plan_shared == true

released if {
	input.caller.citizen == false
	input.record.organisation == input.caller.organisation
}

released if relationship.own

released if emergency.opened

# METADATA
# title: Plans are not shown in full
# description: Told to staff who see plans, so that no plan shown is not taken for no plan.
# custom:
#   expectation: CS-10, SCCI1580 on end of life care
limited if {
	input.caller.citizen == false
	not emergency.opened
}

# METADATA
# title: Fields of a plan that the caller does not see
# description: How to get into the home, unless the caller goes there.
# custom:
#   expectation: CS-2, Caldicott principles 3 and 4
masked(kind) := {field |
	kind == "UrgentCarePlan"
	not enters
	field := "accessToHome"
}

# METADATA
# title: The caller goes into the home
# description: |
#   Somebody in a role that goes to people at home (data/home_access.yaml), whose organisation cares for the person, or who
#   claims to in an emergency; the person themselves; and whoever breaks the glass.
# scope: document
# custom:
#   expectation: CS-2, CS-3, Caldicott principles 3 and 4
enters if {
	data.home_access[input.caller.role]
	input.purpose in {"TREAT", "ETREAT"}
	relationship.care
}

enters if {
	data.home_access[input.caller.role]
	input.purpose == "ETREAT"
	relationship.claimed
}

enters if relationship.own

enters if emergency.opened
