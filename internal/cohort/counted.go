package cohort

import "onelondon/internal/clinical"

// Counted is an exact answer. It holds people's stand-ins and numbers as they are, and is shown to nobody: package disclosure
// makes of it what may leave.
type Counted struct {
	Cells []Cell // in order of their keys
	// Overlapping is set where a person may be in several cells.
	Overlapping bool
	Everybody   []clinical.Pseudonym // who satisfies the definition, sorted
}

// Cell is one cell of an exact answer.
type Cell struct {
	Key    []string             // a value for each dimension, "" where it is not known
	People []clinical.Pseudonym // sorted, each once; never empty
	Exact  []Measured           // one for each measure
}

// Measured is what a measure came to in a cell.
type Measured struct {
	Number float64 // people, events, events per so many people, or the median
	Lower  float64 // the lower quartile
	Upper  float64 // the upper quartile
	People int     // who contributed an event to it; the cell's people for PEOPLE
	Events int     // how many events, or values, it rests on
	Most   int     // the most events that one person contributed
}
