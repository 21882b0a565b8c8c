package condition

import (
	"encoding/json"
	"maps"
	"slices"
	"sync"
)

// mostTogether is how many lists are put together at most; there are fewer labels that go by codes.
const mostTogether = 31

// gathered remembers the lists that a list was put together with. It lives as long as the list.
type gathered struct{ known sync.Map } // [mostTogether]*Codes to *Codes

// Together is one list of all the codes of c and of others, for a question that asks for any of them: it is looked up once
// where they would be looked up one by one. It is made once; the same lists give the same list. More than 30 others give nil.
func (c *Codes) Together(others []*Codes) *Codes {
	var key [mostTogether]*Codes
	if len(others) > len(key) {
		return nil
	}
	copy(key[:], others)
	if known, ok := c.together.known.Load(key); ok {
		return known.(*Codes)
	}
	all := &Codes{keys: maps.Clone(c.keys), covers: slices.Clone(c.covers), together: &gathered{}}
	for _, other := range others {
		maps.Copy(all.keys, other.keys)
		all.covers = append(all.covers, other.covers...)
	}
	slices.Sort(all.covers)
	all.covers = slices.Compact(all.covers)
	text, _ := json.Marshal(slices.Sorted(maps.Keys(all.keys))) // texts always can be
	all.text = string(text)
	known, _ := c.together.known.LoadOrStore(key, all)
	return known.(*Codes)
}
