// Package approval is the second signature under a policy: people, at least two of them and one of them a lay reviewer where
// the site has any, each approve one exact bundle with a key of their own (CS-14).
//
//	token, err := approval.Sign(approval.Approval{Bundle: sha256, Revision: "17-hiv-list", Name: "A. Citizen",
//		Role: approval.Lay, At: now}, private)
//	beside, err := approval.Append(beside, token)
//	verdict := rules.Judge(beside, sha256)
//
// An approval is a compact JSON Web Signature (RFC 7515) over the bundle's SHA-256. Approvals stand in a file beside the bundle,
// which is not itself protected: whoever changes it can only take approvals away. Who may approve, in which role and with which
// key is said by the server's configuration and never by an approval.
package approval
