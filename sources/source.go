package sources

import (
	"context"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// Source is one record system. Implementations are safe for concurrent use, write nothing, and keep no record after a call.
type Source interface {
	// Fetch answers every part of the query, in the query's order, or fails as a whole. Each part's records come in the
	// order of [Position], newest first, all of them after part.After, satisfying part.Filter and part.Condition, and at
	// most part.Limit of them. Only part.Fields are filled; identity, organisation and labels always are. A registration's
	// number is the one that the system keeps with it, not the one that was asked for: so a mix-up shows. A row that cannot
	// be read as a record is left out and counted in Rejected. The deadline is the context's. The records belong to the
	// caller.
	Fetch(ctx context.Context, query Query) (Answer, error)
	// Close releases connections. No call may follow it.
	Close() error
}

// Pinger is a source that can say cheaply whether it is there.
type Pinger interface {
	Ping(ctx context.Context) error
}

// Holder is a source that can say which kinds of record it holds at all. One that cannot is taken to hold every kind.
type Holder interface {
	// Holds lists the kinds, in the order of clinical.Kinds.
	Holds() []clinical.Kind
}

// Lister is a source that can list whom it knows, for the locator. Rows whose NHS number is missing or invalid, deleted
// people and test patients are left out. A person may be listed several times.
type Lister interface {
	People(ctx context.Context, yield func(Membership) error) error
}

// Watermarked is a source that knows how fresh it is.
type Watermarked interface {
	// Watermark returns when the newest entry was written into the source, as far as the source can tell.
	Watermark(ctx context.Context) (clinical.DateTime, error)
}

// Membership says that a source knows a person, at which organisation, and how.
type Membership struct {
	Person       clinical.NHSNumber
	Organisation clinical.Text // ODS code of the organisation that holds the registration
	Registered   bool          // currently registered there as a GP practice's own patient
	Sensitive    bool          // carries an S-flag
}

// Caller is who asks, as handed on to the source so that its own audit can see it. A record system never trusts it for a
// decision; another OneLondon decides for this very caller, as far as it lets whoever hands on speak for them.
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
	// People says how the caller stands to each person that a part is about, and Consent how far the register of preferences was
	// when that was found out. Record systems have no use for either.
	People  []Standing
	Consent uint64
}

// Standing is how the caller stands to one person.
type Standing struct {
	Numbers      []clinical.NHSNumber // every number of the person that was asked about, the current one first
	Relationship string               // what was found, such as "registered"; "none" or empty for none
	Claimed      string               // why the caller says that they care for the person, in their words
	Emergency    bool                 // the caller has broken the glass for this person
}

// Limits cap what one query may bring back over all its parts; zero means the driver's own default.
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
	After     Position // the zero position asks from the newest
	Limit     int      // at least 1
	// Ties asks not for the records but for what they hang together by; the condition is any of some labels. A source may
	// answer with stand-ins, all in the first of the parts that ask for ties about one person with the same condition: records
	// that between them name every encounter, problem and appointment that the records name or that others name them by, and
	// carry the labels. Filter, order and After do not count.
	Ties bool
}

// Filter narrows a part as the caller asked. The zero value filters nothing. A record without a date matches no date range,
// one without a status no list of statuses.
type Filter struct {
	Codes    []Code            // any of them, in any of the record's codings
	From     clinical.DateTime // first moment included
	Until    clinical.DateTime // first moment excluded
	Statuses []clinical.Status
	OfPlan   bool // records that name an urgent care plan as the one that they are a part of
}

// Code is a code to look for. An empty system matches every terminology.
type Code struct {
	System clinical.CodeSystem
	Code   clinical.Text
}

// Answer is what a source gave.
type Answer struct {
	Parts      []PartAnswer // one for each part of the query, in its order
	RoundTrips int          // statements or requests sent
	Bytes      int          // about how many bytes of values came back
}

// PartAnswer answers one part.
type PartAnswer struct {
	Records   []clinical.Record
	Rejected  int  // rows that could not be read as a record
	Truncated bool // a cap on rows or bytes was reached: more records exist than limit and condition account for
	// Below says how the sources of a source did that is itself a OneLondon; empty for a record system.
	Below []Below
}

// Below is how one source of another OneLondon did on one part.
type Below struct {
	Source   clinical.SourceID // by the path that leads to it: "barts", "nel/barts"
	Name     string
	Outcome  Outcome // any, those that only a source below may have among them
	Rejected int
	Elapsed  time.Duration
}

// Whole reports whether the part lacks nothing that is known to be missing.
func (p *PartAnswer) Whole() bool {
	for i := range p.Below {
		if below := &p.Below[i]; below.Rejected > 0 || !below.Outcome.Whole() {
			return false
		}
	}
	return !p.Truncated && p.Rejected == 0
}
