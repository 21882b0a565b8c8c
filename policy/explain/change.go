package explain

import (
	"context"
	"fmt"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/policy/prose"
	"onelondon/policy/specimen"
)

// Change is a difference in the question and its effect. Changes with the same effect are combined: any of them is
// enough.
type Change struct {
	If   []string            `json:"if"` // each a clause: "the question is asked for treatment (TREAT)"
	Then specimen.Difference `json:"then"`
}

// edit is one difference.
type edit struct {
	words string
	apply func(*policy.Input)
}

// changes asks the question again with one difference, for everything a question may contain, and collects what would
// release more and what would release less. If no single change would release anything, it tries two and then three of
// those things that decide whether anything is released at all.
func (x *explainer) changes(ctx context.Context, seen *specimen.Seen) (more, less []Change, err error) {
	var m, l gathered
	for _, each := range x.edits() {
		if err := x.try(ctx, seen, &m, &l, each); err != nil {
			return nil, nil, err
		}
	}
	grounds := x.grounds()
	for size := 2; size <= len(grounds) && len(m.all) == 0 && !x.decision.Permitted; size++ {
		for _, combined := range combinations(grounds, size) {
			if err := x.try(ctx, seen, &m, &gathered{}, combined...); err != nil {
				return nil, nil, err
			}
		}
	}
	return m.all, l.all, nil
}

// combinations takes one edit from each of size dimensions, in every way.
func combinations(dimensions [][]edit, size int) [][]edit {
	if size == 0 {
		return [][]edit{nil}
	}
	var all [][]edit
	for i, dimension := range dimensions {
		for _, rest := range combinations(dimensions[i+1:], size-1) {
			for _, each := range dimension {
				all = append(all, append([]edit{each}, rest...))
			}
		}
	}
	return all
}

func (x *explainer) try(ctx context.Context, seen *specimen.Seen, more, less *gathered, edits ...edit) error {
	input := x.input
	input.Activities, input.Person.Preferences = slices.Clone(input.Activities), slices.Clone(input.Person.Preferences)
	words := make([]string, len(edits))
	for i, each := range edits {
		each.apply(&input)
		words[i] = each.words
	}
	decision, err := x.Decide(ctx, input)
	if err != nil {
		return err
	}
	difference := x.set.Between(seen, x.set.Seen(decision))
	if difference.More() {
		more.add(specimen.Listed(words), difference)
	} else if difference.Less() {
		less.add(specimen.Listed(words), difference)
	}
	return nil
}

// gathered are changes grouped by effect.
type gathered struct {
	all []Change
	at  map[string]int
}

func (g *gathered) add(words string, difference *specimen.Difference) {
	key := fmt.Sprint(*difference)
	if i, known := g.at[key]; known {
		if !slices.Contains(g.all[i].If, words) {
			g.all[i].If = append(g.all[i].If, words)
		}
		return
	}
	if g.at == nil {
		g.at = map[string]int{}
	}
	g.at[key] = len(g.all)
	g.all = append(g.all, Change{If: []string{words}, Then: *difference})
}

// edits lists every single difference.
func (x *explainer) edits() []edit {
	all := slices.Concat(x.grounds()...)
	if x.input.Emergency {
		all = append(all, edit{"the glass is not broken", func(i *policy.Input) { i.Emergency = false }})
	} else if !x.input.Citizen {
		all = append(all, edit{"the caller breaks the glass", func(i *policy.Input) { i.Emergency = true }})
		for _, activity := range policy.Activities(x.Tables()) { // breaking the glass may require one
			all = append(all, edit{"the caller, whose role has the activity " + activity + ", breaks the glass", func(i *policy.Input) {
				i.Emergency, i.Activities = true, append(i.Activities, activity)
			}})
		}
	}
	if !x.input.Citizen {
		all = append(all, x.activities()...)
	}
	for _, objection := range policy.Objections() {
		if objection != x.input.Person.Objection {
			all = append(all, edit{prose.Objection(objection), func(i *policy.Input) { i.Person.Objection = objection }})
		}
	}
	return slices.Concat(all, x.preferences(), x.person())
}

// grounds are what decides whether anything is released at all: purpose, relationship and role.
func (x *explainer) grounds() [][]edit {
	var purposes, relationships, roles []edit
	for _, purpose := range policy.Purposes() {
		if purpose != x.input.Purpose {
			purposes = append(purposes, edit{"the question is asked " + prose.Purpose(purpose), func(i *policy.Input) { i.Purpose = purpose }})
		}
	}
	for _, relationship := range policy.Relationships() {
		if relationship != x.input.Relationship {
			relationships = append(relationships, edit{prose.Relationship(relationship), func(i *policy.Input) { i.Relationship = relationship }})
		}
	}
	if x.input.Citizen {
		return [][]edit{purposes, relationships}
	}
	for _, group := range x.teller.Groups() {
		if group.Name != x.teller.Group(x.input.Role) {
			roles = append(roles, edit{"the caller's role is in the group " + prose.Spaced(group.Name), func(i *policy.Input) { i.Role = group.Roles[0] }})
		}
	}
	return [][]edit{purposes, relationships, roles}
}

// activities adds each activity that the policy knows, and removes each that the caller has.
func (x *explainer) activities() []edit {
	var all []edit
	for _, activity := range policy.Activities(x.Tables()) {
		if !slices.Contains(x.input.Activities, activity) {
			all = append(all, edit{"the caller's role has the activity " + activity, func(i *policy.Input) { i.Activities = append(i.Activities, activity) }})
		}
	}
	for n, activity := range x.input.Activities {
		all = append(all, edit{"the caller's role has not the activity " + activity, func(i *policy.Input) {
			i.Activities = slices.Delete(i.Activities, n, n+1)
		}})
	}
	return all
}

// preferences removes each preference that the person has, and adds ones that deny or allow each category to everybody.
func (x *explainer) preferences() []edit {
	var all []edit
	for n, preference := range x.input.Person.Preferences {
		all = append(all, edit{"it is not so that " + x.teller.Preference(preference), func(i *policy.Input) {
			i.Person.Preferences = slices.Delete(i.Person.Preferences, n, n+1)
		}})
	}
	categories := []string{"all"}
	for _, label := range clinical.Categories() {
		categories = append(categories, string(label))
	}
	for _, effect := range policy.Effects() {
		for _, category := range categories {
			preference := policy.Preference{Effect: effect, Category: category, Party: "anyone"}
			if !slices.Contains(x.input.Person.Preferences, preference) {
				all = append(all, edit{x.teller.Preference(preference), func(i *policy.Input) {
					i.Person.Preferences = append(i.Person.Preferences, preference)
				}})
			}
		}
	}
	return all
}

// person changes what else is known about the person.
func (x *explainer) person() []edit {
	is := x.input.Person
	all := []edit{
		{either(is.Flagged, "the person carries no S-flag", "the person carries an S-flag"), func(i *policy.Input) { i.Person.Flagged = !is.Flagged }},
		{either(is.Deceased, "the person is alive", "the person has died"), func(i *policy.Input) { i.Person.Deceased = !is.Deceased }},
	}
	for _, age := range policy.Ages() {
		if age != is.Age {
			all = append(all, edit{prose.Age(age), func(i *policy.Input) { i.Person.Age = age }})
		}
	}
	for _, capacity := range policy.Capacities() {
		if capacity != is.Capacity {
			all = append(all, edit{prose.Capacity(capacity), func(i *policy.Input) { i.Person.Capacity = capacity }})
		}
	}
	for _, authority := range policy.Authorities() {
		if authority != is.Authority {
			all = append(all, edit{prose.Authority(authority), func(i *policy.Input) { i.Person.Authority = authority }})
		}
	}
	return all
}

func either(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}
