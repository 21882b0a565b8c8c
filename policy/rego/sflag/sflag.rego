# METADATA
# title: S-flag
# description: |
#   Somebody whose address must not be found, often because they fled from violence, carries an S-flag in the national
#   register. They look like nobody: GP Connect answers PATIENT_NOT_FOUND (DOMAIN.md 2.8). No activity code, B1611 among
#   them, and no emergency opens this here; who holds B1611 uses the national register itself.
package onelondon.sflag

# METADATA
# title: The person must not be found
# description: Unless it is known that they carry no S-flag.
# scope: document
# custom:
#   expectation: CS-6, DOMAIN.md 2.8
default hidden := true

hidden := false if input.person.flagged == false
