package consent

import (
	"errors"
	"fmt"
	"sync"

	"onelondon/internal/embedded"
)

// Objection is where a person's objection to the shared record stands.
type Objection uint8

// The standings of an objection. A person who never spoke, or who withdrew, has none.
const (
	ObjectionNone Objection = iota
	ObjectionRequested
	ObjectionUpheld
	ObjectionNotUpheld
)

// String gives the word that policy speaks of.
func (o Objection) String() string {
	switch o {
	case ObjectionNone:
		return "none"
	case ObjectionRequested:
		return "requested"
	case ObjectionUpheld:
		return "upheld"
	case ObjectionNotUpheld:
		return "not_upheld"
	}
	return fmt.Sprintf("Objection(%d)", uint8(o))
}

// State is what holds for a person now.
type State struct {
	Objection Objection
}

// Revision counts the directives of a register. It only grows, by one with each directive.
type Revision uint64

// picture is the projected register in memory. It holds only people for whom something holds, by 128 bits of HMAC: no two
// people share those.
type picture struct {
	mutex    sync.RWMutex
	standing map[embedded.Person]State
	revision Revision
	lost     error // why it cannot be believed; nil when it can
}

var _ embedded.Follower = (*picture)(nil)

func newPicture() *picture {
	return &picture{standing: map[embedded.Person]State{}, lost: errors.New("not read yet")}
}

// Committed takes in directives in the order they were recorded.
func (p *picture) Committed(rows []embedded.Row) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, row := range rows {
		directive, err := decode(row.Body)
		if err != nil {
			return p.lose(fmt.Errorf("directive %d: %w", row.Sequence, err))
		}
		switch directive.Step {
		case Requested:
			p.standing[row.Person] = State{ObjectionRequested}
		case Upheld:
			p.standing[row.Person] = State{ObjectionUpheld}
		case NotUpheld:
			p.standing[row.Person] = State{ObjectionNotUpheld}
		case Withdrawn:
			delete(p.standing, row.Person)
		default:
			return p.lose(fmt.Errorf("directive %d: recorded by a newer version", row.Sequence))
		}
		p.revision = Revision(row.Sequence)
	}
	return nil
}

func (p *picture) lose(err error) error {
	p.lost = err
	return err
}

// Lost makes the picture answer nothing until it has been read again.
func (p *picture) Lost(err error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	_ = p.lose(err)
}

// Found makes the picture answer.
func (p *picture) Found() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.lost = nil
}

func (p *picture) look(person embedded.Person) (State, Revision, error) {
	p.mutex.RLock()
	defer p.mutex.RUnlock()
	if p.lost != nil {
		return State{}, 0, fmt.Errorf("%w: %w", ErrUnavailable, p.lost)
	}
	return p.standing[person], p.revision, nil
}
