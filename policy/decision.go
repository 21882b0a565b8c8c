package policy

import (
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// Purpose is why somebody asks: a code of HL7 v3 PurposeOfUse, such as TREAT. The empty purpose means none.
type Purpose string

// The purposes known to the policy (http://terminology.hl7.org/CodeSystem/v3-ActReason).
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

// The care relationships, strongest first. The zero value means RelationshipNone.
const (
	RelationshipNone       Relationship = "none"
	RelationshipSelf       Relationship = "self"       // the caller is the person
	RelationshipRegistered Relationship = "registered" // the person is registered at the caller's practice
	RelationshipRecord     Relationship = "record"     // the caller's organisation holds a record of the person
	RelationshipReferral   Relationship = "referral"   // the caller's organisation has an open referral of the person
	RelationshipClaimed    Relationship = "claimed"    // the caller claims to care for the person and gives a reason
	RelationshipProxy      Relationship = "proxy"      // a citizen to whom the register gives authority over the person's record
)

// Input is everything that one decision depends on, and nothing more: no NHS number and no name. Equal inputs get equal
// decisions, so decisions are cached by input.
type Input struct {
	Role         string   // the selected role's R-code, "R0260"; empty for a citizen
	Activities   []string // the selected role's activity codes, "B0360", sorted
	Organisation string   // ODS code of the selected role's organisation; empty for a citizen
	Citizen      bool     // signed in as a member of the public, not as staff
	Purpose      Purpose
	Relationship Relationship
	Emergency    bool // the caller has broken the glass: with a reason, and not yet expired
	Person       Person
}

// Person is what a decision may know about the person whose record it is.
type Person struct {
	Objection   string       // to the shared record: none, requested, upheld or not_upheld
	Preferences []Preference // what the person allows and denies by category, sorted
	Flagged     bool         // carries an S-flag
	Deceased    bool
	Age         Age
	Capacity    Capacity
	Authority   Authority // of a citizen who is not the person over the person's record
}

// Preference is a person's decision about one category of their records and one party.
type Preference struct {
	Effect   string // allow or deny
	Category string // a category of clinical.Categories, or "all"
	Party    string // the kind of party: anyone, organisation or role
	Code     string // ODS code of the organisation, or R-code of the role; empty for anyone
}

// Age is an age band, divided where the law changes (DOMAIN.md 2.11). It is unknown if the date of birth is.
type Age string

// The age bands.
const (
	AgeUnknown Age = ""
	AgeUnder11 Age = "under_11"
	Age11And12 Age = "11_to_12"
	Age13To15  Age = "13_to_15"
	Age16AndUp Age = "16_and_over"
)

// Capacity is the finding on a person's capacity to decide for themselves.
type Capacity string

// The findings. CapacityPresumed, the default, means that nobody has assessed the person.
const (
	CapacityPresumed  Capacity = "presumed"
	CapacityCompetent Capacity = "competent" // a child assessed as competent (Gillick)
	CapacityLacking   Capacity = "lacking"   // assessed under the Mental Capacity Act 2005
)

// Authority is the right by which somebody else acts on a person's record.
type Authority string

// The authorities of a proxy.
const (
	AuthorityNone     Authority = ""
	AuthorityParent   Authority = "parent"   // or a guardian with parental responsibility
	AuthorityAttorney Authority = "attorney" // lasting power of attorney for health and welfare, or a deputy
)

// Decision says what a caller may have of a person's record, for a purpose.
type Decision struct {
	Revision string // digest of the policy that decided
	// Permitted reports whether anything at all may be released. If false, every kind is withheld.
	Permitted bool
	Reasons   []string // snake_case codes of the reasons, sorted; their wording is in the policy's data
	Alert     bool     // a privacy officer should review this access
	Notify    bool     // the person is to be notified of this access
	Hide      bool     // the person must not be found: to this caller they do not exist
	releases  [clinicalKinds]Release
}

// clinicalKinds is an upper bound on the number of kinds; a decision has an entry for each.
const clinicalKinds = 32

// Release is the decision for one kind of record. The zero value withholds it.
type Release struct {
	Condition condition.Condition // which records are released: never, always, or a condition
	Masked    clinical.FieldSet   // fields that are never read or shown
	Untold    clinical.FieldSet   // fields shown only in records that say that the person was told (clinical.LabelPrognosisTold)
}

// Release returns the decision for a kind. A kind unknown to the policy is withheld.
func (d *Decision) Release(kind clinical.Kind) Release {
	if !d.Permitted || int(kind) >= len(d.releases) {
		return Release{}
	}
	return d.releases[kind]
}

// Hidden are the fields that are not shown of record: those masked, and those in Untold unless the record says that the
// person was told.
func (r Release) Hidden(record clinical.Record) clinical.FieldSet {
	if told, _ := record.About().Labels.Value(clinical.LabelPrognosisTold); told {
		return r.Masked
	}
	return r.Masked | r.Untold
}

// LeftOut names the fields of the kind that are left out, in the kind's order, with the condition if there is one.
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

// UnlessTold marks a field that is left out unless the record says that the person was told.
const UnlessTold = " unless the person was told"

// SetRelease sets the decision for a kind. It is for the engine and for tests; a decision must not be changed after it
// has been handed out.
func (d *Decision) SetRelease(kind clinical.Kind, release Release) {
	if int(kind) < len(d.releases) {
		d.releases[kind] = release
	}
}
