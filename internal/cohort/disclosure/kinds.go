package disclosure

import (
	"maps"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// kinds divides everybody by what a question makes of them for what is known of them: those of one kind may be in the same cells,
// if their records say the same. Who can be in no cell is of no kind.
type kinds struct {
	people map[string][]clinical.Pseudonym // by the kind's name
	cells  map[string]int                  // how many people at most may be in a cell, by the part of its key that is known
	of     map[clinical.Pseudonym]int32    // the kind of each person counted, from 1; 0 for those who are of none
}

// kindsOf reads the answer to [Known]. The kinds depend on nothing that records say; of is kept for the people counted alone, since those known
// are all of London.
func kindsOf(definition *cohort.Definition, known, counted *cohort.Counted) kinds {
	facts, dimensions := factsOf(definition), 0
	for i := range definition.By {
		if ofPerson(definition.By[i].Kind) {
			dimensions++
		}
	}
	k := kinds{people: map[string][]clinical.Pseudonym{}, cells: map[string]int{},
		of: make(map[clinical.Pseudonym]int32, len(counted.Everybody))}
	for _, person := range counted.Everybody {
		k.of[person] = 0
	}
	for i := range counted.Cells {
		for _, person := range counted.Cells[i].People {
			k.of[person] = 0
		}
	}
	for i := range known.Cells {
		cell := &known.Cells[i]
		r := residue{definition: definition, facts: map[string]bool{}}
		for j := range facts {
			r.facts[text(&facts[j])] = cell.Key[dimensions+j] == "yes"
		}
		remains, possible := r.question()
		if !possible {
			continue
		}
		where := joined(cell.Key[:dimensions])
		k.cells[where] += len(cell.People)
		name := where + "\x00" + remains
		k.people[name] = append(k.people[name], cell.People...)
	}
	for i, name := range k.names() {
		slices.Sort(k.people[name])
		for _, person := range k.people[name] {
			if _, counted := k.of[person]; counted {
				k.of[person] = int32(i + 1)
			}
		}
	}
	return k
}

// names are the kinds' names in order.
func (k *kinds) names() []string { return slices.Sorted(maps.Keys(k.people)) }

// question is what remains of the whole question, and whether people of whom these facts are known may be counted at all.
func (r residue) question() (remains string, possible bool) {
	people := always
	if r.definition.People != nil {
		people = r.of(r.definition.People, false)
	}
	parts := []string{people}
	for i := range r.definition.By {
		for j := range r.definition.By[i].Groups {
			parts = append(parts, r.of(&r.definition.By[i].Groups[j].Where, false))
		}
	}
	for i := range r.definition.Measures {
		parts = append(parts, r.set(r.definition.Measures[i].Events, 0))
	}
	return strings.Join(parts, " | "), people != never
}

// knownPart is the part of a cell's key that goes by what is known.
func knownPart(definition *cohort.Definition, key []string) string {
	var part []string
	for i := range definition.By {
		if ofPerson(definition.By[i].Kind) {
			part = append(part, key[i])
		}
	}
	return joined(part)
}

// sizes is how many people there are of whom it is known what a table needs of it; nil where nothing is known.
type sizes struct {
	Parts map[string][]int `json:"parts,omitempty"` // by the key of a cell with people of several kinds: how many of each
	Cells map[string]int   `json:"cells,omitempty"` // how many people at most may be in a cell, by the part of its key that is known
}

// sizes is how many people of each kind the cells have that hold people of several, and how many there may be.
func (k *kinds) sizes(counted *cohort.Counted) *sizes {
	parts := map[string][]int{}
	for i := range counted.Cells {
		tally := map[int32]int{}
		for _, person := range counted.Cells[i].People {
			tally[k.of[person]]++
		}
		if len(tally) > 1 {
			parts[joined(counted.Cells[i].Key)] = slices.Sorted(maps.Values(tally))
		}
	}
	return &sizes{Parts: parts, Cells: k.cells}
}

// partsOf is how many people of each kind a cell has, nil where it has people of one.
func (s *sizes) partsOf(key []string) []int {
	if s == nil {
		return nil
	}
	return s.Parts[joined(key)]
}

// tooFew reports whether so few people may be in a cell that it is never shown.
func (s *sizes) tooFew(where string, smallest int) bool { return s != nil && s.Cells[where] < smallest }

// divided drops the people of cells in which few may be, whatever records say: such cells are redacted, always. What is left is
// the people of each kind, in the order of the kinds' names.
func (k *kinds) divided(smallest int) [][]clinical.Pseudonym {
	var divided [][]clinical.Pseudonym
	for _, name := range k.names() {
		if k.cells[name[:strings.LastIndex(name, "\x00")]] >= smallest {
			divided = append(divided, k.people[name])
		}
	}
	return divided
}
