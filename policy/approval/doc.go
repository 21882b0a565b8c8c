// Package approval is the second signature under a policy: at least two people, one of them a lay reviewer if the site
// has any, each approve one exact bundle with a key of their own (CS-14).
//
//	token, err := approval.Sign(approval.Approval{Bundle: sha256, Revision: "17-hiv-list", Name: "A. Citizen",
//		Role: approval.Lay, At: now}, private)
//	beside, err := approval.Append(beside, token)
//	verdict := rules.Judge(beside, sha256)
//
// An approval is a compact JSON Web Signature (RFC 7515) over the bundle's SHA-256. Approvals are in a file beside the
// bundle. That file needs no protection: changing it can only remove approvals. Who may approve, in which role and with
// which key, is in the server's configuration and never taken from an approval.
package approval
