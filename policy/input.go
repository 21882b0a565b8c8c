package policy

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Purposes lists every purpose known to the policy.
func Purposes() []Purpose {
	return []Purpose{Treatment, EmergencyTreatment, PatientRequest, Operations, Research, PublicHealth}
}

// Relationships lists every care relationship: strongest first, none last.
func Relationships() []Relationship {
	return []Relationship{RelationshipSelf, RelationshipRegistered, RelationshipRecord, RelationshipReferral,
		RelationshipClaimed, RelationshipProxy, RelationshipNone}
}

// Objections lists every state of a person's objection to the shared record.
func Objections() []string { return []string{"none", "requested", "upheld", "not_upheld"} }

const (
	longestText     = 64
	mostActivities  = 256
	mostPreferences = 256
)

// key is an Input in comparable form. Inputs that differ only in the order of activities or preferences have the same
// key.
type key struct {
	role, activities, organisation string
	citizen, emergency             bool
	purpose                        Purpose
	relationship                   Relationship
	objection, preferences         string
	flagged, deceased              bool
	age                            Age
	capacity                       Capacity
	authority                      Authority
}

// normalise validates the texts of an input, and sorts and deduplicates its activities and preferences.
func (i Input) normalise() (Input, key, error) {
	person := &i.Person
	for _, text := range [...]string{i.Role, i.Organisation, string(i.Purpose), string(i.Relationship), person.Objection,
		string(person.Age), string(person.Capacity), string(person.Authority)} {
		if !plausible(text) {
			return Input{}, key{}, ErrInput
		}
	}
	if len(i.Activities) > mostActivities || len(person.Preferences) > mostPreferences ||
		slices.ContainsFunc(i.Activities, func(activity string) bool { return !plausible(activity) }) ||
		slices.ContainsFunc(person.Preferences, func(p Preference) bool { return !p.plausible() }) {
		return Input{}, key{}, ErrInput
	}
	i.Activities = inOrder(i.Activities, strings.Compare)
	person.Preferences = inOrder(person.Preferences, Preference.compare)
	return i, key{i.Role, strings.Join(i.Activities, between), i.Organisation, i.Citizen, i.Emergency, i.Purpose,
		i.Relationship, person.Objection, joined(person.Preferences), person.Flagged, person.Deceased, person.Age,
		person.Capacity, person.Authority}, nil
}

// inOrder returns a slice sorted and without duplicates; the slice itself if it already is.
func inOrder[T comparable](given []T, compare func(T, T) int) []T {
	for n := 1; n < len(given); n++ {
		if compare(given[n-1], given[n]) >= 0 {
			sorted := slices.Clone(given)
			slices.SortFunc(sorted, compare)
			return slices.Compact(sorted)
		}
	}
	return given
}

func (p Preference) plausible() bool {
	return plausible(p.Effect) && plausible(p.Category) && plausible(p.Party) && plausible(p.Code)
}

func (p Preference) compare(other Preference) int {
	return cmp.Or(strings.Compare(p.Category, other.Category), strings.Compare(p.Party, other.Party),
		strings.Compare(p.Code, other.Code), strings.Compare(p.Effect, other.Effect))
}

func joined(preferences []Preference) string {
	if len(preferences) == 0 {
		return ""
	}
	var b strings.Builder
	for _, p := range preferences {
		for _, text := range [...]string{p.Category, p.Party, p.Code, p.Effect} {
			b.WriteString(text)
			b.WriteString(between)
		}
	}
	return b.String()
}

// between separates the texts of a key, and stands in none of them.
const between = "\x00"

func plausible(text string) bool {
	return len(text) <= longestText && utf8.ValidString(text) && !strings.Contains(text, between)
}

// document is the input as rules see it, described by schema/input.json. Every member is always present, and empty if
// nothing is known.
func (i Input) document() ast.Value {
	activities := make([]*ast.Term, len(i.Activities))
	for n, activity := range i.Activities {
		activities[n] = ast.StringTerm(activity)
	}
	return ast.NewObject(
		member("caller", ast.ObjectTerm(
			member("citizen", ast.BooleanTerm(i.Citizen)),
			member("role", ast.StringTerm(i.Role)),
			member("activities", ast.ArrayTerm(activities...)),
			member("organisation", ast.StringTerm(i.Organisation)),
		)),
		member("purpose", ast.StringTerm(string(i.Purpose))),
		member("relationship", ast.StringTerm(string(i.Relationship))),
		member("person", i.Person.document()),
		member("emergency", ast.BooleanTerm(i.Emergency)),
	)
}

func (p *Person) document() *ast.Term {
	preferences := make([]*ast.Term, len(p.Preferences))
	for n, each := range p.Preferences {
		preferences[n] = ast.ObjectTerm(
			member("effect", ast.StringTerm(each.Effect)),
			member("category", ast.StringTerm(each.Category)),
			member("party", ast.StringTerm(each.Party)),
			member("code", ast.StringTerm(each.Code)),
		)
	}
	return ast.ObjectTerm(
		member("objection", ast.StringTerm(p.Objection)),
		member("preferences", ast.ArrayTerm(preferences...)),
		member("flagged", ast.BooleanTerm(p.Flagged)),
		member("deceased", ast.BooleanTerm(p.Deceased)),
		member("age", ast.StringTerm(string(p.Age))),
		member("capacity", ast.StringTerm(string(p.Capacity))),
		member("authority", ast.StringTerm(string(p.Authority))),
	)
}

func member(name string, value *ast.Term) [2]*ast.Term {
	return [2]*ast.Term{ast.StringTerm(name), value}
}
