package condition

import (
	"maps"
	"slices"
	"sync"
)

// mostTogether is the maximum number of lists that can be combined; fewer labels depend on codes.
const mostTogether = 31

// mostGathered is the maximum number of cached combinations per list. People choose which categories to deny, so there
// may be as many combinations as subsets.
const mostGathered = 64

// gathered caches the combinations of a list with others, for the lifetime of the list.
type gathered struct {
	mutex sync.Mutex
	known map[[mostTogether]*Codes]*Codes
}

// Together returns one list of all the codes of c and others, for a condition on any of them, so that one lookup
// replaces several. The same lists give the same result, or an equivalent one. More than 30 others give nil.
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
