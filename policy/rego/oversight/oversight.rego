# METADATA
# title: Oversight
# description: |
#   What is not reading a record: choosing, seeing who looked, reviewing alerts, breaking the glass, reading the rules. Who
#   records what somebody else decided is in rego/behalf. Access is logged, monitored and audited (CS-15), people choose (CS-5), the rules are open (CS-14).
# schemas:
#   - input: schema.oversight
package onelondon.oversight

import data.onelondon.behalf
import data.onelondon.proxy
import data.onelondon.role

# METADATA
# title: Grounds
# description: What speaks for permitting the action to this caller.
# scope: document
# custom:
#   expectation: CS-3, CS-5, CS-14, CS-15
grounds contains "about_oneself" if {
	input.action in _citizens
	input.caller.citizen == true
	input.self == true
	_decides_alone
}

grounds contains "acts_for_the_person" if {
	input.action in _citizens
	input.caller.citizen == true
	proxy.acts(input.person.authority, input.person.age, input.person.capacity)
}

grounds contains "answers_for_use" if {
	input.caller.citizen == false
	input.action in data.overseers[input.caller.role].may
	input.action != "set_preferences"
	_within
}

grounds contains "recorded_on_word" if behalf.recorded

grounds contains "treats_in_an_emergency" if {
	input.action == "break_glass"
	input.caller.citizen == false
	input.purpose == "ETREAT"
	role.clinical
	some activity in input.caller.activities
	activity in data.emergency.activities
}

grounds contains "rules_are_open" if input.action == "read_rules"

_citizens := {"read_preferences", "set_preferences", "preview_preferences", "read_own_accesses"}

# A person who lacks capacity looks at their choices and does not change them.
_decides_alone if input.action != "set_preferences"

_decides_alone if input.person.capacity in {"presumed", "competent"}

# Accesses are shown as far as the overseer answers for them; choices belong to no organisation.
_within if input.own_organisation == true

_within if data.overseers[input.caller.role].everywhere == true

_within if input.action in {"read_preferences", "preview_preferences"}

# METADATA
# title: The action is permitted
# description: Something speaks for it, and nothing that it needs is missing.
# scope: document
# custom:
#   expectation: CS-4, CS-15
default permitted := false

permitted if count(refusals) == 0

# METADATA
# title: Refusals
# description: That nothing speaks for it, or that what staff record on somebody's word is not proved.
# scope: document
# custom:
#   expectation: CS-2, CS-4
refusals contains "not_permitted" if count(grounds) == 0

refusals contains "evidence_missing" if {
	behalf.recorded
	not behalf.proved
}

# METADATA
# title: Somebody should review it
# description: Staff recorded a choice that opens something, or decided it themselves in somebody's best interests.
# scope: document
# custom:
#   expectation: CS-4, CS-15, Summary Care Record guidance
default alert := false

alert if {
	permitted
	behalf.recorded
	not behalf.quiet
}

# METADATA
# title: Reasons
# description: The grounds and the refusals.
# custom:
#   expectation: CS-10, CS-14
reasons := grounds | refusals

# METADATA
# title: The permission
# description: The one answer that the engine asks for.
# entrypoint: true
# custom:
#   expectation: CS-4, CS-15
decision := {"permitted": permitted, "reasons": reasons, "alert": alert}
