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

// Spec is what configuration says of a source. Zero values of the limits mean the defaults.
type Spec struct {
	ID           clinical.SourceID
	Name         string        // what people call it
	System       string        // short name of the type of system, as its mapping has it
	Organisation clinical.Text // ODS code where the source belongs to one organisation; "" where it is a column
	Deadline     time.Duration // how long one question may take, waiting for a place included; default 2 s
	Concurrency  int           // the most questions under way at once; default 8
	Limits       Limits        // what one question may bring back; default 5000 rows, 8 MiB
	Breaker      BreakerSpec
	Study        StudySpec

	// Discreet says that to be known to the source tells what somebody is cared for: a register of urgent care plans, a sexual health
	// clinic. It is mentioned to nobody whom it gives nothing.
	Discreet bool

	// Kinds the source holds. The catalogue asks the source itself; one that cannot tell is taken to hold every kind.
	Kinds []clinical.Kind
}

// BreakerSpec says when a source is left in peace.
type BreakerSpec struct {
	Failures int           // failures in a row before the circuit opens; default 5
	Open     time.Duration // how long it stays open before one question tries again; default 10 s
}

// StudySpec says how a source may be asked to count.
type StudySpec struct {
	Deadline    time.Duration // how long one question may take, waiting for a place included; default 60 s
	Concurrency int           // the most questions under way at once; default 1
}

// Entry is a source with what configuration says of it. The catalogue closes the source.
type Entry struct {
	Spec
	Source Source
}

// ErrCatalogue reports entries that do not make a catalogue.
var ErrCatalogue = errors.New("not a catalogue of sources")

// Catalogue is all configured sources and the way to ask them. It is safe for concurrent use.
type Catalogue struct {
	members []*member // in id order
	byID    map[clinical.SourceID]*member
	log     *slog.Logger
	closed  atomic.Bool
	closing chan struct{} // closed when the catalogue is
}

// NewCatalogue makes a catalogue. An entry without id or source, and a second entry of the same id, are refused. A nil log
// discards.
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
	}
	slices.SortFunc(c.members, func(a, b *member) int { return cmp.Compare(a.spec.ID, b.spec.ID) })
	return c, nil
}

// Specs returns what is configured, defaults filled in, in id order.
func (c *Catalogue) Specs() []Spec {
	specs := make([]Spec, len(c.members))
	for i, m := range c.members {
		specs[i] = m.spec
	}
	return specs
}

// Spec returns what is configured of one source, defaults filled in.
func (c *Catalogue) Spec(id clinical.SourceID) (Spec, bool) {
	m := c.byID[id]
	if m == nil {
		return Spec{}, false
	}
	return m.spec, true
}

// Source returns the source itself, for the powers beyond Fetch that are not part of answering a question: [Lister] for the
// locator, [Pinger] for checks. A question goes through Ask.
func (c *Catalogue) Source(id clinical.SourceID) (Source, bool) {
	m := c.byID[id]
	if m == nil {
		return nil, false
	}
	return m.source, true
}

// Close refuses new questions, gives those under way their deadline to finish, ends those that count, and closes every source.
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
