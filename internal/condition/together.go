package condition

import (
	"maps"
	"slices"
	"sync"
)

// mostTogether is how many lists are put together at most; there are fewer labels that go by codes.
const mostTogether = 31

// mostGathered bounds how many are remembered of one list: which categories a person denies is theirs to choose, and there are
// as many ways to choose as there are sets.
const mostGathered = 64

// gathered remembers the lists that a list was put together with. It lives as long as the list.
type gathered struct {
	mutex sync.Mutex
	known map[[mostTogether]*Codes]*Codes
}

// Together is one list of all the codes of c and of others, for a question that asks for any of them: it is looked up once
// where they would be looked up one by one. The same lists give the same list, or one that is as good. More than 30 others give nil.
func (c *Codes) Together(others []*Codes) *Codes {
	var key [mostTogether]*Codes
	if len(others) > len(key) {
		return nil
	}
	copy(key[:], others)
	c.together.mutex.Lock()
	defer c.together.mutex.Unlock()
	if known, ok := c.together.known[key]; ok {
		return known
	}
	all := &Codes{keys: maps.Clone(c.keys), covers: slices.Clone(c.covers), together: &gathered{}, digest: &digested{}}
	for _, other := range others {
		maps.Copy(all.keys, other.keys)
		all.covers = append(all.covers, other.covers...)
	}
	slices.Sort(all.covers)
	all.covers = slices.Compact(all.covers)
	all.text = textOf(all.keys)
	if c.together.known == nil || len(c.together.known) >= mostGathered {
		c.together.known = map[[mostTogether]*Codes]*Codes{}
	}
	c.together.known[key] = all
	return all
}
