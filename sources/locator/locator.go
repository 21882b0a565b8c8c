package locator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// Holding is one way in which a source holds a person.
type Holding struct {
	Source       clinical.SourceID
	Organisation clinical.Text // ODS code of the organisation that holds the registration
	Registered   bool          // currently registered there as a GP practice's own patient
	Sensitive    bool          // carries an S-flag
}

// Located says where a person may be found. Its slices are not to be changed. No source stands in both Sources and
// Uncertain; both must be asked.
type Located struct {
	Sources   []clinical.SourceID // sources that listed the person, in order
	Holdings  []Holding           // how they hold the person, by source and organisation
	Uncertain []clinical.SourceID // sources whose list is not known, in order
}

// ErrTooMany reports more sources, or more organisations of one source, than the index can number.
var ErrTooMany = errors.New("more sources or organisations than the locator can number")

// Locator is the index. It is safe for concurrent use; lookups never wait for a refresh.
type Locator struct {
	log    *slog.Logger
	hasher *hasher
	shards [shardCount]atomic.Pointer[shard]
	known  atomic.Pointer[directory] // replaced as a whole, never changed

	mu      sync.Mutex // guards what follows, and every change of shards and known
	numbers map[clinical.SourceID]uint16
	interns []map[Holding]uint16 // by number of the source
	listed  map[clinical.SourceID]time.Time
	people  map[clinical.SourceID]int // whom the last list of a source named

	retired registry
}

// directory gives the numbers in the index their meaning.
type directory struct {
	holdings  [][]Holding // by number of the source, then of the holding
	uncertain []clinical.SourceID
}

// New makes an empty locator. The key keeps the index from being searched for numbers by whoever sees it: it is a secret. A
// nil log discards.
func New(key [32]byte, log *slog.Logger) *Locator {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	l := &Locator{log: log, hasher: newHasher(key), numbers: map[clinical.SourceID]uint16{}, listed: map[clinical.SourceID]time.Time{},
		people: map[clinical.SourceID]int{}}
	l.known.Store(&directory{})
	return l
}

// Locate says where a person may be found. It costs the same however many sources there are.
func (l *Locator) Locate(person clinical.NHSNumber) Located {
	hash := l.hasher.hash(person)
	// A refresh writes numbers, then shards, then that the source is certain; the order of reading is the reverse, so that
	// a source can be missed in neither place.
	located := Located{Uncertain: l.known.Load().uncertain}
	refs := l.shards[hash>>shardShift].Load().find(hash)
	known := l.known.Load()
	if len(refs) == 0 {
		return located
	}
	located.Holdings = make([]Holding, len(refs))
	for i, ref := range refs {
		located.Holdings[i] = known.holdings[ref.source()][ref.holding()]
	}
	slices.SortFunc(located.Holdings, compare)
	located.Sources = make([]clinical.SourceID, 0, len(refs))
	for i, holding := range located.Holdings {
		if i == 0 || holding.Source != located.Holdings[i-1].Source {
			located.Sources = append(located.Sources, holding.Source)
		}
	}
	if slices.ContainsFunc(located.Uncertain, located.has) {
		located.Uncertain = slices.DeleteFunc(slices.Clone(located.Uncertain), located.has)
	}
	return located
}

func (l *Located) has(id clinical.SourceID) bool { return slices.Contains(l.Sources, id) }

func compare(a, b Holding) int {
	if order := strings.Compare(string(a.Source), string(b.Source)); order != 0 {
		return order
	}
	if order := strings.Compare(string(a.Organisation), string(b.Organisation)); order != 0 {
		return order
	}
	return cmp.Or(compareBool(a.Registered, b.Registered), compareBool(a.Sensitive, b.Sensitive))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// Always notes a source that cannot list whom it knows.
func (l *Locator) Always(id clinical.SourceID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mark(id, true)
}

// mark replaces the directory by one in which the source is uncertain, or is not.
func (l *Locator) mark(id clinical.SourceID, uncertain bool) {
	old := l.known.Load()
	at, found := slices.BinarySearch(old.uncertain, id)
	if found == uncertain {
		return
	}
	list := slices.Clone(old.uncertain)
	if uncertain {
		list = slices.Insert(list, at, id)
	} else {
		list = slices.Delete(list, at, at+1)
	}
	l.known.Store(&directory{holdings: old.holdings, uncertain: list})
}

// Age returns when the source was last listed; ok is false where it never was.
func (l *Locator) Age(id clinical.SourceID) (listed time.Time, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	listed, ok = l.listed[id]
	return listed, ok
}

// Listed returns how many numbers a source named when it was last listed; ok is false where it never was.
func (l *Locator) Listed(id clinical.SourceID) (people int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	people, ok = l.people[id]
	return people, ok
}

// Refresh lists a source and puts the list in the place of its last one. A lookup sees a person's old entries or the new
// ones, never a part. Until it has been listed once, a source is uncertain. Where the source cannot be listed it becomes
// uncertain; what it listed before is kept, since an S-flag forgotten is worse than one outdated.
func (l *Locator) Refresh(ctx context.Context, id clinical.SourceID, lister sources.Lister) error {
	made, err := l.listOrDoubt(ctx, id, lister)
	if err != nil {
		return err
	}
	l.apply([]*listing{made})
	return nil
}

// RefreshAll refreshes many sources, so many at once, as a server does when it starts. It puts lists into the index in a few
// passes instead of one for each. The error joins those of the sources that could not be listed.
func (l *Locator) RefreshAll(ctx context.Context, listers map[clinical.SourceID]sources.Lister, atOnce int) error {
	var waiting []*listing
	var faults []error
	var held, applied int
	var mu sync.Mutex
	var all sync.WaitGroup
	places := make(chan struct{}, max(atOnce, 1))
	for id, lister := range listers {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			made, err := l.listOrDoubt(ctx, id, lister)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				faults = append(faults, err)
				return
			}
			waiting, held = append(waiting, made), held+len(made.entries)
			if held > smallest+applied/2 {
				l.apply(waiting)
				applied += held
				waiting, held = nil, 0
			}
		})
	}
	all.Wait()
	l.apply(waiting)
	return errors.Join(faults...)
}

// smallest is how many entries are worth a pass over the index.
const smallest = 1 << 20

// listOrDoubt lists a source, or makes it uncertain.
func (l *Locator) listOrDoubt(ctx context.Context, id clinical.SourceID, lister sources.Lister) (*listing, error) {
	begun := time.Now()
	made, err := l.list(ctx, id, lister)
	if err != nil {
		l.Always(id)
		l.log.LogAttrs(ctx, slog.LevelWarn, "source could not be listed; it will always be asked", slog.String("source", string(id)))
		return nil, fmt.Errorf("list source %s: %w", id, err)
	}
	l.log.LogAttrs(ctx, slog.LevelDebug, "source listed", slog.String("source", string(id)),
		slog.Int("entries", len(made.entries)), slog.Duration("elapsed", time.Since(begun)))
	return made, nil
}
