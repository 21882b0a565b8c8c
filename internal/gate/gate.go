package gate

import (
	"context"
	"log/slog"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
	"onelondon/sources"
	"onelondon/sources/locator"
)

// Policy decides.
type Policy interface {
	Decide(ctx context.Context, input policy.Input) (*policy.Decision, error)
	Words(reason string) string
	// Spread says which labels of a record spread to the records it hangs together with, and to those of which kinds.
	Spread() (labels []clinical.Label, kinds []clinical.Kind)
}

// Register knows what people said.
type Register interface {
	// State is what holds for a person, given every number they ever had.
	State(numbers ...clinical.NHSNumber) (consent.State, consent.Revision, error)
	// Key is what stands for a person where the register speaks of somebody else's proxies.
	Key(person clinical.NHSNumber) string
}

// Ledger keeps who looked. Append returns only when the entries are durable.
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
	Ask(ctx context.Context, asks []sources.Ask) []sources.Reply
	Health(ctx context.Context) []sources.Health
}

// Options are the parts a Gate is built of. All but the last group are required.
type Options struct {
	// Policy gives the policy in force. It may change between two calls, so what is asked together keeps the one given
	// first: a question that is decided twice is decided by one revision.
	Policy    func() Policy
	Register  Register
	Ledger    Ledger
	Locator   Locator
	Catalogue Catalogue

	// Organisations are what organisations are called, by ODS code, for those that a source does not name.
	Organisations map[clinical.Text]clinical.Text
	// Publication says how a revision of the policy came to be in force; nil where nobody can say.
	Publication func(revision string) Publication

	Log       *slog.Logger
	Deadline  time.Duration    // for a whole question; default 3 s
	Bedside   time.Duration    // how long a source that usually is quicker is waited for where urgent care plans are asked for; default [Bedside]
	Patience  time.Duration    // how long the register may take to reach a revision that is demanded; default 1 s
	Pace      time.Duration    // "not shown" leaves at a multiple of this; default 100 ms
	CursorKey [32]byte         // default a random one: cursors then end with the process
	Now       func() time.Time // default time.Now
}

// Bedside is how long, unless a site says otherwise, a source that usually is quicker is waited for where urgent care plans are asked for: who
// stands at a bedside has the answer within a second, whatever hangs.
const Bedside = 800 * time.Millisecond

// Gate answers questions. It is safe for concurrent use.
type Gate struct {
	parts  Options
	specs  []sources.Spec
	byID   map[clinical.SourceID]*sources.Spec
	holds  map[clinical.SourceID]kindSet
	owned  map[clinical.Text][]clinical.SourceID // sources that belong to one organisation, by its ODS code
	sealer *sealer
}

// kindSet is a set of kinds.
type kindSet uint32

func (s kindSet) has(kind clinical.Kind) bool { return s&(1<<kind) != 0 }

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
		byID: map[clinical.SourceID]*sources.Spec{}, holds: map[clinical.SourceID]kindSet{},
		owned: map[clinical.Text][]clinical.SourceID{}}
	for i := range g.specs {
		spec := &g.specs[i]
		g.byID[spec.ID] = spec
		if spec.Organisation != "" {
			g.owned[spec.Organisation] = append(g.owned[spec.Organisation], spec.ID)
		}
		for _, kind := range spec.Kinds {
			g.holds[spec.ID] |= 1 << kind
		}
	}
	return g, nil
}
