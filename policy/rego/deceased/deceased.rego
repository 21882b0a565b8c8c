# METADATA
# title: Deceased people
# description: |
#   Confidentiality outlasts death, and so does what the person said: objections, denials and opt-outs hold as before, and
#   staff need the same relationship. What ends is acting for oneself and for others: nobody looks at a dead person's record
#   as that person or as their proxy. Personal representatives apply to the organisation that holds the record (Access to
#   Health Records Act 1990; citation needed). MDU on confidentiality after death.
package onelondon.deceased

# METADATA
# title: The person is alive
# description: No death is recorded. Where nobody knows, nobody acts for the person.
# custom:
#   expectation: CS-15, MDU on confidentiality after death
alive if input.person.deceased == false

# METADATA
# title: A death is recorded
# description: Told to staff, since confidentiality outlasts it. Nothing else changes for them; a death may be recorded by mistake.
# custom:
#   expectation: CS-4, MDU on confidentiality after death
recorded if input.person.deceased == true
