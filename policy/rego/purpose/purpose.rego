# METADATA
# title: Purpose
# description: Nobody reads a record without saying why, and each audience has its own purposes (data/purposes.yaml).
package onelondon.purpose

# METADATA
# title: A purpose was stated
# description: The question names some purpose of use. Without one nothing is released.
# custom:
#   expectation: CS-4, Caldicott principle 1
stated if input.purpose != ""

# METADATA
# title: The purpose releases records of a single person to this caller
# description: |
#   Staff read for treatment and emergency treatment, citizens at their own request. Planning, research and public health
#   get nothing that speaks of a single person.
# scope: document
# custom:
#   expectation: CS-1, CS-8, CS-12
permitted if {
	input.caller.citizen == false
	input.purpose in data.purposes.staff
}

permitted if {
	input.caller.citizen == true
	input.purpose in data.purposes.citizen
}
