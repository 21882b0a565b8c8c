package sources

import (
	"context"
	"time"
)

// Checker is a source that can check itself against the live system: that what it reads exists, can be read as records,
// is reached by an index, is read-only, and is fresh.
type Checker interface {
	// Check returns its findings in the order of its checks. It writes nothing, and findings hold no values of records.
	// A system that does not answer is also a finding.
	Check(ctx context.Context, options CheckOptions) []Finding
}

// Describer is a source that can describe the layout of its system, so that a later check can find what has changed.
type Describer interface {
	Describe(ctx context.Context) (Layout, error)
}

// Layout describes a system: each table's columns with their types, or each resource's search parameters.
type Layout map[string]map[string]string

// CheckOptions say what to compare a source with. The zero value is usable.
type CheckOptions struct {
	Now    time.Time     // for computing age; if zero, age is not reported
	Stale  time.Duration // age of the newest entry above which to warn; 0 for never
	Before Layout        // the layout at the last successful check; nil if unknown
}

// Severity says how much a finding matters.
type Severity string

// The severities.
const (
	Fault   Severity = "fault"   // the source cannot answer as it should and must not be served
	Warning Severity = "warning" // it answers, but something is probably wrong
	Note    Severity = "note"    // for information
)

// Matter says what a finding is about. The values are stable, because pipelines depend on them.
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

// Finding is one result of a check. It holds no value of a record.
type Finding struct {
	Matter   Matter
	Severity Severity
	Line     int // of the mapping; 0 if none applies
	Message  string
	Advice   string // what to do; empty for a note
}
