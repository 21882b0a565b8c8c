package engine

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"onelondon/internal/clinical"
)

// Gathered is what sources have answered to a plan. A run adds to it, also one that fails or is cancelled; handed to a later run of the
// same plan, only those sources are asked that have not answered. It serves one run at a time, and one study: stand-ins of
// another mean other people.
type Gathered struct {
	mutex  sync.Mutex
	owner  [sha256.Size]byte // of plan and revision; zero until the first run
	names  *names
	bySrc  map[clinical.SourceID]*part
	memory atomic.Int64 // bytes of all that is kept, or being read
}

// NewGathered is empty.
func NewGathered() *Gathered {
	return &Gathered{names: newNames(), bySrc: map[clinical.SourceID]*part{}}
}

// part is what one source answered.
type part struct {
	rows          int64
	elapsed       time.Duration
	columns       []*columns // by question of the plan; nil where it was not asked
	registrations []registration
}

func (p *part) bytes() int64 {
	bytes := int64(cap(p.registrations)) * registrationBytes
	for _, c := range p.columns {
		if c != nil {
			bytes += int64(cap(c.person)) * c.width()
		}
	}
	return bytes
}

// Sources lists who has answered, in order of id.
func (g *Gathered) Sources() []clinical.SourceID {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	ids := make([]clinical.SourceID, 0, len(g.bySrc))
	for id := range g.bySrc {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Bytes is about how much memory the columns take.
func (g *Gathered) Bytes() int64 { return g.memory.Load() }

// claim makes sure that what is there was gathered for this plan under this revision.
func (g *Gathered) claim(plan *Plan, revision string) error {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	digest := sha256.New()
	fmt.Fprintf(digest, "%q %s", revision, plan.fingerprint())
	owner := [sha256.Size]byte(digest.Sum(nil))
	if g.owner != owner && g.owner != [sha256.Size]byte{} {
		return ErrGathered
	}
	g.owner = owner
	return nil
}

func (g *Gathered) part(id clinical.SourceID) *part {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.bySrc[id]
}

func (g *Gathered) put(id clinical.SourceID, p *part) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.bySrc[id] = p
}
