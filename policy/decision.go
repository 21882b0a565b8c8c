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
	RelationshipProxy      Relationship = "proxy"      // a citizen on whom the register puts authority over the person's record
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
	Emergency    bool // the caller has broken the glass: a reason is kept, the time has not run out
	Person       Person
}

// Person is what a decision knows of the person whose record it is.
type Person struct {
	Objection   string       // to the shared record: none, requested, upheld or not_upheld
	Preferences []Preference // what they allow and deny by category, sorted
	Flagged     bool         // carries an S-flag
	Deceased    bool
	Age         Age
	Capacity    Capacity
	Authority   Authority // that a citizen who is not the person holds over their record
}

// Preference is what a person decided about one category of their records for one party.
type Preference struct {
	Effect   string // allow or deny
	Category string // a category of clinical.Categories, or "all"
	Party    string // what kind of party: anyone, organisation or role
	Code     string // ODS code of the organisation, or R-code of the role; empty for anyone
}

// Age is a band of age, cut where the law changes (DOMAIN.md 2.11). Nobody whose date of birth is not known has one.
type Age string

// The bands of age.
const (
	AgeUnknown Age = ""
	AgeUnder11 Age = "under_11"
	Age11And12 Age = "11_to_12"
	Age13To15  Age = "13_to_15"
	Age16AndUp Age = "16_and_over"
)

// Capacity is what was found out about a person's capacity to decide for themselves.
type Capacity string

// The findings. Nobody has assessed a person whose capacity is presumed.
const (
	CapacityPresumed  Capacity = "presumed"
	CapacityCompetent Capacity = "competent" // a child assessed as competent (Gillick)
	CapacityLacking   Capacity = "lacking"   // assessed under the Mental Capacity Act 2005
)

// Authority is by what right somebody else looks at a person's record.
type Authority string

// The authorities of a proxy.
const (
	AuthorityNone     Authority = ""
	AuthorityParent   Authority = "parent"   // or a guardian with parental responsibility
	AuthorityAttorney Authority = "attorney" // lasting power of attorney for health and welfare, or a deputy
)

// Decision is what a caller may have of a person, for a purpose.
type Decision struct {
	Revision string // digest of the policy that decided
	// Permitted reports whether anything at all may be released. Where it is false every kind is withheld.
	Permitted bool
	Reasons   []string // snake_case codes of what led here, sorted; words for people are in the policy's data
	Alert     bool     // a privacy officer should review this access
	Notify    bool     // the person is to be told of this access
	Hide      bool     // the person must not be found: they are nobody to this caller
	releases  [clinicalKinds]Release
}

// clinicalKinds bounds the kinds of record; a decision has a place for each.
const clinicalKinds = 32

// Release is the decision for one kind of record. The zero value withholds it.
type Release struct {
	Condition condition.Condition // which records are released: never, always, or where
	Masked    clinical.FieldSet   // fields never selected nor shown
	Untold    clinical.FieldSet   // fields shown only of records that say that the person was told (clinical.LabelPrognosisTold)
}

// Release returns the decision for a kind. A kind the policy does not know is withheld.
func (d *Decision) Release(kind clinical.Kind) Release {
	if !d.Permitted || int(kind) >= len(d.releases) {
		return Release{}
	}
	return d.releases[kind]
}

// Hidden are the fields of record that are not shown: those that are masked, and those of which it does not say that the person
// was told.
func (r Release) Hidden(record clinical.Record) clinical.FieldSet {
	if told, _ := record.About().Labels.Value(clinical.LabelPrognosisTold); told {
		return r.Masked
	}
	return r.Masked | r.Untold
}

// LeftOut names the fields of the kind that are left out, in the kind's order, with what they depend on where they do.
func (r Release) LeftOut(kind clinical.Kind) (names []string) {
	descriptor := kind.Descriptor()
	for i := range descriptor.Fields {
		switch field := &descriptor.Fields[i]; {
		case r.Masked.Has(field.Bit):
			names = append(names, field.Name)
		case r.Untold.Has(field.Bit):
			names = append(names, field.Name+UnlessTold)
		}
	}
	return names
}

// UnlessTold says of a field that it is left out where the record does not say that the person was told.
const UnlessTold = " unless the person was told"

// SetRelease puts the decision for a kind in place. It is for whoever makes decisions, the engine and tests; a decision that
// was handed out is not changed any more.
func (d *Decision) SetRelease(kind clinical.Kind, release Release) {
	if int(kind) < len(d.releases) {
		d.releases[kind] = release
	}
}
