# METADATA
# title: Sealed records
# description: A record that its organisation sealed or marked confidential never leaves that organisation (PDS and GP Connect).
package onelondon.sealed

# METADATA
# title: A record is released in spite of seals
# description: |
#   The source says that the record is not sealed, or it is the caller's own organisation's. A source that says nothing
#   about seals has not said that the record is open.
# scope: document
# custom:
#   expectation: CS-5, PDS and GP Connect
released if input.record.labels.sealed == false

released if {
	input.caller.citizen == false
	input.record.organisation == input.caller.organisation
}
