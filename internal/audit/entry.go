package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"onelondon/internal/clinical"
)

// Outcome is how an asking ended.
type Outcome string

// The outcomes. Of a person whom policy hides entries say what they say of nobody: whoever reads the ledger must not find
// the person in it either.
const (
	OutcomeReleased Outcome = "released"  // something of the record left, which may be an empty list
	OutcomeRefused  Outcome = "refused"   // nothing left
	OutcomeNotFound Outcome = "not_found" // the answer was that there is no such person
)

// Event is what an entry is about. The zero value is an asking for a record.
type Event string

// The events.
const (
	EventAccess     Event = ""            // somebody asked for a record
	EventBreakGlass Event = "break_glass" // somebody broke the glass: a reason and a time limit, no record yet
	EventPreference Event = "preference"  // a person or somebody for them changed a preference
	EventReview     Event = "review"      // a privacy officer reviewed an alert
	EventOversight  Event = "oversight"   // somebody read the ledger or the register
	EventStudy      Event = "study"       // somebody asked for numbers about many people
	// EventStudyOutside is that somebody asked who is not one of a registered project's people. It is not published.
	EventStudyOutside Event = "study_outside"
)

// Entry is one event about one person, or about nobody. Time, RequestID and Outcome are required.
type Entry struct {
	Event           Event              `json:"event,omitempty"`
	Time            time.Time          `json:"time"` // kept in UTC
	RequestID       string             `json:"requestId"`
	Caller          Caller             `json:"caller"`
	Purpose         string             `json:"purpose,omitempty"` // HL7 PurposeOfUse code
	Person          clinical.NHSNumber `json:"-"`                 // sealed when written: zero in an entry read back
	Outcome         Outcome            `json:"outcome"`
	Kinds           []string           `json:"kinds,omitempty"`         // kinds of record that were asked for and released
	Withheld        []string           `json:"withheld,omitempty"`      // kinds of record that were asked for and withheld
	Reasons         []string           `json:"reasons,omitempty"`       // snake_case codes of the policy
	Relationship    string             `json:"relationship,omitempty"`  // how the caller's organisation stood to the person
	ClaimedReason   string             `json:"claimedReason,omitempty"` // what the caller typed to claim a relationship
	Sources         []SourceOutcome    `json:"sources,omitempty"`
	PolicyRevision  string             `json:"policyRevision,omitempty"`
	ConsentRevision uint64             `json:"consentRevision,omitempty"`
	AnswerDigest    []byte             `json:"answerDigest,omitempty"` // SHA-256 of what was released
	Alert           bool               `json:"alert,omitempty"`        // a privacy officer should review this access
	Notify          bool               `json:"notify,omitempty"`       // the person asked to be told of this access
	Automated       bool               `json:"automated,omitempty"`    // a program asked, nobody looked
	Emergency       bool               `json:"emergency,omitempty"`    // a record was asked for with the glass broken
	Action          string             `json:"action,omitempty"`       // of what is no asking for a record: the policy's word for what was done
	Reviewed        uint64             `json:"reviewed,omitempty"`     // of a review: the sequence of the entry it is about
	Finding         string             `json:"finding,omitempty"`      // of a review: what the privacy officer found, in words
	Until           time.Time          `json:"until,omitzero"`         // of a broken glass: when it ends
	Decided         *Decided           `json:"decided,omitempty"`      // of an asking for a record: what else the policy was told
	Study           *Study             `json:"study,omitempty"`        // of a study: what was asked
	OnWordOf        string             `json:"onWordOf,omitempty"`     // of a preference that staff recorded: whose word it is, as package policy has it
	Evidence        string             `json:"evidence,omitempty"`     // and a reference to what proves it
	Opens           bool               `json:"opens,omitempty"`        // and that it opens something
}

// Decided is what the policy was told of the person and of the caller's role besides what the entry says, so that it, or another
// one, can be asked again. It names nobody, but it tells what somebody chose: it is for machines that ask again, and no reader of
// the ledger is shown it. The words are those of package policy.
type Decided struct {
	Activities  []string     `json:"activities,omitempty"` // of the caller's role, all of them: another policy may heed others
	Objection   string       `json:"objection,omitempty"`
	Preferences []Preference `json:"preferences,omitempty"`
	Flagged     bool         `json:"flagged,omitempty"`
	Deceased    bool         `json:"deceased,omitempty"`
	Age         string       `json:"age,omitempty"` // a band
	Capacity    string       `json:"capacity,omitempty"`
	Authority   string       `json:"authority,omitempty"`
}

// Study is what was asked about many people, as the public register of studies says it.
type Study struct {
	Project string `json:"project"`
	Name    string `json:"name"` // of the definition
	Version int    `json:"version"`
	Title   string `json:"title"`
	Words   string `json:"words"`  // the definition in plain English
	Digest  string `json:"digest"` // of the definition
}

// Preference is what a person allowed or denied, without whom: which practice or hospital somebody keeps out may tell who they are.
type Preference struct {
	Effect   string `json:"effect"`
	Category string `json:"category"`
	Party    string `json:"party"`         // what kind of party
	Own      bool   `json:"own,omitempty"` // the party is the caller's own organisation or role
}

// Caller is who asked, as the verified token says, or as another OneLondon says that it verified.
type Caller struct {
	ID           string `json:"id,omitempty"`
	Name         string `json:"name,omitempty"`
	Role         string `json:"role,omitempty"`         // R-code of the selected role
	Organisation string `json:"organisation,omitempty"` // ODS code of the selected role's organisation
	Via          string `json:"via,omitempty"`          // the OneLondons that handed the question on, "london/nel"; they verified the caller
}

// SourceOutcome is how one source did.
type SourceOutcome struct {
	Source  string `json:"source"`
	Outcome string `json:"outcome"`
	Records int    `json:"records"` // records of it in the answer
}

// Written is an entry as the ledger has it.
type Written struct {
	Receipt
	Subject string // what stands for the person in every ledger under the same key, see [Ledger.Person]; empty for nobody
	Entry   Entry  // without Person
}

// form is the present form of a stored entry. A reader refuses a form it does not know.
const form = 1

// stored is an entry in its canonical bytes: JSON with the fields in the order of the struct, no map, times in UTC.
type stored struct {
	Form int `json:"form"`
	Entry
}

func encode(entry Entry) ([]byte, error) {
	switch entry.Outcome {
	case OutcomeReleased, OutcomeRefused, OutcomeNotFound:
	default:
		return nil, errors.New("write an entry: no outcome")
	}
	if entry.Time.IsZero() || entry.RequestID == "" {
		return nil, errors.New("write an entry: no time or no request id")
	}
	entry.Time = entry.Time.UTC()
	if entry.plain() {
		return entry.appendTo(make([]byte, 0, 1024)), nil
	}
	body, err := json.Marshal(stored{form, entry})
	if err != nil {
		return nil, fmt.Errorf("write an entry: %w", err)
	}
	return body, nil
}

func decode(body []byte) (Entry, error) {
	var s stored
	if err := json.Unmarshal(body, &s); err != nil {
		return Entry{}, errors.New("read an entry: not in a form this version knows") // the cause would quote the entry
	}
	if s.Form != form {
		return Entry{}, fmt.Errorf("read an entry: form %d, known is %d", s.Form, form)
	}
	return s.Entry, nil
}
