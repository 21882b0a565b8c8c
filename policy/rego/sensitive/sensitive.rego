# METADATA
# title: Sensitive categories
# description: |
#   Eight kinds of information worried Londoners most: self-harm, alcohol, mental health, sexual health, fertility,
#   abortion, drugs and HIV (CS-5). By which codes a record is of a category is a table (data/categories.yaml). In
#   identifiable care clinicians see them unless the person denied it; other staff, and proxies of older children, do not
#   unless the person allowed it. Breaking the glass opens what was denied. In pseudonymised studies they are included, as
#   London's Health Data Board decided on 9 February 2026 (London's filtering rules).
package onelondon.sensitive

import data.onelondon.emergency
import data.onelondon.preference
import data.onelondon.proxy
import data.onelondon.relationship
import data.onelondon.role

# METADATA
# title: Categories that are withheld from the caller
# description: |
#   Those the person denied, those that this kind of caller does not see by default, and all where nobody knows what the
#   person said. People see everything about themselves.
# scope: document
# custom:
#   expectation: CS-5, CS-6
withheld contains category if {
	some category in _categories
	preference.denied(category)
	not emergency.opened
	not relationship.own
}

withheld contains category if {
	some category in _categories
	_by_default
	not preference.allowed(category)
}

withheld contains category if {
	some category in _categories
	not preference.known
	not emergency.opened
	not relationship.own
}

_categories := {category | some category, _ in data.categories; not data.restricted[category]}

_by_default if {
	not input.caller.citizen == true
	not role.clinical
}

_by_default if proxy.limited
