package sources

import (
	"context"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// Counter is a source that can be asked about everybody it knows, for counting. Nothing that names a person leaves it: who a
// row is about becomes a stand-in inside the driver, by the query's Stand. Rows of deleted people and test patients, of
// invalid NHS numbers, of registrations that carry an S-flag and of people whom Stand leaves out are left out, and so are rows
// that cannot be read as a record with the fields that are wanted, and records that name an urgent care plan as the one that
// they are a part of: they go with it, and plans are not counted.
type Counter interface {
	// Events hands each event of each set to each, the sets in their order, the events of a set in any order; an event may come
	// several times. An error of each ends the reading and is returned as it is. Any other error means that the source
	// did not answer: what was handed over before counts for nothing. The deadline is the context's.
	Events(ctx context.Context, query EventQuery, each func(set int, event Event) error) error
	// Facts hands over what the registrations of everybody say of them, by the same rules.
	Facts(ctx context.Context, query FactQuery, each func(Facts) error) error
}

// Stand gives the stand-in of the person whose number a source has, and whether they are in the study at all. It is safe for
// concurrent use.
type Stand func(clinical.NHSNumber) (clinical.Pseudonym, bool)

// EventQuery asks a source for events of everybody.
type EventQuery struct {
	Caller Caller
	Sets   []RecordedSet
	Stand  Stand
	// Organisation numbers an organisation's code, for sets that want it; never 0.
	Organisation func(clinical.Text) uint32
}

// RecordedSet says which records of one kind are meant, and what is wanted to be known of each.
type RecordedSet struct {
	Kind          clinical.Kind
	Codes         []Code // any of them, in any of the record's codings; none for every record
	Classes       []clinical.EncounterClass
	Statuses      []clinical.Status
	Organisations []clinical.Text
	Condition     condition.Condition // what policy releases; missing values never release
	From, Until   clinical.Day        // first and last day that count; NoDay for no bound. A record without a date is in no bound
	Undated       bool                // records without a date count beside those within the bounds
	Value         ValueBounds
	Wanted        EventFields
	// Reduce lets the source hand over less where less is asked for. A source may hand over more.
	Reduce Reduce
}

// ValueBounds narrow by a record's number; the zero value by nothing. A record without a number is in no bounds; only an
// Observation has one.
type ValueBounds struct {
	Over, AtLeast, Below, AtMost *float64
	Units                        []clinical.Text // see [SameUnit]; none for any
}

// EventFields says what is wanted of an event beside its person.
type EventFields uint8

// What may be wanted of an event. What is not wanted is not read.
const (
	WantDay          EventFields = 1 << iota
	WantEnd                      // with WantDay
	WantValue                    // the number
	WantMark                     // what tells events of one day apart
	WantOrganisation             // who holds the record
)

// Reduce says how much less than every event will do.
type Reduce uint8

// The reductions, each for every person by themselves. An event without a day is neither of the earliest nor of the latest.
const (
	ReduceNothing Reduce = iota
	ReduceToAny          // one event, whichever
	ReduceToFirst        // those of the earliest day
	ReduceToLast         // those of the latest day
)

// Event is one event of a person, as far as counting needs to know it. Events of one set and one person with the same Day and
// Mark are one event. What was not wanted is zero.
type Event struct {
	Person clinical.Pseudonym
	Day    clinical.Day // the first that the recorded precision covers; NoDay where none was recorded
	End    clinical.Day // Day where no end was recorded
	Value  float64      // NaN where there is no number
	// Mark is a digest of the coding, the value and the unit; of an Encounter, Appointment, Referral or Document also of the
	// organisation and of the moments of start and end, since two visits on one day are two. See [Saying].
	Mark         uint64
	Organisation uint32
}

// FactQuery asks a source what registrations say of everybody.
type FactQuery struct {
	Caller    Caller
	Stand     Stand
	Condition condition.Condition // what policy releases of registrations
}

// Facts are what one registration says of a person. Of several registrations, those come first by which the person is a practice's
// own patient, the one that began last before the others; then the others, likewise; then by source and by identifier. The first
// of them that knows a fact settles it.
type Facts struct {
	Person       clinical.Pseudonym
	Source       clinical.SourceID
	ID           clinical.Text
	Organisation clinical.Text // ODS code of who holds the registration
	Practice     clinical.Text // ODS code of the GP practice that the registration names
	Registered   bool          // currently that practice's own patient
	From, Until  clinical.Day  // of the registration; NoDay where not recorded
	Birth, Death clinical.Day  // NoDay where not recorded
	Sex          clinical.Gender
}
