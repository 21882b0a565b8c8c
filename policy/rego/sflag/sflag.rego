# METADATA
# title: S-flag
# description: |
#   Somebody whose address must not be found, often because they fled from violence, carries an S-flag in the national
#   register. They look like nobody: GP Connect answers PATIENT_NOT_FOUND (PDS and GP Connect). No activity code, B1611 among
#   them, and no emergency opens this here; who holds B1611 uses the national register itself.
package onelondon.sflag

# METADATA
# title: The person must not be found
# description: Unless it is known that they carry no S-flag.
# scope: document
# custom:
#   expectation: CS-6, PDS and GP Connect
default hidden := true

hidden := false if input.person.flagged == false
