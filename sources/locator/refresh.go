package locator

import (
	"context"
	"math"
	"slices"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// listing is one source's list before it enters the index.
type listing struct {
	id      clinical.SourceID
	number  uint16
	entries []entry // in order, without duplicates
	at      time.Time
}

// people counts the people on the list, each once, however many organisations hold them.
func (l *listing) people() (count int) {
	for i := range l.entries {
		if i == 0 || l.entries[i].hash != l.entries[i-1].hash {
			count++
		}
	}
	return count
}

// list reads a source's list. Each holding keeps its number from list to list, so that shards without changes need not
// be rebuilt.
func (l *Locator) list(ctx context.Context, id clinical.SourceID, lister sources.Lister) (*listing, error) {
	made := &listing{id: id, at: time.Now()}
	own, err := l.number(id)
	if err != nil {
		return nil, err
	}
	made.number = own
	seen := map[Holding]uint16{} // avoids taking the lock
	err = lister.People(ctx, func(m sources.Membership) error {
		if m.Person.IsZero() {
			return nil
		}
		holding := Holding{Source: id, Organisation: m.Organisation, Registered: m.Registered, Sensitive: m.Sensitive}
		number, ok := seen[holding]
		if !ok {
			var err error
			if number, err = l.intern(own, holding); err != nil {
				return err
			}
			seen[holding] = number
		}
		made.entries = append(made.entries, entry{l.hasher.hash(m.Person), newRef(own, number)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(made.entries, compareEntries)
	made.entries = slices.Compact(made.entries)
	return made, nil
}

// number assigns a source its number in the index. A source without one was never listed, and is uncertain until it has
// been.
func (l *Locator) number(id clinical.SourceID) (uint16, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if number, ok := l.numbers[id]; ok {
		return number, nil
	}
	if len(l.interns) > math.MaxUint16 {
		return 0, ErrTooMany
	}
	number := uint16(len(l.interns))
	l.numbers[id] = number
	l.interns = append(l.interns, map[Holding]uint16{})
	old := l.known.Load()
	l.known.Store(&directory{holdings: append(slices.Clip(old.holdings), nil), uncertain: old.uncertain})
	l.mark(id, true)
	return number, nil
}

// intern assigns a source's holding its number.
func (l *Locator) intern(source uint16, holding Holding) (uint16, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if number, ok := l.interns[source][holding]; ok {
		return number, nil
	}
	old := l.known.Load()
	of := old.holdings[source]
	if len(of) > math.MaxUint16 {
		return 0, ErrTooMany
	}
	number := uint16(len(of))
	l.interns[source][holding] = number
	holdings := slices.Clone(old.holdings)
	holdings[source] = append(slices.Clip(of), holding)
	l.known.Store(&directory{holdings: holdings, uncertain: old.uncertain})
	return number, nil
}

// apply puts lists into the index. A pass over all shards costs about the same for one list as for many.
func (l *Locator) apply(lists []*listing) {
	l.mu.Lock()
	defer l.mu.Unlock()
	renewed := make([]bool, len(l.interns))
	latest := map[uint16]*listing{}
	total := 0
	for _, each := range lists {
		if l.listed[each.id].After(each.at) {
			continue // a newer list has overtaken this one
		}
		renewed[each.number] = true
		latest[each.number] = each
		total += len(each.entries)
	}
	all := make([]entry, 0, total)
	for _, each := range latest {
		all = append(all, each.entries...)
	}
	slices.SortFunc(all, compareEntries)
	l.replace(renewed, all)
	for _, each := range latest {
		l.listed[each.id], l.people[each.id] = each.at, each.people()
		l.mark(each.id, false)
	}
}

// replace rebuilds every shard in which something has changed.
func (l *Locator) replace(renewed []bool, list []entry) {
	for i := range l.shards {
		end := 0
		for end < len(list) && list[end].hash>>shardShift == uint64(i) {
			end++
		}
		old := l.shards[i].Load()
		if made := old.replace(renewed, list[:end]); made != old {
			l.shards[i].Store(made)
		}
		list = list[end:]
	}
}
