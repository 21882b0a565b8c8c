package sources

import (
	"context"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// Source is one record system. Implementations are safe for concurrent use, write nothing, and keep no record after a call.
type Source interface {
	// Fetch answers every part of the query, in order, or fails as a whole. The records of each part are in the order
	// of [Position], all of them after part.After, satisfying part.Filter and part.Condition, and at most part.Limit in
	// number. Only part.Fields are filled, besides identity, organisation and labels, which always are. The number of a
	// registration is the one stored in the system, not the one asked for, so that a mix-up shows. A row that cannot be
	// read as a record is left out and counted in Rejected. The deadline is the context's. The records belong to the
	// caller.
	Fetch(ctx context.Context, query Query) (Answer, error)
	// Close releases connections. No call may follow it.
	Close() error
}

// Pinger is a source that can cheaply say whether it is up.
type Pinger interface {
	Ping(ctx context.Context) error
}

// Holder is a source that knows which kinds of record it holds. A source that is not a Holder is taken to hold every
// kind.
type Holder interface {
	// Holds lists the kinds, in the order of clinical.Kinds.
	Holds() []clinical.Kind
}

// Changing is a holder that may come to hold other kinds while it runs.
type Changing interface {
	Holder
	// Changes counts how often it has. Every question asks, so it is cheap.
	Changes() uint64
}

// Lister is a source that can list the people it knows, for the locator. Rows with a missing or invalid NHS number,
// deleted people and test patients are left out. A person may be listed several times.
type Lister interface {
	People(ctx context.Context, yield func(Membership) error) error
}

// Watermarked is a source that knows how fresh it is.
type Watermarked interface {
	// Watermark returns when the newest entry was written into the source, as far as the source can tell.
	Watermark(ctx context.Context) (clinical.DateTime, error)
}

// Membership says that a source knows a person, at which organisation, and in what capacity.
type Membership struct {
	Person       clinical.NHSNumber
	Organisation clinical.Text // ODS code of the organisation that holds the registration
	Registered   bool          // currently that GP practice's own patient
	Sensitive    bool          // carries an S-flag
}

// Caller is passed on to the source so that its own audit can record who asks. Record systems never base decisions on
// it; another OneLondon does decide for this caller, as far as it trusts the sender to speak for them.
type Caller struct {
	ID           string
	Name         string
	Organisation string
	Role         string
	Activities   []string
	Citizen      bool
	Person       clinical.NHSNumber // a citizen's own number
	Purpose      string
	Automated    bool
	RequestID    string
}

// Query is one question to one source.
type Query struct {
	Caller Caller
	Parts  []Part
	Limits Limits
	// People says how the caller stands to each person that a part is about, and Consent which revision of the register
	// of preferences that was established under. Record systems ignore both.
	People  []Standing
	Consent uint64
}

// Standing is the caller's relationship to one person.
type Standing struct {
	Numbers      []clinical.NHSNumber // every number of the person that was asked about, current one first
	Relationship string               // the relationship found, such as "registered"; "none" or empty for none
	Claimed      string               // the caller's stated reason for caring for the person
	Emergency    bool                 // the caller has broken the glass for this person
}

// Limits cap what one query may return over all its parts; zero means the driver's own default.
type Limits struct {
	Rows  int
	Bytes int
}

// Part asks for one person's records of one kind.
type Part struct {
	Kind      clinical.Kind
	Person    clinical.NHSNumber
	Fields    clinical.FieldSet
	Filter    Filter
	Condition condition.Condition
	After     Position // zero to start with the newest
	Limit     int      // at least 1
	// Ties asks not for records but for their ties; the condition is then any of some labels. A tie is an
	// encounter, problem or appointment by which records are connected. Instead of the records themselves a source may
	// return substitutes, all in the first of the parts that ask for ties of one person with the same condition, which
	// between them name every tie of those records and carry their labels. Filter, order and After do not apply.
	Ties bool
}

// Filter narrows a part as the caller asked. The zero value filters nothing. A record without a date matches no date
// range, and one without a status no list of statuses.
type Filter struct {
	Codes    []Code            // any of these in any of the record's codings
	From     clinical.DateTime // inclusive
	Until    clinical.DateTime // exclusive
	Statuses []clinical.Status
	OfPlan   bool // only records that are part of an urgent care plan
}

// Code is a code to look for. An empty system matches every terminology.
type Code struct {
	System clinical.CodeSystem
	Code   clinical.Text
}

// Answer is what a source returned.
type Answer struct {
	Parts      []PartAnswer // one for each part of the query, in its order
	RoundTrips int          // statements or requests sent
	Bytes      int          // approximate size of the values that came back
}

// PartAnswer answers one part.
type PartAnswer struct {
	Records   []clinical.Record
	Rejected  int  // rows that could not be read as a record
	Truncated bool // a cap on rows or bytes was reached, so matching records are missing beyond those cut off by the limit
	// Below says how the sources of another OneLondon did; empty for a record system.
	Below []Below
}

// Below is how one source behind another OneLondon did on one part.
type Below struct {
	Source   clinical.SourceID // the path to it: "barts", "nel/barts"
	Name     string
	Outcome  Outcome // any outcome, including those that only a source behind another OneLondon can have
	Rejected int
	Elapsed  time.Duration
}

// Whole reports whether the part is known to lack nothing.
func (p *PartAnswer) Whole() bool {
	for i := range p.Below {
		if below := &p.Below[i]; below.Rejected > 0 || !below.Outcome.Whole() {
			return false
		}
	}
	return !p.Truncated && p.Rejected == 0
}
