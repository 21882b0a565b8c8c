package sources

import (
	"context"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// Counter is a source that can be asked about everybody it knows, for counting. Nothing that identifies a person leaves
// it: the driver itself replaces each NHS number by a pseudonym, by calling the query's Stand. It leaves out deleted
// people and test patients, invalid NHS numbers, registrations with an S-flag and people whom Stand excludes; also rows
// that cannot be read as a record with the wanted fields. Records that are part of an urgent care plan are left out
// too: they are treated like the plan, and plans are not counted.
type Counter interface {
	// Events passes the events of each set to each: set by set, the events of a set in any order and possibly repeated.
	// An error from each ends the reading and is returned unchanged. Any other error means that the source did not
	// answer, and everything passed before must be discarded. The deadline is the context's.
	Events(ctx context.Context, query EventQuery, each func(set int, event Event) error) error
	// Facts passes on what everybody's registrations say about them, by the same rules.
	Facts(ctx context.Context, query FactQuery, each func(Facts) error) error
}

// Stand returns the pseudonym that stands for a person, by NHS number, and whether the person is in the study. It is
// safe for concurrent use.
type Stand func(clinical.NHSNumber) (clinical.Pseudonym, bool)

// EventQuery asks a source for events of everybody.
type EventQuery struct {
	Caller Caller
	Sets   []RecordedSet
	Stand  Stand
	// Organisation maps an organisation's code to a number, never 0, for sets that want it.
	Organisation func(clinical.Text) uint32
}

// RecordedSet selects records of one kind, and what is wanted of each.
type RecordedSet struct {
	Kind          clinical.Kind
	Codes         []Code // any of these in any of the record's codings; none means every record
	Classes       []clinical.EncounterClass
	Statuses      []clinical.Status
	Organisations []clinical.Text
	Condition     condition.Condition // what policy releases; missing values never satisfy it
	From, Until   clinical.Day        // first and last day; NoDay for no bound. A record without a date is outside any bound
	Undated       bool                // records without a date count too
	Value         ValueBounds
	Wanted        EventFields
	// Reduce allows the source to hand over fewer events. It may still hand over all.
	Reduce Reduce
}

// ValueBounds restrict a record's number; the zero value does not. A record without a number is outside any bounds;
// only an Observation has one.
type ValueBounds struct {
	Over, AtLeast, Below, AtMost *float64
	Units                        []clinical.Text // see [SameUnit]; none for any
}

// EventFields says what is wanted of an event besides its person.
type EventFields uint8

// The fields of an event. A field that is not wanted is not read.
const (
	WantDay          EventFields = 1 << iota
	WantEnd                      // with WantDay
	WantValue                    // the number
	WantMark                     // tells apart events of the same day
	WantOrganisation             // who holds the record
)

// Reduce says which events are enough.
type Reduce uint8

// The reductions, applied to each person separately. An event without a day is neither earliest nor latest.
const (
	ReduceNothing Reduce = iota
	ReduceToAny          // one event, whichever
	ReduceToFirst        // those of the earliest day
	ReduceToLast         // those of the latest day
)

// Event is one event of a person, as far as counting needs it. Events of the same set and person with equal Day and
// Mark are the same event. Fields that were not wanted are zero.
type Event struct {
	Person clinical.Pseudonym
	Day    clinical.Day // first day covered by the recorded precision; NoDay if none was recorded
	End    clinical.Day // equal to Day if no end was recorded
	Value  float64      // NaN if there is no number
	// Mark is a digest of the coding, the value and the unit. For an Encounter, Appointment, Referral or Document it
	// also covers the organisation and the times of start and end, since two visits on one day are two events. See
	// [Saying].
	Mark         uint64
	Organisation uint32
}

// FactQuery asks a source what everybody's registrations say.
type FactQuery struct {
	Caller    Caller
	Stand     Stand
	Condition condition.Condition // what policy releases of registrations
}

// Facts are what one registration says about a person. If a person has several registrations, current GP registrations
// rank before others; within each group the one that began last ranks first, then by source and identifier. Each fact
// is taken from the first registration that has it.
type Facts struct {
	Person       clinical.Pseudonym
	Source       clinical.SourceID
	ID           clinical.Text
	Organisation clinical.Text // ODS code of the organisation that holds the registration
	Practice     clinical.Text // ODS code of the GP practice named in the registration
	Registered   bool          // currently that practice's own patient
	From, Until  clinical.Day  // of the registration; NoDay if not recorded
	Birth, Death clinical.Day  // NoDay if not recorded
	Sex          clinical.Gender
}
