package study

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/clinical"
	"onelondon/internal/cohort/codelist"
	"onelondon/internal/cohort/disclosure"
	"onelondon/internal/cohort/engine"
	"onelondon/internal/cohort/shelf"
	"onelondon/internal/condition"
	"onelondon/internal/consent"
	"onelondon/policy"
	"onelondon/sources"
	"onelondon/sources/locator"
)

// Policy decides about studies.
type Policy interface {
	DecideStudy(ctx context.Context, input policy.StudyInput) (*policy.StudyDecision, error)
	StudyRows(decision *policy.StudyDecision, kind clinical.Kind) condition.Condition
	Words(reason string) string
	Expectation(reason string) string
	Revision() string
}

// Register knows what people said, and how old the lists of opt-outs are.
type Register interface {
	State(numbers ...clinical.NHSNumber) (consent.State, consent.Revision, error)
	Freshness(list consent.List) (asAt time.Time, known bool)
	Revision() consent.Revision
}

// Locator knows who has which numbers, and how sources hold people.
type Locator interface {
	Locate(person clinical.NHSNumber) locator.Located
	Current(number clinical.NHSNumber) (current clinical.NHSNumber, superseded bool)
	Former(current clinical.NHSNumber) []clinical.NHSNumber
	Listed(id clinical.SourceID) (people int, known bool)
}

// Catalogue is the sources.
type Catalogue interface {
	engine.Catalogue
	Specs() []sources.Spec
	Health(ctx context.Context) []sources.Health
}

// Ledger keeps who asked. Append returns only when the entries are durable.
type Ledger interface {
	Append(ctx context.Context, entries ...audit.Entry) ([]audit.Receipt, error)
	Entries(ctx context.Context, query audit.Query) ([]audit.Written, error)
}

// Options say what studies rest on. All but the last group are required.
type Options struct {
	Policy    func() Policy // the one in force; it may change between two calls
	Register  Register
	Locator   Locator
	Catalogue Catalogue
	Ledger    Ledger
	Codelists *codelist.Registry
	Folder    string   // what each project was told and what it saved, sealed files; made where it is not there
	Key       [32]byte // from which every project's keys are derived

	Borough     func(practice clinical.Text) string // where a practice is, "" where nobody knows
	Deadline    time.Duration                       // how long sources are waited for; default 10 minutes
	Keep        time.Duration                       // how long a run is kept after it ended, and what it gathered; default 1 hour
	AtOnce      int                                 // runs under way at once; default 2
	MemoryLimit int64                               // bytes that one run may take; default 2 GiB
	Now         func() time.Time                    // default time.Now
	Log         *slog.Logger                        // default none
}

// Studies answers questions about many people. It is safe for concurrent use.
type Studies struct {
	parts  Options
	places chan struct{} // one for each run that may be under way

	mu   sync.Mutex
	runs map[string]*running
	kept map[string]gathered

	files   sync.Mutex
	books   map[string]*disclosure.Ledger // by project; open until the end
	shelves map[string]*shelf.Shelf       // by project; open until the end
	open    sync.WaitGroup
	end     context.Context
	stop    context.CancelFunc
}

// New returns what answers studies. Close ends it.
func New(options Options) *Studies {
	defaults(&options)
	end, stop := context.WithCancel(context.Background())
	return &Studies{parts: options, places: make(chan struct{}, options.AtOnce), runs: map[string]*running{}, kept: map[string]gathered{},
		books: map[string]*disclosure.Ledger{}, shelves: map[string]*shelf.Shelf{}, end: end, stop: stop}
}

func defaults(options *Options) {
	if options.Borough == nil {
		options.Borough = func(clinical.Text) string { return "" }
	}
	if options.Deadline <= 0 {
		options.Deadline = 10 * time.Minute
	}
	if options.Keep <= 0 {
		options.Keep = time.Hour
	}
	if options.AtOnce <= 0 {
		options.AtOnce = 2
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
}

// Close cancels every run and waits until none is under way.
func (s *Studies) Close() error {
	s.stop()
	s.open.Wait()
	var faults []error
	for _, book := range s.books {
		faults = append(faults, book.Close())
	}
	for _, saved := range s.shelves {
		faults = append(faults, saved.Close())
	}
	return errors.Join(faults...)
}
