package sources

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"onelondon/internal/clinical"
)

// member is one source of a catalogue with its breaker and its places.
type member struct {
	spec    Spec
	source  Source
	breaker *gobreaker.TwoStepCircuitBreaker[struct{}]
	places  chan struct{} // holds one token for each call under way, abandoned ones included
	studies chan struct{} // likewise for questions that count

	mu      sync.Mutex
	slowest time.Duration // of the answers it gave lately: what one took counts an eighth less with each that follows
	seen    Health        // what questions and probes have shown
	probed  time.Time     // when the last probe began
	probing chan struct{}
}

func newMember(entry Entry) *member {
	m := &member{spec: withDefaults(entry.Spec), source: entry.Source}
	if holder, ok := entry.Source.(Holder); ok {
		m.spec.Kinds = holder.Holds()
	} else if m.spec.Kinds == nil {
		m.spec.Kinds = clinical.Kinds()
	}
	failures := uint32(m.spec.Breaker.Failures)
	m.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name:        string(m.spec.ID),
		Timeout:     m.spec.Breaker.Open,
		ReadyToTrip: func(counts gobreaker.Counts) bool { return counts.ConsecutiveFailures >= failures },
		IsExcluded:  func(err error) bool { return errors.Is(err, errUnjudged) },
	})
	m.places = make(chan struct{}, m.spec.Concurrency)
	m.studies = make(chan struct{}, m.spec.Study.Concurrency)
	m.seen = Health{Source: m.spec.ID}
	return m
}

func withDefaults(spec Spec) Spec {
	spec.Deadline = positive(spec.Deadline, 2*time.Second)
	spec.Concurrency = positive(spec.Concurrency, 8)
	spec.Limits.Rows = positive(spec.Limits.Rows, 5000)
	spec.Limits.Bytes = positive(spec.Limits.Bytes, 8<<20)
	spec.Study.Deadline = positive(spec.Study.Deadline, time.Minute)
	spec.Study.Concurrency = positive(spec.Study.Concurrency, 1)
	spec.Breaker.Failures = positive(spec.Breaker.Failures, 5)
	spec.Breaker.Open = positive(spec.Breaker.Open, 10*time.Second)
	return spec
}

// positive returns value, or fallback where value is not above zero.
func positive[N cmp.Ordered](value, fallback N) N {
	var zero N
	if value > zero {
		return value
	}
	return fallback
}

// limits returns the narrower of what is asked and what is configured.
func (m *member) limits(asked Limits) Limits {
	return Limits{
		Rows:  min(positive(asked.Rows, m.spec.Limits.Rows), m.spec.Limits.Rows),
		Bytes: min(positive(asked.Bytes, m.spec.Limits.Bytes), m.spec.Limits.Bytes),
	}
}

// wait is how long the source is waited for by somebody who has a certain patience, zero for none in particular: twice as long as it
// lately took at worst, if that is more.
func (m *member) wait(patience time.Duration) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	if patience <= 0 || m.slowest == 0 {
		return m.spec.Deadline
	}
	return min(max(patience, 2*m.slowest), m.spec.Deadline)
}

// enter takes a place, waiting for one until ctx is done. While one question tries a source out after its circuit was open
// nobody waits: the places are then likely held by calls that never returned.
func (m *member) enter(ctx context.Context) (entered bool) {
	select {
	case m.places <- struct{}{}:
		return true
	default:
	}
	if m.breaker.State() == gobreaker.StateHalfOpen {
		return false
	}
	select {
	case m.places <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (m *member) leave() { <-m.places }

// drain takes every place, so that no call is under way, or gives up when the deadline of the last has passed.
func (m *member) drain() {
	limit := time.NewTimer(m.spec.Deadline)
	defer limit.Stop()
	for _, places := range []chan struct{}{m.places, m.studies} {
		for range cap(places) {
			select {
			case places <- struct{}{}:
			case <-limit.C:
				return
			}
		}
	}
}

// guarded runs one call into the driver and turns a panic, or a goroutine ended by the driver, into an error that says
// nothing of what the driver was holding.
func guarded(call func() error, then func(error)) {
	err := errPanicked
	defer func() {
		if recover() != nil {
			err = errPanicked
		}
		then(err)
	}()
	err = call()
}
