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
	Registered   bool          // currently that GP practice's own patient
	Sensitive    bool          // carries an S-flag
}

// Located says which sources to ask about a person. Its slices must not be changed. No source is in both Sources and
// Uncertain; all of both must be asked.
type Located struct {
	Sources   []clinical.SourceID // sources that listed the person, in order
	Holdings  []Holding           // how they hold the person, by source and organisation
	Uncertain []clinical.SourceID // sources without a current list, in order
}

// ErrTooMany reports more sources, or more organisations of one source, than the index has numbers for.
var ErrTooMany = errors.New("more sources or organisations than the locator can number")

// Locator is the index. It is safe for concurrent use; lookups never wait for a refresh.
type Locator struct {
	log    *slog.Logger
	hasher *hasher
	shards [shardCount]atomic.Pointer[shard]
	known  atomic.Pointer[directory] // replaced as a whole, never changed

	mu      sync.Mutex // guards the fields below, and every change of shards and known
	numbers map[clinical.SourceID]uint16
	interns []map[Holding]uint16 // by number of the source
	listed  map[clinical.SourceID]time.Time
	people  map[clinical.SourceID]int // number of people in the last list of each source

	retired registry
}

// directory maps the numbers used in the index to sources and holdings.
type directory struct {
	holdings  [][]Holding // by number of the source, then of the holding
	uncertain []clinical.SourceID
}

// New makes an empty locator. The key is secret: without it nobody who obtains the index can look up numbers in it. A
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

// Locate returns where a person may be found. Its cost does not depend on the number of sources.
func (l *Locator) Locate(person clinical.NHSNumber) Located {
	hash := l.hasher.hash(person)
	// A refresh writes numbers, then shards, then marks the source as certain; reading in the reverse order ensures
	// that a source is always found in at least one place.
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

// Always marks a source that cannot list the people it knows.
func (l *Locator) Always(id clinical.SourceID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mark(id, true)
}

// mark replaces the directory by one in which the source is, or is not, uncertain.
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

// Age returns when the source was last listed; ok is false if it never was.
func (l *Locator) Age(id clinical.SourceID) (listed time.Time, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	listed, ok = l.listed[id]
	return listed, ok
}

// Listed returns how many numbers a source listed last; ok is false if it was never listed.
func (l *Locator) Listed(id clinical.SourceID) (people int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	people, ok = l.people[id]
	return people, ok
}

// Refresh lists a source and replaces its previous list. A lookup sees either the old or the new entries of a person,
// never a mixture. A source is uncertain until it has been listed, and again if listing fails; its previous list is
// then kept, since forgetting an S-flag is worse than an outdated one.
func (l *Locator) Refresh(ctx context.Context, id clinical.SourceID, lister sources.Lister) error {
	made, err := l.listOrDoubt(ctx, id, lister)
	if err != nil {
		return err
	}
	l.apply([]*listing{made})
	return nil
}

// RefreshAll refreshes many sources, a given number at a time, as a server does at start. It puts lists into the index
// in a few passes instead of one for each. The error joins those of the sources that could not be listed.
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

// smallest is how many entries justify a pass over the index.
const smallest = 1 << 20

// listOrDoubt lists a source, or marks it as uncertain.
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
