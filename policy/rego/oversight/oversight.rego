# METADATA
# title: Oversight
# description: |
#   What is not reading a record: choosing, seeing who looked, reviewing alerts, breaking the glass, reading the rules. Who
#   records what somebody else decided is in rego/behalf, and who decides or finds by their office in rego/finding. Access is logged, monitored and audited (CS-15), people choose (CS-5), the rules are open (CS-14).
# schemas:
#   - input: schema.oversight
package onelondon.oversight

import data.onelondon.behalf
import data.onelondon.finding
import data.onelondon.proxy
import data.onelondon.relationship
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

grounds contains "about_oneself" if finding.oneself

grounds contains "recorded_on_word" if behalf.recorded

grounds contains "found_by_office" if finding.recorded

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

_choices := {"read_preferences", "preview_preferences"}

# Accesses are shown as far as the overseer answers for them; what somebody chose, where their organisation cares for the person.
_within if {
	not input.action in _choices
	input.own_organisation == true
}

_within if {
	not input.action in _choices
	data.overseers[input.caller.role].everywhere == true
}

_within if {
	input.action in _choices
	relationship.care
}

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
# description: That nothing speaks for it, or that what staff record or find is not proved.
# scope: document
# custom:
#   expectation: CS-2, CS-4
refusals contains "not_permitted" if count(grounds) == 0

refusals contains "evidence_missing" if {
	behalf.recorded
	not behalf.proved
}

refusals contains "evidence_missing" if {
	finding.recorded
	not finding.proved
}

# METADATA
# title: Somebody should review it
# description: |
#   Staff recorded a choice that opens something, or decided it themselves in somebody's best interests; or they found what the table
#   of findings has reviewed.
# scope: document
# custom:
#   expectation: CS-4, CS-15, Summary Care Record guidance
default alert := false

alert if {
	permitted
	behalf.recorded
	not behalf.quiet
}

alert if {
	permitted
	finding.recorded
	not finding.quiet
}

# METADATA
# title: It awaits a second member of staff
# description: It is noted and opens nothing until somebody else records the same.
# scope: document
# custom:
#   expectation: CS-4, CS-6, CS-15
default pending := false

pending if {
	permitted
	finding.recorded
	not finding.complete
}

# METADATA
# title: Remarks
# description: What the person and whoever reads the ledger should know besides.
# scope: document
# custom:
#   expectation: CS-10, CS-15
remarks contains "second_awaited" if pending

# METADATA
# title: Proxies are named
# description: |
#   Whoever reads what the person decided is told who may act for the person by name: the person, and those overseers of whom the table says
#   so. A proxy reads that there is another, and not who. Nobody is shown a proxy's NHS number.
# scope: document
# custom:
#   expectation: CS-4, CS-6, IDecide
default named := false

named if {
	input.action == "read_preferences"
	input.caller.citizen == true
	input.self == true
}

named if {
	input.action == "read_preferences"
	permitted
	input.caller.citizen == false
	"name_proxies" in data.overseers[input.caller.role].may
}

# METADATA
# title: Reasons
# description: The grounds, the refusals and the remarks.
# custom:
#   expectation: CS-10, CS-14
reasons := (grounds | refusals) | remarks

# METADATA
# title: The permission
# description: The one answer that the engine asks for.
# entrypoint: true
# custom:
#   expectation: CS-4, CS-15
decision := {"permitted": permitted, "reasons": reasons, "alert": alert, "pending": pending, "named": named}
