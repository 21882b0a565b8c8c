# METADATA
# title: Children and proxies
# description: |
#   A parent of a young child, or an attorney of somebody who lacks capacity, sees the person's record as the person would,
#   less what would harm them: nothing about safeguarding, nothing about others, and, of a child of 11 and over, nothing of the
#   sensitive categories. At which age and with which finding they may act is a table (data/proxies.yaml). NHS England on proxy access.
package onelondon.proxy

import data.onelondon.deceased

# METADATA
# title: Somebody may act for a person
# description: By this authority, for a person of this band of age, with this finding about their capacity. Nobody acts where any of it is unknown.
# custom:
#   expectation: CS-6, NHS England on proxy access
acts(authority, age, capacity) if capacity in data.proxies[authority][age]

# METADATA
# title: The caller is a proxy of the person
# description: A citizen on whom the register puts an authority that holds, over a person who is alive.
# custom:
#   expectation: CS-6, CS-15, NHS England on proxy access
holds if {
	input.caller.citizen == true
	input.relationship == "proxy"
	acts(input.person.authority, input.person.age, input.person.capacity)
	deceased.alive
}

# METADATA
# title: The proxy sees nothing of the sensitive categories
# description: A proxy of anybody but a child under 11 or an adult who lacks capacity and left authority for it.
# custom:
#   expectation: CS-5, NHS England on proxy access
limited if {
	input.relationship == "proxy"
	not _unlimited
}

_unlimited if input.person.age in {"under_11", "16_and_over"}
