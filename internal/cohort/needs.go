package cohort

import (
	"maps"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// Needs is what has to be read to answer a definition, and what policy decides about. All lists are sorted, each name once.
type Needs struct {
	Kinds      []clinical.Kind // of the recorded sets
	Codelists  []string        // registered lists, by the names they are registered under
	Inline     []string        // lists that bring codes of their own, by their names in the definition
	Dimensions []string        // by which figures are broken down: age_band, sex, borough, practice, practice_size_band ...
	// Narrowing is by what people and events are chosen, in the words of Dimensions. Who may not break down by practice may
	// not ask about a single one either.
	Narrowing []string
	// Facts is set where it must be known what registrations say: of the people chosen, or of everybody, where people without
	// any event can be meant.
	Facts bool
}

// Needs tells what has to be read. It is of use for definitions that pass [Definition.Check].
func (d *Definition) Needs() Needs {
	kinds, lists, inline := map[clinical.Kind]bool{}, map[string]bool{}, map[string]bool{}
	dimensions, narrowing := map[string]bool{}, map[string]bool{}
	for _, list := range d.Codelists {
		if list.Codes != nil {
			inline[list.Name] = true
		} else {
			lists[list.RegisteredName()] = true
		}
	}
	for _, set := range d.Events {
		if set.Kind != nil {
			kinds[*set.Kind] = true
		}
		if len(set.Organisations) > 0 {
			narrowing[ByOrganisation.policyName()] = true
		}
		set.Where.narrowing(narrowing)
	}
	facts := d.People == nil || d.People.holdsOfNobodyKnown()
	d.People.narrowing(narrowing)
	for _, by := range d.By {
		dimensions[by.Kind.policyName()] = true
		facts = facts || by.Kind != ByGroup && !by.Kind.ofEvents()
		for i := range by.Groups {
			by.Groups[i].Where.narrowing(narrowing)
		}
	}
	for name := range narrowing {
		facts = facts || name != ByOrganisation.policyName()
	}
	return Needs{Kinds: sorted(kinds), Codelists: sorted(lists), Inline: sorted(inline), Dimensions: sorted(dimensions),
		Narrowing: sorted(narrowing), Facts: facts}
}

func sorted[K clinical.Kind | string](set map[K]bool) []K { return slices.Sorted(maps.Keys(set)) }

// RegisteredName is the name under which the site has registered the list; of no meaning for a list with codes of its own.
func (l *Codelist) RegisteredName() string {
	if l.From != "" {
		return l.From
	}
	return l.Name
}

// policyName is the dimension in the words of policy.
func (k DimensionKind) policyName() string { return strings.ToLower(string(k)) }

// narrowing adds by what a criterion chooses people.
func (c *Criterion) narrowing(into map[string]bool) {
	if c == nil {
		return
	}
	for kind, used := range map[string]bool{ByAgeBand.policyName(): c.Age != nil, BySex.policyName(): c.Sex != nil,
		ByBorough.policyName(): c.Borough != nil, ByPractice.policyName(): c.Practice != nil,
		"registered": c.Registered != nil, "alive": c.Alive != nil} {
		if used {
			into[kind] = true
		}
	}
	c.Not.narrowing(into)
	for _, of := range [][]Criterion{c.All, c.Any, c.someOf()} {
		for i := range of {
			of[i].narrowing(into)
		}
	}
}

func (c *Criterion) someOf() []Criterion {
	if c.Some == nil {
		return nil
	}
	return c.Some.Of
}

// holdsOfNobodyKnown reports whether the criterion is true of a person of whom no event is known. Facts do not matter here:
// a criterion that speaks of them needs them anyway.
func (c *Criterion) holdsOfNobodyKnown() bool {
	holds := func(of []Criterion) (count int) {
		for i := range of {
			if of[i].holdsOfNobodyKnown() {
				count++
			}
		}
		return count
	}
	switch {
	case c.All != nil:
		return holds(c.All) == len(c.All)
	case c.Any != nil:
		return holds(c.Any) > 0
	case c.Not != nil:
		return !c.Not.holdsOfNobodyKnown()
	case c.Some != nil:
		return holds(c.Some.Of) >= c.Some.AtLeast
	case c.Has != nil:
		return c.Has.Least() == 0
	}
	return true
}

// Least is how many events are needed at least: 1 when nothing is said, 0 where only AtMost is.
func (h *Has) Least() int {
	switch {
	case h.AtLeast != nil:
		return *h.AtLeast
	case h.AtMost != nil:
		return 0
	}
	return 1
}
