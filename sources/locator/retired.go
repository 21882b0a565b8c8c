package locator

import (
	"errors"
	"slices"
	"sync"

	"onelondon/internal/clinical"
)

// ErrCircle reports that a number would end up superseding itself.
var ErrCircle = errors.New("an NHS number cannot supersede itself")

// registry holds the retired numbers with their replacements.
type registry struct {
	mu sync.RWMutex
	by map[clinical.NHSNumber]clinical.NHSNumber   // replacement of each retired number
	of map[clinical.NHSNumber][]clinical.NHSNumber // retired numbers of each replacement
}

// Supersede records that old was retired in favour of current, as when two numbers turn out to belong to one person. It
// refuses to create a circle.
func (l *Locator) Supersede(old, current clinical.NHSNumber) error {
	r := &l.retired
	r.mu.Lock()
	defer r.mu.Unlock()
	for at, ok := current, true; ok; at, ok = r.by[at] {
		if at == old {
			return ErrCircle
		}
	}
	if r.by == nil {
		r.by, r.of = map[clinical.NHSNumber]clinical.NHSNumber{}, map[clinical.NHSNumber][]clinical.NHSNumber{}
	}
	if before, ok := r.by[old]; ok {
		r.of[before] = slices.DeleteFunc(r.of[before], func(n clinical.NHSNumber) bool { return n == old })
	}
	r.by[old] = current
	r.of[current] = append(r.of[current], old)
	return nil
}

// Former returns the retired numbers of the person with this number, under which some sources may still hold them.
func (l *Locator) Former(number clinical.NHSNumber) []clinical.NHSNumber {
	r := &l.retired
	r.mu.RLock()
	defer r.mu.RUnlock()
	if len(r.of[number]) == 0 {
		return nil
	}
	former := slices.Clone(r.of[number])
	for i := 0; i < len(former); i++ {
		former = append(former, r.of[former[i]]...)
	}
	return former
}

// Current follows a retired number to the one in use; retired is false if number itself is in use as far as is known.
func (l *Locator) Current(number clinical.NHSNumber) (current clinical.NHSNumber, retired bool) {
	r := &l.retired
	r.mu.RLock()
	defer r.mu.RUnlock()
	// Supersede prevents circles, so this ends.
	for next, ok := r.by[number]; ok; next, ok = r.by[number] {
		number, retired = next, true
	}
	return number, retired
}
