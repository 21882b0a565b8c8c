package engine

import (
	"sync"

	"onelondon/internal/clinical"
)

// State is how far one source is.
type State string

// The states of a source, in order.
const (
	StateWaiting State = "WAITING" // for its turn
	StateAsked   State = "ASKED"
	StateRows    State = "ROWS" // handing over
	StateDone    State = "DONE"
	StateFailed  State = "FAILED" // did not answer
)

// Step is something that happened in a run. Without a source it is about the whole.
type Step struct {
	Source   clinical.SourceID
	State    State
	Rows     int64   // handed over by the source so far
	Fraction float64 // of the whole run, 0 to 1
}

// share is how much of a run is spent waiting for sources; the rest is joining.
const share = 0.9

// steps tells of steps, one at a time.
type steps struct {
	mutex      sync.Mutex
	tell       func(Step)
	sources    int
	finished   int
	partitions int
	joined     int
}

func (s *steps) step(source clinical.SourceID, state State, rows int64) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if state == StateDone || state == StateFailed {
		s.finished++
	}
	s.report(Step{Source: source, State: state, Rows: rows})
}

// join notes that one more of so many partitions is joined.
func (s *steps) join(partitions int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.joined, s.partitions = s.joined+1, partitions
	if s.joined%64 == 0 || s.joined == partitions {
		s.report(Step{})
	}
}

func (s *steps) report(step Step) {
	if s.tell == nil {
		return
	}
	if s.sources > 0 {
		step.Fraction = share * float64(s.finished) / float64(s.sources)
	}
	if s.partitions > 0 {
		step.Fraction = share + (1-share)*float64(s.joined)/float64(s.partitions)
	}
	s.tell(step)
}
