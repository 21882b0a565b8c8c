package sources

import (
	"context"
	"time"
)

// Checker is a source that can prove itself against the live system: that what it reads is there, reads as records, is found
// by an index, cannot be written to, and is fresh.
type Checker interface {
	// Check returns what it found, in the order in which it looked. It reads, and writes nothing. Findings hold no value of a
	// record. A system that does not answer is a finding too.
	Check(ctx context.Context, options CheckOptions) []Finding
}

// Describer is a source that can say what its system looks like, so that a later check can tell what has changed.
type Describer interface {
	Describe(ctx context.Context) (Layout, error)
}

// Layout is what a system looks like: of each table its columns with their types, or of each resource what it can be searched by.
type Layout map[string]map[string]string

// CheckOptions say what to hold a source against. The zero value is usable.
type CheckOptions struct {
	Now    time.Time     // what freshness is reckoned from; the zero time says nothing of age
	Stale  time.Duration // how old the newest entry may be before that is a warning; 0 for any age
	Before Layout        // what the system looked like when it was last well; nil where nobody remembers
}

// Severity says how much a finding matters.
type Severity string

// The severities.
const (
	Fault   Severity = "fault"   // the source cannot answer as it should, and must not be served
	Warning Severity = "warning" // it answers, and something is likely wrong
	Note    Severity = "note"    // for whoever looks after it
)

// Matter says what a finding is about. The words are stable: pipelines go by them.
type Matter string

// The matters.
const (
	MatterReach        Matter = "reach"        // whether the system answers at all
	MatterSchema       Matter = "schema"       // tables and columns that the mapping names
	MatterTypes        Matter = "types"        // whether columns can hold what the mapping reads from them
	MatterPlan         Matter = "plan"         // whether questions reach rows by an index
	MatterPeople       Matter = "people"       // whether people are found, by valid NHS numbers
	MatterSample       Matter = "sample"       // whether rows read as records
	MatterLabels       Matter = "labels"       // whether records say if they are sealed
	MatterOrganisation Matter = "organisation" // whether records say whose they are
	MatterReadOnly     Matter = "read-only"    // whether the session can write
	MatterFreshness    Matter = "freshness"    // how old the newest entry is
	MatterDrift        Matter = "drift"        // what has changed since the last check
	MatterAbility      Matter = "ability"      // what a server says it can do
)

// Finding is one thing found out about a source. It holds no value of a record.
type Finding struct {
	Matter   Matter
	Severity Severity
	Line     int // of the mapping, 0 where no line is meant
	Message  string
	Advice   string // what to do; empty for a note
}
