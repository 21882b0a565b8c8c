# METADATA
# title: Safeguarding
# description: |
#   What is recorded to protect a child or an adult at risk must reach those who can protect them, clinicians and social
#   care, and never the view of the person or a proxy, where the one they are protected from may look (NHS England on proxy access). A
#   source that does not say counts as saying no (data/presumed.yaml).
package onelondon.safeguarding

import data.onelondon.role

# METADATA
# title: The caller protects people
# description: Clinicians and social care.
# scope: document
# custom:
#   expectation: CS-4, CS-6, NHS England on proxy access
protects if role.clinical

protects if role.group == "social_care"

# METADATA
# title: A record is released in spite of safeguarding
# description: The caller protects people, or the record is not about safeguarding.
# scope: document
# custom:
#   expectation: CS-4, CS-6, NHS England on proxy access
released if protects

released if {
	not protects
	input.record.labels.safeguarding == false
}
