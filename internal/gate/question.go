package gate

import (
	"time"

	"onelondon/internal/clinical"
)

// Question asks about one person: who they are, and any number of lists of their records.
type Question struct {
	Person              clinical.NHSNumber
	ClaimedRelationship string            // the caller's reason for caring for the person; empty if none is claimed
	EmergencyGrant      string            // a [Grant]'s text; empty unless the glass is broken
	MinConsentRevision  uint64            // the register must have reached this revision; 0 demands nothing
	Identity            clinical.FieldSet // the fields of Registration that are wanted
	Lists               []List
	Handed              *Handed       // set only on a question that another OneLondon hands on
	UrgentCare          []UrgentLists // views of the person's urgent care plans, each over some of Lists
}

// List asks for one page of one list of records.
type List struct {
	Kinds  []clinical.Kind                     // never empty; several for a timeline
	Fields map[clinical.Kind]clinical.FieldSet // the fields wanted of each kind
	Filter Filter
	OfPlan bool   // only records that are part of an urgent care plan
	First  int    // maximum number of items, at least 1
	After  string // a cursor; empty for the first page
	Apart  *Apart // set only on a list for another OneLondon
}

// Filter narrows a list.
type Filter struct {
	Codes    []Code
	From     clinical.DateTime // inclusive; zero for no limit
	Until    clinical.DateTime // inclusive of the whole day, month or year given; zero for no limit
	Statuses []clinical.Status
}

// Code is a code to look for; an empty system matches every terminology.
type Code struct {
	System clinical.CodeSystem
	Code   clinical.Text
}

// Answer is the answer to one question. A nil Person means that there is nobody who may be shown to this caller.
type Answer struct {
	Person *Person
}

// Person is what a caller may have of one person.
type Person struct {
	NHSNumber     clinical.NHSNumber       // the current number
	Registrations []*clinical.Registration // newest first
	Warnings      []Warning
	Sources       []SourceAnswer // how each source did for the person's identity
	Pages         []Page         // parallel to the lists of the question
	UrgentCare    []UrgentCare   // parallel to those of the question
	Receipt       Receipt
}

// Demographics returns the registration to show as the person's own: the active one that was updated last, or nil if
// none may be shown.
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
	Records   []clinical.Record // in order; merged records are reached through Meta.Others
	HasNext   bool
	Sources   []SourceAnswer
	Conflicts []Conflict

	cursor func(item int) string
}

// Cursor returns the position of an item as text, sealed for this caller and this question.
func (p *Page) Cursor(item int) string {
	if p.cursor == nil {
		return ""
	}
	return p.cursor(item)
}

// Outcome is how one source did for one list; its values are those of the GraphQL enum SourceOutcome.
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

// SourceAnswer is the line that each list has for every source that should have answered.
type SourceAnswer struct {
	Source   clinical.SourceID
	Name     string
	Outcome  Outcome
	Records  int
	Rejected int
	Elapsed  time.Duration // zero if the source was not asked
	AsAt     time.Time
}

// Warning is something a reader must know before trusting the record.
type Warning struct {
	Kind    WarningKind
	Message string
	Sources []clinical.SourceID
}

// WarningKind classifies a warning; its values are those of the GraphQL enum WarningKind.
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

// Conflict is a contradiction between records. It is shown, never settled.
type Conflict struct {
	Kind    ConflictKind
	Message string
	Records []clinical.Record
}

// ConflictKind classifies a conflict; its values are those of the GraphQL enum ConflictKind.
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

// Receipt says what was decided, under which rules, and where the ledger proves it.
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
	LastAnswered time.Time // zero if it has not answered yet
}

// Health says whether a source can be asked; its values are those of the GraphQL enum SourceHealth.
type Health string

// The states of health.
const (
	Up       Health = "UP"
	Degraded Health = "DEGRADED"
	Down     Health = "DOWN"
)
