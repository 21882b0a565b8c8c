package consent

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/embedded"
)

// picture is the projected register in memory.
type picture struct {
	key    func(clinical.NHSNumber) embedded.Person
	bitten func(time.Duration) // nil for nobody who asks
	clock  func() time.Time

	mutex    sync.RWMutex
	people   index
	codes    words
	lists    map[List]time.Time
	adopted  []Adopted
	revision Revision
	lost     error // why it cannot be believed; nil when it can
	live     bool  // it has been whole once: what comes now was said while it was watched
}

var _ embedded.Follower = (*picture)(nil)

var errNotRead = errors.New("not read yet")

// Committed takes in directives in the order they were recorded.
func (p *picture) Committed(rows []embedded.Row) error {
	said := make([]heard, len(rows))
	for i, row := range rows {
		directive, taken, err := decode(row.Body)
		if err != nil {
			return fmt.Errorf("directive %d: %w", row.Sequence, err)
		}
		said[i] = heard{row.Person, Revision(row.Sequence), taken, directive}
	}
	p.mutex.Lock()
	for i := range said {
		p.apply(&said[i])
	}
	live := p.live
	p.mutex.Unlock()
	if live && p.bitten != nil {
		p.tell(said)
	}
	return nil
}

// heard is a directive on its way into the picture.
type heard struct {
	person    embedded.Person
	revision  Revision
	taken     time.Time
	directive Directive
}

func (p *picture) apply(h *heard) {
	switch about := h.directive.About.(type) {
	case ListRefreshed:
		p.lists[about.List] = about.AsAt
	case Adoption:
		p.adopted = append(p.adopted, Adopted{about, h.directive.At, h.directive.RecordedBy, h.revision})
	case Proposed: // it does not hold
	default:
		p.people.apply(h.person, layerOf(&h.directive, h.revision, &p.codes, p.key))
	}
	p.revision = h.revision
}

// tell says how long it took until a look-up here answers by what was recorded.
func (p *picture) tell(said []heard) {
	now := p.clock()
	for i := range said {
		if !said[i].taken.IsZero() {
			p.bitten(max(0, now.Sub(said[i].taken)))
		}
	}
}

// Lost makes the picture answer nothing until it has been read again.
func (p *picture) Lost(err error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.lost = err
}

// Found makes the picture answer.
func (p *picture) Found() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.lost, p.live = nil, true
}

func (p *picture) look(person embedded.Person) (State, Revision, error) {
	now := p.clock()
	p.mutex.RLock()
	defer p.mutex.RUnlock()
	if p.lost != nil {
		return State{}, 0, p.unavailable()
	}
	is := p.people.look(person)
	if is.bits&rich != 0 {
		return state(p.people.layers(is), &p.codes, now), p.revision, nil
	}
	return is.bits.state(), p.revision, nil
}

// state is what the bits say.
func (b bits) state() State {
	return State{
		Objection: Objection(b.value(topicObjection)),
		OptOuts: OptOuts{National: OptOut(b.value(topicNational)), TypeOne: OptOut(b.value(topicTypeOne)),
			London: OptOut(b.value(topicLondon))},
		Notify:   b.value(topicNotify) != 0,
		Capacity: findings()[b.value(topicCapacity)],
	}
}

// lookAtAll is look for a person with several numbers.
func (p *picture) lookAtAll(numbers []embedded.Person) (State, Revision, error) {
	now := p.clock()
	p.mutex.RLock()
	defer p.mutex.RUnlock()
	if p.lost != nil {
		return State{}, 0, p.unavailable()
	}
	all := make([][]layer, len(numbers))
	for i, number := range numbers {
		all[i] = p.people.layers(p.people.look(number))
	}
	return together(all, &p.codes, now), p.revision, nil
}

func (p *picture) unavailable() error { return fmt.Errorf("%w: %w", ErrUnavailable, p.lost) }

func (p *picture) adoptions() ([]Adopted, error) {
	p.mutex.RLock()
	defer p.mutex.RUnlock()
	if p.lost != nil {
		return nil, p.unavailable()
	}
	return slices.Clone(p.adopted), nil
}

func (p *picture) freshness(list List) (time.Time, bool) {
	p.mutex.RLock()
	defer p.mutex.RUnlock()
	at, known := p.lists[list]
	return at, known && p.lost == nil
}

func (p *picture) at() Revision {
	p.mutex.RLock()
	defer p.mutex.RUnlock()
	return p.revision
}

// written is how a person is named outside this package: 32 hexadecimal digits that say nothing without the key.
func written(person embedded.Person) string { return hex.EncodeToString(person[:]) }
