# METADATA
# title: Purpose
# description: |
#   Nobody reads a record without saying why. Each purpose has its askers, and says how much of a single person may be
#   shown for it (data/purposes.yaml).
package onelondon.purpose

# METADATA
# title: A purpose was stated
# description: The question names some purpose of use. Without one nothing is released.
# custom:
#   expectation: CS-4, Caldicott principle 1
stated if input.purpose != ""

# METADATA
# title: What the purpose gives
# description: identifiable, pseudonymised or aggregate; nothing where nobody knows the purpose.
# custom:
#   expectation: CS-1, CS-8, CS-12
gives := data.purposes[input.purpose].gives

# METADATA
# title: The purpose releases records of a single person to this caller
# description: |
#   Staff read for treatment and emergency treatment, citizens at their own request. Planning, research and public health
#   get nothing that names a single person.
# custom:
#   expectation: CS-1, CS-8, CS-12
permitted if {
	gives == "identifiable"
	_asker in data.purposes[input.purpose].asked_by
}

_asker := "staff" if input.caller.citizen == false

_asker := "citizen" if input.caller.citizen == true
