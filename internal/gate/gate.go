package gate

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
	"onelondon/sources"
	"onelondon/sources/locator"
)

// Policy decides what a caller may have. The one of a running server is [policy.Engine].
type Policy interface {
	Decide(ctx context.Context, input policy.Input) (*policy.Decision, error)
	Words(reason string) string
	// Spread says which labels spread from a record to those connected with it, and to which kinds of record.
	Spread() (labels []clinical.Label, kinds []clinical.Kind)
}

// Register holds people's preferences.
type Register interface {
	// State returns the preferences in force for a person, given every number they have ever had.
	State(numbers ...clinical.NHSNumber) (consent.State, consent.Revision, error)
	// Key returns the pseudonym by which the register refers to a person as somebody's proxy.
	Key(person clinical.NHSNumber) string
}

// Ledger records who accessed what. Append returns only when the entries are durable.
type Ledger interface {
	Append(ctx context.Context, entries ...audit.Entry) ([]audit.Receipt, error)
}

// Locator knows which sources may know a person.
type Locator interface {
	Locate(person clinical.NHSNumber) locator.Located
	Current(number clinical.NHSNumber) (current clinical.NHSNumber, superseded bool)
	Former(current clinical.NHSNumber) []clinical.NHSNumber
}

// Catalogue asks sources, each within its own limits.
type Catalogue interface {
	Specs() []sources.Spec
	// Kinds are what a source holds now, and Changes grows whenever one comes to hold others.
	Kinds(id clinical.SourceID) []clinical.Kind
	Changes() uint64
	Ask(ctx context.Context, asks []sources.Ask) []sources.Reply
	Health(ctx context.Context) []sources.Health
}

// Options are the parts of a Gate. Policy, Register, Ledger, Locator and Catalogue are required.
type Options struct {
	// Policy returns the policy in force, which may change between two calls. Questions asked together keep the first
	// one returned, so that all decisions on them are made by the same revision.
	Policy    func() Policy
	Register  Register
	Ledger    Ledger
	Locator   Locator
	Catalogue Catalogue

	// Organisations maps ODS codes to names, for organisations that no source names.
	Organisations map[clinical.Text]clinical.Text
	// Publication says how a policy revision came into force; nil if that is not known.
	Publication func(revision string) Publication

	Log       *slog.Logger
	Deadline  time.Duration    // for a whole question; default 3 s
	Bedside   time.Duration    // how long a slow source may delay a question about urgent care plans; default [Bedside]
	Patience  time.Duration    // how long to wait for the register to reach a demanded revision; default 1 s
	Pace      time.Duration    // an answer that shows nobody leaves at a multiple of this; default 100 ms
	CursorKey [32]byte         // default: random, so that cursors end with the process
	Now       func() time.Time // default time.Now
}

// Bedside is the default of [Options.Bedside]: at a bedside there is an answer within a second, even if a source hangs.
const Bedside = 800 * time.Millisecond

// Gate answers questions. It is safe for concurrent use.
type Gate struct {
	parts  Options
	specs  []sources.Spec
	byID   map[clinical.SourceID]*sources.Spec
	owned  map[clinical.Text][]clinical.SourceID // sources of a single organisation, by its ODS code
	sealer *sealer
	kinds  atomic.Pointer[heldKinds]
}

// kindSet is a set of kinds.
type kindSet uint32

func (s kindSet) has(kind clinical.Kind) bool { return s&(1<<kind) != 0 }

// heldKinds are the kinds that every source holds, as of a number of changes.
type heldKinds struct {
	changes uint64
	of      map[clinical.SourceID]kindSet
}

// holds is what every source holds now. A question goes by one such view from its beginning to its end.
func (g *Gate) holds() map[clinical.SourceID]kindSet {
	changes := g.parts.Catalogue.Changes() // before the kinds, so that what changes meanwhile is read again
	if now := g.kinds.Load(); now != nil && now.changes == changes {
		return now.of
	}
	now := &heldKinds{changes, make(map[clinical.SourceID]kindSet, len(g.specs))}
	for i := range g.specs {
		for _, kind := range g.parts.Catalogue.Kinds(g.specs[i].ID) {
			now.of[g.specs[i].ID] |= 1 << kind
		}
	}
	g.kinds.Store(now)
	return now.of
}

// New builds a gate.
func New(options Options) (*Gate, error) {
	if options.Deadline == 0 {
		options.Deadline = 3 * time.Second
	}
	if options.Pace == 0 {
		options.Pace = 100 * time.Millisecond
	}
	if options.Bedside == 0 {
		options.Bedside = Bedside
	}
	if options.Patience == 0 {
		options.Patience = time.Second
	}
	if options.CursorKey == [32]byte{} {
		options.CursorKey = RandomKey()
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	sealer, err := newSealer(options.CursorKey)
	if err != nil {
		return nil, err
	}
	g := &Gate{parts: options, sealer: sealer, specs: options.Catalogue.Specs(),
		byID:  map[clinical.SourceID]*sources.Spec{},
		owned: map[clinical.Text][]clinical.SourceID{}}
	for i := range g.specs {
		spec := &g.specs[i]
		g.byID[spec.ID] = spec
		if spec.Organisation != "" {
			g.owned[spec.Organisation] = append(g.owned[spec.Organisation], spec.ID)
		}
	}
	return g, nil
}
