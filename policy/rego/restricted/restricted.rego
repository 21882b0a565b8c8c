# METADATA
# title: Information restricted by law
# description: |
#   Gender recognition, assisted conception and venereal disease (data/restricted.yaml). London filters them out of the
#   identifiable view and includes them in pseudonymised studies (decision of 9 February 2026, London's filtering rules). A record is
#   of such a category only if a code or its source says so: most of the record could not prove that it is not.
package onelondon.restricted

import data.onelondon.emergency
import data.onelondon.preference
import data.onelondon.relationship
import data.onelondon.role

# METADATA
# title: Restricted categories that are withheld from the caller
# description: All, but for those that something opens.
# custom:
#   expectation: CS-5, London's filtering rules
withheld contains category if {
	some category, _ in data.restricted
	not _open(category)
}

# The person looks at their own record.
_open(_) if relationship.own

# The person agreed.
_open(category) if preference.allowed(category)

# The law lets these roles see it for treatment, and the person did not deny it.
_open(category) if {
	role.group in data.restricted[category].open_to
	input.purpose in {"TREAT", "ETREAT"}
	preference.known
	not preference.denied(category)
}

# The law lets clinicians see it in an emergency.
_open(category) if {
	emergency.opened
	data.restricted[category].in_emergency == true
}
