package consent

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/embedded"
)

// Tallied is how many people said the same, with nobody named: of a preference what kind of party it is about and not which one,
// nothing of proxies. A count may be small enough to give somebody away, and whoever shows one hides it.
type Tallied struct {
	Objection   Objection
	Preferences []Preference // without codes, each once, sorted
	Capacity    Capacity
	People      int
}

// Tally counts what holds now of everybody of whom something is recorded, the most frequent first. Superseded leads from a number
// that was retired to the current one of the same person, who counts once. It reads the register from its beginning, beside
// whatever writes it: minutes for millions of directives.
func (r *Register) Tally(ctx context.Context, superseded map[clinical.NHSNumber]clinical.NHSNumber) ([]Tallied, error) {
	current := make(map[embedded.Person]embedded.Person, len(superseded))
	for old, now := range superseded {
		current[r.picture.key(old)] = r.picture.key(now)
	}
	var people index
	var codes words
	var query embedded.Query
	for {
		rows, err := r.log.Read(ctx, query)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			return people.tally(&codes, r.clock()), nil
		}
		for _, row := range rows {
			directive, _, err := decode(row.Body)
			if err != nil {
				return nil, fmt.Errorf("directive %d: %w", row.Sequence, err)
			}
			query.After = row.Sequence
			switch directive.About.(type) {
			case ListRefreshed, Adoption: // about nobody
			default:
				person, retired := current[row.Person]
				if !retired {
					person = row.Person
				}
				people.apply(person, layerOf(&directive, Revision(row.Sequence), &codes, r.picture.key))
			}
		}
	}
}

// tally counts what holds at a moment.
func (x *index) tally(codes *words, at time.Time) []Tallied {
	counted := map[string]*Tallied{}
	for i := range x.parts {
		for _, slot := range x.parts[i].slots {
			if slot.bits == 0 {
				continue
			}
			said := state(x.layers(held{slot.bits, slot.number}), codes, at).unnamed()
			key := fmt.Sprint(said)
			if counted[key] == nil {
				counted[key] = &said
			}
			counted[key].People++
		}
	}
	all := make([]Tallied, 0, len(counted))
	for _, each := range counted {
		all = append(all, *each)
	}
	slices.SortFunc(all, func(a, b Tallied) int {
		return cmp.Or(cmp.Compare(b.People, a.People), strings.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	return all
}

// unnamed is a state without whom it names.
func (s State) unnamed() Tallied {
	said := Tallied{Objection: s.Objection, Capacity: s.Capacity}
	for _, each := range s.Preferences {
		each.Code = ""
		if !slices.Contains(said.Preferences, each) {
			said.Preferences = append(said.Preferences, each)
		}
	}
	slices.SortFunc(said.Preferences, func(a, b Preference) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(a.Party, b.Party), cmp.Compare(a.Effect, b.Effect))
	})
	return said
}
