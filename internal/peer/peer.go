package peer

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"slices"

	"onelondon/internal/auth"
	"onelondon/policy"
)

// Peer is another OneLondon that may ask, and what it may say.
type Peer struct {
	Instance string // what it calls itself
	Pins     []Pin  // of its certificates; several while one is replaced by the next
	// For are the OneLondons whose questions it may hand on besides its own callers'.
	For []string

	Organisations Set      // of staff it may speak for, by ODS code
	Roles         Set      // of staff it may speak for, by R-code
	Purposes      []string // for which it may ask

	// Relationships are what it may vouch for, of registered, record and referral: what it found in sources that this OneLondon does
	// not have. A claim in the caller's words is always heard.
	Relationships []policy.Relationship
	Emergency     bool // it may say that a caller broke the glass
	Citizens      bool // it may speak for members of the public
	OwnRegister   bool // its register of preferences is another than ours, so that revisions of it say nothing here
	Locate        bool // it may list whom the sources here know
	Concurrency   int  // the most questions of it under way at once; default 64
}

// Set is a set of codes. The zero value is empty.
type Set struct {
	all   bool
	codes []string
}

// All is the set of every code.
func All() Set { return Set{all: true} }

// Only is the set of these codes.
func Only(codes ...string) Set { return Set{codes: codes} }

// Has reports whether a code is in the set. The empty code is in none.
func (s Set) Has(code string) bool { return code != "" && (s.all || slices.Contains(s.codes, code)) }

// Pin stands for the key of a certificate: SHA-256 of its SubjectPublicKeyInfo.
type Pin [sha256.Size]byte

// String is the pin as it is written in configurations.
func (p Pin) String() string { return "sha256:" + base64.StdEncoding.EncodeToString(p[:]) }

// PinOf is the pin of a certificate.
func PinOf(certificate *x509.Certificate) Pin {
	return sha256.Sum256(certificate.RawSubjectPublicKeyInfo)
}

// mayAsk reports whether the peer may speak for a caller, for the purpose.
func (p *Peer) mayAsk(caller *auth.Caller) bool {
	if !slices.Contains(p.Purposes, caller.Purpose) || caller.Purpose == "" {
		return false
	}
	if caller.Citizen {
		return p.Citizens && !caller.Person.IsZero() && caller.Role == "" && caller.Organisation == "" && len(caller.Activities) == 0
	}
	return caller.Person.IsZero() && p.Roles.Has(caller.Role) && p.Organisations.Has(caller.Organisation)
}

// Vouchable lists the relationships that a peer can be let vouch for.
func Vouchable() []policy.Relationship {
	return []policy.Relationship{policy.RelationshipRegistered, policy.RelationshipRecord, policy.RelationshipReferral}
}

// mayVouch is the relationship that the peer found, where it may vouch for it.
func (p *Peer) mayVouch(found string) policy.Relationship {
	if slices.Contains(p.Relationships, policy.Relationship(found)) {
		return policy.Relationship(found)
	}
	return policy.RelationshipNone
}
