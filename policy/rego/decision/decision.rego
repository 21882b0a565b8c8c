# METADATA
# title: The decision
# description: Grounds release, refusals withhold. Access is some ground and no refusal.
package onelondon.decision

import data.onelondon.deceased
import data.onelondon.emergency
import data.onelondon.objection
import data.onelondon.plan
import data.onelondon.proxy
import data.onelondon.purpose
import data.onelondon.relationship
import data.onelondon.role
import data.onelondon.sflag

# METADATA
# title: Grounds
# description: What speaks for releasing something to this caller.
# scope: document
# custom:
#   expectation: CS-1, CS-3, CS-6, CS-15
grounds contains "care_relationship" if relationship.care

grounds contains "claimed_relationship" if relationship.claimed

grounds contains "own_record" if relationship.own

grounds contains "proxy" if proxy.holds

grounds contains "emergency_access" if emergency.opened

# METADATA
# title: Refusals
# description: What is not proved and would have to be. Each is the absence of a proof, so that missing input refuses.
# scope: document
# custom:
#   expectation: CS-2, CS-4, CS-6
refusals contains "purpose_missing" if not purpose.stated

refusals contains "purpose_not_permitted" if not purpose.permitted

refusals contains "role_not_recognised" if not role.group

refusals contains "relationship_missing" if count(grounds) == 0

refusals contains "not_found" if sflag.hidden

refusals contains "authority_does_not_hold" if {
	input.relationship == "proxy"
	not proxy.holds
}

# METADATA
# title: Something may be released
# description: There is a ground and no refusal.
# scope: document
# custom:
#   expectation: CS-1, CS-2
default permitted := false

permitted if {
	count(grounds) > 0
	count(refusals) == 0
}

# METADATA
# title: A privacy officer should review this access
# description: The relationship rests on the caller's word alone, or the glass was broken.
# scope: document
# custom:
#   expectation: CS-3, CS-4, Summary Care Record guidance
default alert := false

alert if {
	permitted
	grounds == {"claimed_relationship"}
}

alert if {
	permitted
	emergency.opened
}

# METADATA
# title: The person is told of this access
# description: The glass was broken. Whoever asked to be told of every access is told anyway; the gate knows.
# scope: document
# custom:
#   expectation: CS-3, CS-15
default notify := false

notify if {
	permitted
	emergency.opened
}

# METADATA
# title: Remarks
# description: What limits an access that is permitted, told to the caller without naming what is withheld.
# scope: document
# custom:
#   expectation: CS-7, CS-10
remarks contains "role_limits_kinds" if {
	input.caller.citizen == false
	role.limited
}

remarks contains "own_view_limits_kinds" if {
	input.caller.citizen == true
	role.limited
}

remarks contains "role_masks_fields" if role.masks

remarks contains "sealed_withheld" if input.caller.citizen == false

remarks contains "sealed_withheld_from_own_view" if input.caller.citizen == true

remarks contains "others_withheld_from_own_view" if input.caller.citizen == true

remarks contains "sensitive_withheld_from_proxy" if proxy.limited

remarks contains "sensitive_withheld" if {
	input.caller.citizen == false
	not emergency.opened
}

remarks contains "emergency_opened" if emergency.opened

remarks contains "emergency_not_opened" if {
	input.emergency == true
	not emergency.opened
}

remarks contains "deceased_still_confidential" if deceased.recorded

remarks contains "objection_limits_to_own_organisation" if {
	input.caller.citizen == false
	not objection.sharing
	not emergency.opened
}

remarks contains "objection_considered" if objection.considered

remarks contains "plan_limited" if {
	role.kinds.UrgentCarePlan
	plan.limited
}

# METADATA
# title: Kinds
# description: The kinds of record that are released at all, with their masked fields. Nothing where nothing is permitted.
# scope: document
# custom:
#   expectation: CS-2
default kinds := {}

kinds := role.kinds if permitted

# METADATA
# title: Reasons
# description: The refusals where there are any, else the grounds and the remarks.
# scope: document
# custom:
#   expectation: CS-10, CS-14
reasons := refusals if not permitted

reasons := grounds | remarks if permitted

# METADATA
# title: The decision
# description: The one answer that the engine asks for. It knows the record kinds and nothing of single records.
# entrypoint: true
# custom:
#   expectation: CS-2, CS-4, CS-10
decision := {
	"permitted": permitted,
	"alert": alert,
	"notify": notify,
	"hide": sflag.hidden,
	"reasons": reasons,
	"kinds": kinds,
}
