package sources

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"onelondon/internal/clinical"
)

// Spec is the configuration of a source. Zero limits mean the defaults.
type Spec struct {
	ID           clinical.SourceID
	Name         string        // what people call it
	System       string        // short name of the type of system, from its mapping
	Organisation clinical.Text // ODS code if the source belongs to one organisation; "" if its records name theirs
	Deadline     time.Duration // for one question, including the wait for a slot; default 2 s
	Concurrency  int           // maximum number of questions at once; default 8
	Limits       Limits        // on the answer to one question; default 5000 rows, 8 MiB
	Breaker      BreakerSpec
	Study        StudySpec

	// Discreet marks a source whose knowing a person is itself sensitive: a register of urgent care plans, a sexual
	// health clinic. It is mentioned only to callers to whom it gives something.
	Discreet bool

	// Kinds are the kinds that the source holds. The catalogue asks the source; a source that cannot tell is taken to
	// hold every kind. Those of a [Changing] source are told by [Catalogue.Kinds].
	Kinds []clinical.Kind
}

// BreakerSpec says when the circuit breaker stops asking a source.
type BreakerSpec struct {
	Failures int           // failures in a row before the circuit opens; default 5
	Open     time.Duration // how long the circuit stays open before one trial question; default 10 s
}

// StudySpec limits counting at a source.
type StudySpec struct {
	Deadline    time.Duration // for one question, including the wait for a slot; default 60 s
	Concurrency int           // maximum number of questions at once; default 1
}

// Entry is a source with its configuration. The catalogue closes the source.
type Entry struct {
	Spec
	Source Source
}

// ErrCatalogue reports entries that do not make a catalogue.
var ErrCatalogue = errors.New("not a catalogue of sources")

// Catalogue holds all configured sources and asks them. It is safe for concurrent use.
type Catalogue struct {
	members []*member // in id order
	changes []Changing
	byID    map[clinical.SourceID]*member
	log     *slog.Logger
	closed  atomic.Bool
	closing chan struct{} // closed by Close
}

// NewCatalogue makes a catalogue. It refuses an entry without an id or a source, and two entries with the same id. A
// nil log discards.
func NewCatalogue(log *slog.Logger, entries ...Entry) (*Catalogue, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	c := &Catalogue{log: log, byID: make(map[clinical.SourceID]*member, len(entries)), closing: make(chan struct{})}
	for i, entry := range entries {
		switch {
		case entry.ID == "":
			return nil, fmt.Errorf("%w: entry %d has no id", ErrCatalogue, i+1)
		case entry.Source == nil:
			return nil, fmt.Errorf("%w: %s has no source", ErrCatalogue, entry.ID)
		case c.byID[entry.ID] != nil:
			return nil, fmt.Errorf("%w: %s is there twice", ErrCatalogue, entry.ID)
		}
		m := newMember(entry)
		c.byID[entry.ID] = m
		c.members = append(c.members, m)
		if changing, ok := entry.Source.(Changing); ok {
			c.changes = append(c.changes, changing)
		}
	}
	slices.SortFunc(c.members, func(a, b *member) int { return cmp.Compare(a.spec.ID, b.spec.ID) })
	return c, nil
}

// Specs returns the configuration of all sources, with defaults filled in, in id order.
func (c *Catalogue) Specs() []Spec {
	specs := make([]Spec, len(c.members))
	for i, m := range c.members {
		specs[i] = m.spec
	}
	return specs
}

// Spec returns the configuration of one source, with defaults filled in.
func (c *Catalogue) Spec(id clinical.SourceID) (Spec, bool) {
	m := c.byID[id]
	if m == nil {
		return Spec{}, false
	}
	return m.spec, true
}

// Kinds returns which kinds a source holds now.
func (c *Catalogue) Kinds(id clinical.SourceID) []clinical.Kind {
	m := c.byID[id]
	if m == nil {
		return nil
	}
	if changing, ok := m.source.(Changing); ok {
		return changing.Holds()
	}
	return m.spec.Kinds
}

// Changes grows whenever a source comes to hold other kinds.
func (c *Catalogue) Changes() uint64 {
	var changes uint64
	for _, source := range c.changes {
		changes += source.Changes()
	}
	return changes
}

// Source returns the source itself, for optional interfaces that answer no question: [Lister] for the locator, [Pinger]
// for checks. Questions go through Ask.
func (c *Catalogue) Source(id clinical.SourceID) (Source, bool) {
	m := c.byID[id]
	if m == nil {
		return nil, false
	}
	return m.source, true
}

// Close refuses new questions, lets those under way finish within their deadlines, ends counting, and closes every
// source.
func (c *Catalogue) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	close(c.closing)
	faults := make([]error, len(c.members))
	var all sync.WaitGroup
	for i, m := range c.members {
		all.Go(func() {
			m.drain()
			if err := m.source.Close(); err != nil {
				faults[i] = fmt.Errorf("close source %s: %w", m.spec.ID, err)
			}
		})
	}
	all.Wait()
	return errors.Join(faults...)
}
