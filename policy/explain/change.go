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
	glass bool // it breaks the glass with an activity, of which no more is said than of the activity alone where the same comes of both
}

// changes asks the question again with one difference, for everything a question may contain, and collects what would
// release more and what would release less. If no single change would release anything, it tries two and then three of
// those things that decide whether anything is released at all.
func (x *explainer) changes(ctx context.Context, seen *specimen.Seen) (more, less []Change, err error) {
	var m, l gathered
	for _, each := range x.edits() {
		less := &l
		if each.glass {
			less = &gathered{}
		}
		if err := x.try(ctx, seen, &m, less, each); err != nil {
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
	words, decision, err := x.with(ctx, edits...)
	if err != nil {
		return err
	}
	difference := x.set.Between(seen, x.set.Seen(decision))
	switch {
	case difference.More() && edits[0].glass && more.has(difference):
	case difference.More():
		more.add(words, difference)
	case difference.Less():
		less.add(words, difference)
	}
	return nil
}

// with decides the question with some things different, which it says.
func (x *explainer) with(ctx context.Context, edits ...edit) (words string, decision *policy.Decision, err error) {
	input := x.input
	input.Activities, input.Person.Preferences = slices.Clone(input.Activities), slices.Clone(input.Person.Preferences)
	said := make([]string, len(edits))
	for i, each := range edits {
		each.apply(&input)
		said[i] = each.words
	}
	decision, err = x.Decide(ctx, input)
	return specimen.Listed(said), decision, err
}

// instead lists with which one thing different a record would be released.
func (x *explainer) instead(ctx context.Context, record clinical.Record) ([]string, error) {
	all := []string{}
	for _, each := range x.edits() {
		words, decision, err := x.with(ctx, each)
		if err != nil {
			return nil, err
		}
		if !decision.Hide && decision.Release(record.Kind()).Condition.Match(record) && !slices.Contains(all, words) {
			all = append(all, words)
		}
	}
	return all, nil
}

// gathered are changes grouped by effect.
type gathered struct {
	all []Change
	at  map[string]int
}

// has reports whether the same came of something before.
func (g *gathered) has(difference *specimen.Difference) bool {
	_, known := g.at[fmt.Sprint(*difference)]
	return known
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
	switch {
	case x.input.Citizen:
	case x.input.Emergency:
		all = append(all, edit{words: "the glass is not broken", apply: func(i *policy.Input) { i.Emergency = false }})
		all = append(all, x.activities()...)
	default:
		all = append(all, edit{words: "the caller breaks the glass", apply: func(i *policy.Input) { i.Emergency = true }})
		all = append(all, x.activities()...)
		for _, activity := range policy.Activities(x.Tables()) { // breaking the glass may need one
			if !slices.Contains(x.input.Activities, activity) {
				all = append(all, edit{"the caller, whose role has the activity " + x.teller.Activity(activity) + ", breaks the glass", func(i *policy.Input) {
					i.Emergency, i.Activities = true, append(i.Activities, activity)
				}, true})
			}
		}
	}
	for _, objection := range policy.Objections() {
		if objection != x.input.Person.Objection {
			all = append(all, edit{words: prose.Objection(objection), apply: func(i *policy.Input) { i.Person.Objection = objection }})
		}
	}
	return slices.Concat(all, x.preferences(), x.person())
}

// grounds are what decides whether anything is released at all: purpose, relationship and role.
func (x *explainer) grounds() [][]edit {
	var purposes, relationships, roles []edit
	for _, purpose := range policy.Purposes() {
		if purpose != x.input.Purpose {
			purposes = append(purposes, edit{words: "the question is asked " + prose.Purpose(purpose), apply: func(i *policy.Input) { i.Purpose = purpose }})
		}
	}
	for _, relationship := range policy.Relationships() {
		if relationship != x.input.Relationship {
			relationships = append(relationships, edit{words: prose.Relationship(relationship), apply: func(i *policy.Input) { i.Relationship = relationship }})
		}
	}
	if x.input.Citizen {
		return [][]edit{purposes, relationships}
	}
	for _, group := range x.teller.Groups() {
		if group.Name != x.teller.Group(x.input.Role) {
			roles = append(roles, edit{words: "the caller's role is in the group “" + prose.Spaced(group.Name) + "”", apply: func(i *policy.Input) { i.Role = group.Roles[0] }})
		}
	}
	return [][]edit{purposes, relationships, roles}
}

// activities adds each activity that the policy knows, and removes each that the caller has.
func (x *explainer) activities() []edit {
	var all []edit
	for _, activity := range policy.Activities(x.Tables()) {
		if !slices.Contains(x.input.Activities, activity) {
			all = append(all, edit{words: "the caller's role has the activity " + x.teller.Activity(activity), apply: func(i *policy.Input) { i.Activities = append(i.Activities, activity) }})
		}
	}
	for n, activity := range x.input.Activities {
		all = append(all, edit{words: "the caller's role does not have the activity " + x.teller.Activity(activity), apply: func(i *policy.Input) {
			i.Activities = slices.Delete(i.Activities, n, n+1)
		}})
	}
	return all
}

// preferences removes each preference that the person has, and adds ones that deny or allow each category to everybody.
func (x *explainer) preferences() []edit {
	var all []edit
	for n, preference := range x.input.Person.Preferences {
		all = append(all, edit{words: x.teller.NoLonger(preference), apply: func(i *policy.Input) {
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
				all = append(all, edit{words: x.teller.Preference(preference), apply: func(i *policy.Input) {
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
		{words: either(is.Flagged, "the person carries no S-flag", "the person carries an S-flag"), apply: func(i *policy.Input) { i.Person.Flagged = !is.Flagged }},
		{words: either(is.Deceased, "the person is alive", "the person has died"), apply: func(i *policy.Input) { i.Person.Deceased = !is.Deceased }},
	}
	for _, age := range policy.Ages() {
		if age != is.Age {
			all = append(all, edit{words: prose.Age(age), apply: func(i *policy.Input) { i.Person.Age = age }})
		}
	}
	for _, capacity := range policy.Capacities() {
		if capacity != is.Capacity {
			all = append(all, edit{words: prose.Capacity(capacity), apply: func(i *policy.Input) { i.Person.Capacity = capacity }})
		}
	}
	for _, authority := range policy.Authorities() {
		if authority != is.Authority {
			all = append(all, edit{words: prose.Authority(authority), apply: func(i *policy.Input) { i.Person.Authority = authority }})
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
