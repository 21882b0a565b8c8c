# METADATA
# title: Information about somebody else
# description: |
#   A record that speaks of somebody other than the person is for those who care, and never in the person's or a proxy's own
#   view (BCS on shared-record hazards). A source that does not say counts as saying no (data/presumed.yaml).
package onelondon.third_party

# METADATA
# title: A record is released in spite of whom it speaks of
# description: Staff see it. Citizens see it if it is not about somebody else.
# scope: document
# custom:
#   expectation: CS-4, BCS on shared-record hazards
released if input.caller.citizen == false

released if {
	input.caller.citizen == true
	input.record.labels.third_party == false
}
