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

// member is one source of a catalogue, with its breaker and its slots.
type member struct {
	spec    Spec
	source  Source
	breaker *gobreaker.TwoStepCircuitBreaker[struct{}]
	slots   chan struct{} // holds one token for each call under way, including abandoned ones
	studies chan struct{} // likewise for counting questions

	mu      sync.Mutex
	slowest time.Duration // of recent answers; its weight falls by an eighth with each further answer
	hung    bool          // it let its whole deadline pass, and has not answered since
	seen    Health        // as learnt from questions and probes
	probed  time.Time     // start of the last probe
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
	m.slots = make(chan struct{}, m.spec.Concurrency)
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

// positive returns value if it is above zero, else fallback.
func positive[N cmp.Ordered](value, fallback N) N {
	var zero N
	if value > zero {
		return value
	}
	return fallback
}

// limits returns the narrower of the limits asked for and those configured.
func (m *member) limits(asked Limits) Limits {
	return Limits{
		Rows:  min(positive(asked.Rows, m.spec.Limits.Rows), m.spec.Limits.Rows),
		Bytes: min(positive(asked.Bytes, m.spec.Limits.Bytes), m.spec.Limits.Bytes),
	}
}

// wait is how long to wait for the source, given the caller's patience (zero for no particular one): at least twice the
// slowest recent answer. A source that never answered may be slow and healthy: it has its whole deadline until it lets that pass.
func (m *member) wait(patience time.Duration) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	if patience <= 0 || m.slowest == 0 && !m.hung {
		return m.spec.Deadline
	}
	return min(max(patience, 2*m.slowest), m.spec.Deadline)
}

// enter takes a slot, waiting for one until ctx is done. During the trial question of an open circuit nobody waits,
// since the slots are probably held by calls that never returned.
func (m *member) enter(ctx context.Context) (entered bool) {
	select {
	case m.slots <- struct{}{}:
		return true
	default:
	}
	if m.breaker.State() == gobreaker.StateHalfOpen {
		return false
	}
	select {
	case m.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (m *member) leave() { <-m.slots }

// drain takes every slot, so that no call is under way, or gives up when the last deadline has passed.
func (m *member) drain() {
	limit := time.NewTimer(m.spec.Deadline)
	defer limit.Stop()
	for _, slots := range []chan struct{}{m.slots, m.studies} {
		for range cap(slots) {
			select {
			case slots <- struct{}{}:
			case <-limit.C:
				return
			}
		}
	}
}

// guarded runs one call into the driver. A panic in it, or a goroutine ended by it, becomes an error that reveals
// nothing the driver was holding.
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
