package sources

import (
	"context"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"onelondon/internal/clinical"
)

// Circuit is the state of a source's breaker.
type Circuit string

// The states of a circuit.
const (
	CircuitClosed   Circuit = "CLOSED"    // questions go through
	CircuitHalfOpen Circuit = "HALF_OPEN" // one trial question at a time is let through
	CircuitOpen     Circuit = "OPEN"      // the source is not asked
)

// Health is what is known about a source. Times are zero for events that have not happened.
type Health struct {
	Source       clinical.SourceID
	Circuit      Circuit
	LastSuccess  time.Time
	LastFailure  time.Time
	FailureClass Class             // of the last failure
	Watermark    clinical.DateTime // when the newest entry was written into the source; missing if it cannot tell
	Probed       time.Time         // when Watermark was obtained
	UnderWay     int               // calls that hold a slot, including abandoned ones
}

// freshFor is how long the result of a probe is used.
const freshFor = 5 * time.Second

// Health returns what is known about every source, in id order. Sources whose last probe is too old are probed first,
// all at once, each within its deadline. For those that have not answered when ctx is done, it returns the previous
// result.
func (c *Catalogue) Health(ctx context.Context) []Health {
	var probes sync.WaitGroup
	for _, m := range c.members {
		if !c.closed.Load() {
			probes.Go(func() { m.probe(ctx) })
		}
	}
	probes.Wait()
	health := make([]Health, len(c.members))
	for i, m := range c.members {
		health[i] = m.health()
	}
	return health
}

// Known returns what is known about one source without asking it.
func (c *Catalogue) Known(id clinical.SourceID) (Health, bool) {
	m := c.byID[id]
	if m == nil {
		return Health{}, false
	}
	return m.health(), true
}

func (m *member) health() Health {
	m.mu.Lock()
	health := m.seen
	m.mu.Unlock()
	health.UnderWay = len(m.slots)
	switch m.breaker.State() {
	case gobreaker.StateClosed:
		health.Circuit = CircuitClosed
	case gobreaker.StateHalfOpen:
		health.Circuit = CircuitHalfOpen
	default:
		health.Circuit = CircuitOpen
	}
	return health
}

// note records how a call ended and how long it took. A question that was not asked, or was cancelled, says nothing
// about the source.
func (m *member) note(outcome Outcome, class Class, took time.Duration) {
	if outcome == OutcomeNotAsked || class == ClassCancelled {
		return
	}
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	if outcome == OutcomeAnswered {
		m.seen.LastSuccess = now
		m.slowest, m.hung = max(took, m.slowest-m.slowest/8), false
		return
	}
	m.hung = m.hung || outcome == OutcomeTimedOut && took >= m.spec.Deadline-m.spec.Deadline/8
	m.seen.LastFailure, m.seen.FailureClass = now, class
}

// probe asks a source for its freshness unless that was done recently, and waits no longer than the source's deadline
// or ctx. Concurrent callers share one probe, and nobody waits for one that is overdue.
func (m *member) probe(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, m.spec.Deadline)
	defer cancel()
	m.mu.Lock()
	age := time.Since(m.probed)
	if m.probing == nil && age >= freshFor && m.breaker.State() != gobreaker.StateOpen {
		age = 0
		m.probed, m.probing = time.Now(), make(chan struct{})
		// The probe outlives the caller, since others may be waiting for it.
		go m.runProbe(context.WithoutCancel(ctx))
	}
	probing := m.probing
	m.mu.Unlock()
	if probing == nil || age > m.spec.Deadline {
		return
	}
	select {
	case <-probing:
	case <-ctx.Done():
	}
}

func (m *member) runProbe(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, m.spec.Deadline)
	defer cancel()
	if !m.enter(ctx) {
		m.endProbe(clinical.DateTime{}, ClassBusy)
		return
	}
	var watermark clinical.DateTime
	guarded(func() (err error) {
		if pinger, ok := m.source.(Pinger); ok {
			if err = pinger.Ping(ctx); err != nil {
				return err
			}
		}
		if watermarked, ok := m.source.(Watermarked); ok {
			watermark, err = watermarked.Watermark(ctx)
		}
		return err
	}, func(err error) {
		m.leave()
		_, class := classify(ctx, err)
		m.endProbe(watermark, class)
	})
}

// endProbe records the result of a probe and releases those waiting for it.
func (m *member) endProbe(watermark clinical.DateTime, class Class) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch now := time.Now(); class {
	case ClassNone:
		m.seen.Watermark, m.seen.Probed, m.seen.LastSuccess = watermark, now, now
	case ClassBusy:
	default:
		m.seen.LastFailure, m.seen.FailureClass = now, class
	}
	close(m.probing)
	m.probing = nil
}
