package engine

import (
	"context"
	"encoding/json"
	"runtime"
	"slices"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// Catalogue is what the engine needs of the configured sources.
type Catalogue interface {
	// Count lets read ask one source, and says how the source did. It waits for read.
	Count(ctx context.Context, id clinical.SourceID, read func(context.Context, sources.Counter) error) sources.CountReply
}

// Options say what is answered, of whom, and within which limits. Plan, Catalogue and Stand are required.
type Options struct {
	Plan      *Plan
	Catalogue Catalogue
	Caller    sources.Caller
	// Stand says who is in the study, and by what stand-in.
	Stand sources.Stand
	// Condition is what policy releases of a kind; without it nothing is released.
	Condition func(clinical.Kind) condition.Condition
	// Known is a second plan, of registrations alone, that is counted from the same answers of the sources; nil for none. Plan then
	// asks for registrations ([Plan.AskFacts]), and whoever has none is counted by neither: what is known of them is not known.
	Known *Plan
	// Borough is where a practice is, "" where that is not known; nil if it is known of none.
	Borough func(practice clinical.Text) string
	// Size is how many people a source knows, for what an incomplete answer may lack; nil if it is known of none.
	Size func(clinical.SourceID) int
	// Revision names the policy and the consent on which Stand and Condition rest. What was gathered under another is refused.
	Revision string
	// Gathered is what an earlier run of the plan has gathered, and where this one puts what it gathers; nil for a new one.
	Gathered *Gathered
	// Progress is told of every step, one at a time, and must not wait.
	Progress func(Step)
	// Deadline is how long sources are waited for; the answer is then made without those missing. 0 for as long as ctx.
	Deadline time.Duration
	// Workers is how many sources are asked at once; twice as many as there are cores when 0, since whoever asks mostly waits.
	Workers int
	// Together is about how many rows of all columns are looked at together; 512 when 0.
	Together int
	// MemoryLimit is how many bytes columns and cells may take; 2 GiB when 0.
	MemoryLimit int64
}

// Outcome is an exact answer and how it came about.
type Outcome struct {
	Counted cohort.Counted
	Known   cohort.Counted // by Options.Known
	Sources []Contribution // in order of id
	// MissingAtMost is how many people sources that did not answer know, by Size: no more than so many people are counted wrongly.
	MissingAtMost int
	Disagreements Disagreements // where registrations were asked
	Unregistered  int           // people who were not counted because nothing is known of them
	Bytes         int64         // of the columns
	Elapsed       time.Duration
}

// Contribution is how one source did.
type Contribution struct {
	Source  clinical.SourceID
	Outcome sources.Outcome
	Class   sources.Class
	Rows    int64
	Elapsed time.Duration
	Resumed bool // it answered in an earlier run
}

// Complete reports whether every source answered.
func (o *Outcome) Complete() bool {
	return !slices.ContainsFunc(o.Sources, func(c Contribution) bool { return c.Outcome != sources.OutcomeAnswered })
}

const defaultMemory = 2 << 30

// Run carries out a plan. Sources that do not answer are missing from the outcome, which says so. It fails where ctx ends, where the
// question needs more memory than it may, and where what was gathered is another's; what sources answered until then stays in
// options.Gathered.
func Run(ctx context.Context, options Options) (*Outcome, error) {
	started := time.Now()
	if options.Workers <= 0 {
		options.Workers = 2 * runtime.GOMAXPROCS(0)
	}
	if options.Together <= 0 {
		options.Together = 512
	}
	if options.MemoryLimit <= 0 {
		options.MemoryLimit = defaultMemory
	}
	if options.Gathered == nil {
		options.Gathered = NewGathered()
	}
	if err := options.Gathered.claim(options.Plan, options.Revision); err != nil {
		return nil, err
	}
	g := newGathering(&options)
	contributions, err := g.gather(ctx)
	if err != nil {
		return nil, err
	}
	r := newReader(&options, options.Plan)
	r.registered = options.Known != nil
	counted, err := r.count(ctx, g.steps)
	if err != nil {
		return nil, err
	}
	outcome := &Outcome{Counted: counted.counted(), Sources: contributions, Disagreements: counted.wrong, Unregistered: counted.unregistered,
		Bytes: options.Gathered.Bytes()}
	if options.Known != nil {
		known, err := newReader(&options, options.Known).count(ctx, &steps{})
		if err != nil {
			return nil, err
		}
		outcome.Known = known.counted()
	}
	for _, c := range contributions {
		if c.Outcome != sources.OutcomeAnswered && options.Size != nil {
			outcome.MissingAtMost += options.Size(c.Source)
		}
	}
	outcome.Elapsed = time.Since(started)
	return outcome, nil
}

// fingerprint tells plans apart.
func (p *Plan) fingerprint() []byte {
	text, _ := json.Marshal(struct {
		Definition cohort.Definition
		Sources    []SourcePlan
	}{p.Definition, p.Sources}) // a definition always can be
	return text
}
