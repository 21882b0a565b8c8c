# METADATA
# title: What a record is about
# description: |
#   Some categories are withheld from the caller because the person said so or by default (rego/sensitive), some because the
#   law says so (rego/restricted). By which codes a record is of a category is a table (data/categories.yaml).
package onelondon.category

import data.onelondon.restricted
import data.onelondon.role
import data.onelondon.sensitive

# METADATA
# title: Categories that are withheld from the caller
# description: Whatever the reason.
# custom:
#   expectation: CS-5, London's filtering rules
withheld := sensitive.withheld | restricted.withheld

# METADATA
# title: A record is released in spite of what it is about
# description: |
#   The record is of none of the categories that are withheld; or it is the clinician's own organisation's, whose systems
#   show it anyway; or it is an allergy, because not knowing of an allergy kills (Caldicott principle 7).
# scope: document
# custom:
#   expectation: CS-5, Caldicott principle 7
released if {
	every category in withheld {
		input.record.labels[category] == false
	}
}

released if {
	role.clinical
	input.record.organisation == input.caller.organisation
}

released if input.record.kind == "AllergyIntolerance"
