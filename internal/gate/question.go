package gate

import (
	"time"

	"onelondon/internal/clinical"
)

// Question asks for one person: who they are, and any number of lists of their records.
type Question struct {
	Person              clinical.NHSNumber
	ClaimedRelationship string            // why the caller cares for the person, in words; empty where nothing is claimed
	EmergencyGrant      string            // what [Gate.BreakGlass] gave, as the caller holds it; empty where the glass is whole
	MinConsentRevision  uint64            // the register must be at least this far; 0 demands nothing
	Identity            clinical.FieldSet // fields of Registration wanted
	Lists               []List
	Handed              *Handed       // what another OneLondon says with a question that it hands on; nil for a question asked here
	UrgentCare          []UrgentLists // views of the person's urgent care plans, each over some of Lists
}

// List asks for one page of one list of records.
type List struct {
	Kinds  []clinical.Kind                     // one, or several for a timeline; never empty
	Fields map[clinical.Kind]clinical.FieldSet // fields wanted of each kind, and no others
	Filter Filter
	OfPlan bool   // only records that are part of an urgent care plan
	First  int    // how many items at most, at least 1
	After  string // a cursor as the caller gave it; empty for the first page
	Apart  *Apart // for another OneLondon; nil for a list for people
}

// Filter narrows a list.
type Filter struct {
	Codes    []Code
	From     clinical.DateTime // first moment included; zero for none
	Until    clinical.DateTime // last moment covered is included; zero for none
	Statuses []clinical.Status
}

// Code is a code to look for; an empty system matches every terminology.
type Code struct {
	System clinical.CodeSystem
	Code   clinical.Text
}

// Answer answers one question. A nil Person means: nobody who can be shown to this caller.
type Answer struct {
	Person *Person
}

// Person is what a caller may have of one person.
type Person struct {
	NHSNumber     clinical.NHSNumber       // the current number
	Registrations []*clinical.Registration // newest first
	Warnings      []Warning
	Sources       []SourceAnswer // how sources did for the person's identity
	Pages         []Page         // one for each list of the question, in its order
	UrgentCare    []UrgentCare   // one for each of the question's, in its order
	Receipt       Receipt
}

// Demographics returns the registration to show as the person's own: the active one that was updated last. Nil where none
// may be shown.
func (p *Person) Demographics() *clinical.Registration {
	for _, registration := range p.Registrations {
		if registration.Status == clinical.StatusActive {
			return registration
		}
	}
	if len(p.Registrations) > 0 {
		return p.Registrations[0]
	}
	return nil
}

// Page is one page of a list.
type Page struct {
	Records   []clinical.Record // items in order; merged records are reached through Meta.Others
	HasNext   bool
	Sources   []SourceAnswer
	Conflicts []Conflict

	cursor func(item int) string
}

// Cursor returns the place of an item as text, sealed for this caller and this question.
func (p *Page) Cursor(item int) string {
	if p.cursor == nil {
		return ""
	}
	return p.cursor(item)
}

// Outcome is how one source did for one list; the values are those of the GraphQL enum SourceOutcome.
type Outcome string

// The outcomes.
const (
	Answered  Outcome = "ANSWERED"
	Nothing   Outcome = "NOTHING"
	Withheld  Outcome = "WITHHELD"
	Truncated Outcome = "TRUNCATED"
	TimedOut  Outcome = "TIMED_OUT"
	Failed    Outcome = "FAILED"
	Behind    Outcome = "BEHIND"
	NotAsked  Outcome = "NOT_ASKED"
)

// Outcomes lists every outcome, in the order of the GraphQL enum.
func Outcomes() []Outcome {
	return []Outcome{Answered, Nothing, Withheld, Truncated, TimedOut, Failed, Behind, NotAsked}
}

// SourceAnswer is the line that every source that should have answered gets on every list.
type SourceAnswer struct {
	Source   clinical.SourceID
	Name     string
	Outcome  Outcome
	Records  int
	Rejected int
	Elapsed  time.Duration // zero where it was not asked
	AsAt     time.Time
}

// Warning is something a reader must know before trusting the record.
type Warning struct {
	Kind    WarningKind
	Message string
	Sources []clinical.SourceID
}

// WarningKind says which; the values are those of the GraphQL enum.
type WarningKind string

// The kinds of warning.
const (
	BirthDateDiffers    WarningKind = "BIRTH_DATE_DIFFERS"
	FamilyNameDiffers   WarningKind = "FAMILY_NAME_DIFFERS"
	DeathDiffers        WarningKind = "DEATH_DIFFERS"
	NumberSuperseded    WarningKind = "NUMBER_SUPERSEDED"
	SeveralLocalRecords WarningKind = "SEVERAL_LOCAL_RECORDS"
)

// WarningKinds lists every kind of warning, in the order of the GraphQL enum.
func WarningKinds() []WarningKind {
	return []WarningKind{BirthDateDiffers, FamilyNameDiffers, DeathDiffers, NumberSuperseded, SeveralLocalRecords}
}

// Conflict is a contradiction that is shown, never settled.
type Conflict struct {
	Kind    ConflictKind
	Message string
	Records []clinical.Record
}

// ConflictKind says which; the values are those of the GraphQL enum.
type ConflictKind string

// The kinds of conflict.
const (
	AllergyAndNone ConflictKind = "ALLERGY_AND_NO_KNOWN_ALLERGY" // an allergy in one source, no known allergies in another
	CPRDiffers     ConflictKind = "CPR_DECISIONS_DIFFER"         // between plans that stand
	CPRAgainstADRT ConflictKind = "CPR_DECISION_AND_ADVANCE_DECISION"
	CeilingsDiffer ConflictKind = "CEILINGS_OF_TREATMENT_DIFFER"
)

// ConflictKinds lists every kind of conflict, in the order of the GraphQL enum.
func ConflictKinds() []ConflictKind {
	return []ConflictKind{AllergyAndNone, CPRDiffers, CPRAgainstADRT, CeilingsDiffer}
}

// Receipt says what was decided, under which rules, and what proves it.
type Receipt struct {
	RequestID       string
	AskedAt         time.Time
	Purpose         string
	Relationship    string
	PolicyRevision  string
	ConsentRevision uint64
	WithheldKinds   []clinical.Kind
	Reasons         []string // plain sentences
	Digest          [32]byte
	LedgerSequence  uint64
}

// SourceInfo describes one source of the catalogue.
type SourceInfo struct {
	ID           clinical.SourceID
	Name         string
	System       string
	Organisation clinical.Organisation // zero where the source holds many
	Kinds        []clinical.Kind
	Health       Health
	Watermark    clinical.DateTime
	LastAnswered time.Time // zero where it has not yet
}

// Health is whether a source can be asked; the values are those of the GraphQL enum SourceHealth.
type Health string

// The states of health.
const (
	Up       Health = "UP"
	Degraded Health = "DEGRADED"
	Down     Health = "DOWN"
)
