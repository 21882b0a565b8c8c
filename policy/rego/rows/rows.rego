# METADATA
# title: Single records
# description: |
#   Which records of a kind are released, once the decision releases the kind at all. What is written here and in the
#   packages it uses is turned into SQL, so a rule about input.record compares one property with a constant and never
#   negates (policy/README.md).
package onelondon.rows

import data.onelondon.objection
import data.onelondon.sealed

# METADATA
# title: A record is released
# description: No seal and no objection stands against it.
# custom:
#   expectation: CS-5
released if {
	sealed.released
	objection.released
}
