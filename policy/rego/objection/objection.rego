# METADATA
# title: Objection to the shared record
# description: |
#   People may object to the shared record; an objection "may not be upheld where there is clinical need" (London Care Record notices).
#   So a request alone, or one that was not upheld, withholds nothing. An upheld one withholds what is shared: the caller
#   sees the records of their own organisation, to which nobody objected. Emergency treatment alone does not override it, as
#   in GP Connect a dissent cannot be overridden at the point of care (PDS and GP Connect); breaking the glass does, with a reason,
#   an alert and word to the person. A source that was told of the dissent may still not release.
package onelondon.objection

import data.onelondon.emergency

# METADATA
# title: Sharing stands
# description: The register says that there is no objection, or none that is upheld. A register that says nothing proves nothing.
# custom:
#   expectation: CS-1, CS-5
sharing if input.person.objection in {"none", "requested", "not_upheld"}

# METADATA
# title: An objection was considered
# description: The person objected, and the objection does not limit what is released.
# custom:
#   expectation: CS-4, CS-5
considered if input.person.objection in {"requested", "not_upheld"}

# METADATA
# title: A record is released in spite of objections
# description: |
#   Sharing stands; or the record is the caller's own organisation's; or the person looks at their own record, which
#   they did not object to; or the glass is broken.
# scope: document
# custom:
#   expectation: CS-3, CS-5
released if sharing

released if input.record.organisation == input.caller.organisation

released if input.caller.citizen == true

released if emergency.opened
