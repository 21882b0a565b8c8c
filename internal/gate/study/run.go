package study

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"sync"
	"time"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/engine"
	"onelondon/sources"
)

// State is how far a run is; the values are those of the GraphQL enum CohortState.
type State string

// The states. The last four are final.
const (
	Waiting   State = "WAITING" // for others to end
	Running   State = "RUNNING"
	Answered  State = "ANSWERED"
	Refused   State = "REFUSED"
	Failed    State = "FAILED"
	Cancelled State = "CANCELLED"
)

// States lists every state, in the order of the GraphQL enum.
func States() []State { return []State{Waiting, Running, Answered, Refused, Failed, Cancelled} }

// SourceState is how far one source is; the values are those of the GraphQL enum CohortSourceState.
type SourceState string

// The states of a source.
const (
	SourceWaiting  SourceState = "WAITING"
	SourceAsked    SourceState = "ASKED"
	SourceAnswered SourceState = "ANSWERED"
	SourceFailed   SourceState = "FAILED"
)

// SourceStates lists every state of a source, in the order of the GraphQL enum.
func SourceStates() []SourceState {
	return []SourceState{SourceWaiting, SourceAsked, SourceAnswered, SourceFailed}
}

// Run is how far a question is, and in the end what came of it. It is a picture of one moment.
type Run struct {
	ID       string
	State    State
	Fraction float64 // of the work, from 0 to 1
	Sources  []SourceProgress
	Answer   *cohort.Answer // of a run that is answered
	Refusal  *Refusal       // of one that is refused
	Fault    error          // of one that failed: an error of this package, of package gate, or the context's
	Expires  time.Time      // when it is forgotten; zero while it runs
}

// SourceProgress is how far one source is.
type SourceProgress struct {
	Source clinical.SourceID
	Name   string
	State  SourceState
	Rows   int // read so far; rounded up to a thousand
}

// Refusal says why a question is not answered, and what would be.
type Refusal struct {
	Reasons []string // codes, sorted
	Words   string   // sentences
	Allowed string   // sentences; empty where nothing is
}

// running is a run and what ends it.
type running struct {
	analyst string
	project string
	digest  string
	asked   *cohort.Definition
	cancel  context.CancelFunc
	done    chan struct{} // closed when it is over

	mu    sync.Mutex
	now   Run
	bound bound // by what an answer was protected
}

// picture copies how far the run is.
func (r *running) picture() *Run {
	r.mu.Lock()
	defer r.mu.Unlock()
	picture := r.now
	picture.Sources = slices.Clone(r.now.Sources)
	return &picture
}

// change changes a run that is not over.
func (r *running) change(how func(*Run)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now.Expires.IsZero() {
		how(&r.now)
	}
}

// gathered is what sources answered to a question that was cut short.
type gathered struct {
	columns *engine.Gathered
	expires time.Time
}

func newID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails: the runtime ends the program instead
	return hex.EncodeToString(id[:])
}

// Run is how far a run of this analyst is. What it came to passes the policy in force: one that may no longer be given is refused.
func (s *Studies) Run(ctx context.Context, caller auth.Caller, id string) (*Run, error) {
	r, err := s.find(caller.ID, id)
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, caller, r)
}

// Cancel ends a run. What sources answered is kept for a while, so that the same question goes on from there.
func (s *Studies) Cancel(ctx context.Context, caller auth.Caller, id string) (*Run, error) {
	r, err := s.find(caller.ID, id)
	if err != nil {
		return nil, err
	}
	r.cancel()
	<-r.done
	return s.shown(ctx, caller, r)
}

func (s *Studies) find(analyst, id string) (*running, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
	r, ok := s.runs[id]
	if !ok || r.analyst != analyst {
		return nil, ErrNoRun
	}
	return r, nil
}

// forget lets go of what has expired. The caller holds the lock.
func (s *Studies) forget() {
	now := s.parts.Now()
	for id, r := range s.runs {
		if expires := r.picture().Expires; !expires.IsZero() && now.After(expires) {
			delete(s.runs, id)
		}
	}
	for key, each := range s.kept {
		if now.After(each.expires) {
			delete(s.kept, key)
		}
	}
}

// progress puts a step of the engine into the picture.
func (s *Studies) progress(r *running) func(engine.Step) {
	return func(step engine.Step) {
		r.change(func(now *Run) {
			now.State, now.Fraction = Running, step.Fraction
			at := slices.IndexFunc(now.Sources, func(each SourceProgress) bool { return each.Source == step.Source })
			if at < 0 {
				return
			}
			now.Sources[at].State, now.Sources[at].Rows = stateOf(step), roundedUp(step.Rows)
		})
	}
}

// roundedUp hides in how many rows somebody is.
func roundedUp(rows int64) int { return int((rows + 999) / 1000 * 1000) }

// begun lists the sources of a plan before any is asked.
func (s *Studies) begun(plan *engine.Plan) []SourceProgress {
	all := make([]SourceProgress, len(plan.Sources))
	for i := range plan.Sources {
		all[i] = SourceProgress{Source: plan.Sources[i].Source, Name: s.nameOf(plan.Sources[i].Source), State: SourceWaiting}
	}
	return all
}

func (s *Studies) nameOf(id clinical.SourceID) string {
	specs := s.parts.Catalogue.Specs()
	at := slices.IndexFunc(specs, func(spec sources.Spec) bool { return spec.ID == id })
	if at < 0 || specs[at].Name == "" {
		return string(id)
	}
	return specs[at].Name
}

// stateOf is how far a source is, in the words of the schema.
func stateOf(step engine.Step) SourceState {
	switch step.State {
	case engine.StateAsked, engine.StateRows:
		return SourceAsked
	case engine.StateDone:
		return SourceAnswered
	case engine.StateFailed:
		return SourceFailed
	}
	return SourceWaiting
}
