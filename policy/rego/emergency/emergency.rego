# METADATA
# title: Emergency access
# description: |
#   In an emergency a clinician may break the glass: they give a reason, the time is limited (data/emergency.yaml), a privacy
#   officer is alerted and the person is told. It opens what the person closed, an upheld objection and denied categories,
#   and what the law lets a clinician see in an emergency. It never opens what a source sealed, and never finds somebody
#   with an S-flag.
package onelondon.emergency

import data.onelondon.role

# METADATA
# title: The glass is broken
# description: |
#   The caller gave a reason and the time has not run out (the gate knows), treats in an emergency, in a clinical role, and
#   may override consent by law: the role's activities say so.
# custom:
#   expectation: CS-3, CS-6
opened if {
	input.emergency == true
	input.purpose == "ETREAT"
	role.clinical
	some activity in input.caller.activities
	activity in data.emergency.activities
}
