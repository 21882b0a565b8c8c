package engine

import (
	"sync"

	"onelondon/internal/clinical"
)

// names numbers organisations from 1, in the order in which they are first heard of. It is safe for concurrent use.
type names struct {
	mutex   sync.RWMutex
	numbers map[clinical.Text]uint32
	texts   []clinical.Text
}

func newNames() *names {
	return &names{numbers: map[clinical.Text]uint32{}, texts: []clinical.Text{""}}
}

// number is an organisation's; never 0.
func (n *names) number(code clinical.Text) uint32 {
	n.mutex.RLock()
	number := n.numbers[code]
	n.mutex.RUnlock()
	if number != 0 {
		return number
	}
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if number = n.numbers[code]; number == 0 {
		number = uint32(len(n.texts))
		n.numbers[code] = number
		n.texts = append(n.texts, code)
	}
	return number
}

// all are the codes by their numbers; 0 is none.
func (n *names) all() []clinical.Text {
	n.mutex.RLock()
	defer n.mutex.RUnlock()
	return n.texts
}
