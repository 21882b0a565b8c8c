package policy

import (
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// Purpose is why somebody asks: a code of HL7 v3 PurposeOfUse, such as TREAT. The empty purpose is no purpose.
type Purpose string

// The purposes the policy knows (http://terminology.hl7.org/CodeSystem/v3-ActReason).
const (
	Treatment          Purpose = "TREAT"
	EmergencyTreatment Purpose = "ETREAT"
	PatientRequest     Purpose = "PATRQT"
	Operations         Purpose = "HOPERAT"
	Research           Purpose = "HRESCH"
	PublicHealth       Purpose = "PUBHLTH"
)

// Relationship is how the caller's organisation stands to the person.
type Relationship string

// The care relationships, strongest first. RelationshipNone is the zero value's meaning.
const (
	RelationshipNone       Relationship = "none"
	RelationshipSelf       Relationship = "self"       // the caller is the person
	RelationshipRegistered Relationship = "registered" // the person is registered at the caller's practice
	RelationshipRecord     Relationship = "record"     // the caller's organisation holds a record of the person
	RelationshipReferral   Relationship = "referral"   // an open referral to the caller's organisation
	RelationshipClaimed    Relationship = "claimed"    // the caller says so and gives a reason
)

// Input is all that one decision depends on, and nothing more: no NHS number, no name. Two askings with equal inputs get
// equal decisions, which is why decisions can be cached by it.
type Input struct {
	Role         string   // the selected role's R-code, "R0260"; empty for a citizen
	Activities   []string // the selected role's activity codes, "B0360", sorted
	Organisation string   // ODS code of the selected role's organisation; empty for a citizen
	Citizen      bool     // signed in as a member of the public, not as staff
	Purpose      Purpose
	Relationship Relationship
	Objection    string // the person's objection to the shared record: none, requested, upheld or not_upheld
	Emergency    bool   // reserved for break-glass; never set yet
}

// Decision is what a caller may have of a person, for a purpose.
type Decision struct {
	Revision string // digest of the policy that decided
	// Permitted reports whether anything at all may be released. Where it is false every kind is withheld.
	Permitted bool
	Reasons   []string // snake_case codes of what led here, sorted; words for people are in the policy's data
	Alert     bool     // a privacy officer should review this access
	releases  [clinicalKinds]Release
}

// clinicalKinds bounds the kinds of record; a decision has a place for each.
const clinicalKinds = 32

// Release is the decision for one kind of record. The zero value withholds it.
type Release struct {
	Condition condition.Condition // which records are released: never, always, or where
	Masked    clinical.FieldSet   // fields never selected nor shown
}

// Release returns the decision for a kind. A kind the policy does not know is withheld.
func (d *Decision) Release(kind clinical.Kind) Release {
	if !d.Permitted || int(kind) >= len(d.releases) {
		return Release{}
	}
	return d.releases[kind]
}

// SetRelease puts the decision for a kind in place. It is for whoever makes decisions, the engine and tests; a decision that
// was handed out is not changed any more.
func (d *Decision) SetRelease(kind clinical.Kind, release Release) {
	if int(kind) < len(d.releases) {
		d.releases[kind] = release
	}
}
