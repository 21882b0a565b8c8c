package policy

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Purposes lists every purpose that the policy knows of.
func Purposes() []Purpose {
	return []Purpose{Treatment, EmergencyTreatment, PatientRequest, Operations, Research, PublicHealth}
}

// Relationships lists every care relationship, strongest first and none last.
func Relationships() []Relationship {
	return []Relationship{RelationshipSelf, RelationshipRegistered, RelationshipRecord, RelationshipReferral,
		RelationshipClaimed, RelationshipNone}
}

// Objections lists every state of a person's objection to the shared record.
func Objections() []string { return []string{"none", "requested", "upheld", "not_upheld"} }

const (
	longestText    = 64
	mostActivities = 256
)

// key is an Input in comparable form; inputs that differ only in the order of activities have the same key.
type key struct {
	role, activities, organisation string
	citizen, emergency             bool
	purpose                        Purpose
	relationship                   Relationship
	objection                      string
}

// normalise checks the texts of an input and puts its activities in order, each once.
func (i Input) normalise() (Input, key, error) {
	for _, text := range [...]string{i.Role, i.Organisation, string(i.Purpose), string(i.Relationship), i.Objection} {
		if !plausible(text) {
			return Input{}, key{}, ErrInput
		}
	}
	if len(i.Activities) > mostActivities {
		return Input{}, key{}, ErrInput
	}
	inOrder := true
	for n, activity := range i.Activities {
		if !plausible(activity) {
			return Input{}, key{}, ErrInput
		}
		inOrder = inOrder && (n == 0 || i.Activities[n-1] < activity)
	}
	if !inOrder {
		i.Activities = slices.Compact(slices.Sorted(slices.Values(i.Activities)))
	}
	return i, key{i.Role, strings.Join(i.Activities, "\x00"), i.Organisation, i.Citizen, i.Emergency, i.Purpose,
		i.Relationship, i.Objection}, nil
}

func plausible(text string) bool { return len(text) <= longestText && utf8.ValidString(text) }

// document is the input as rules see it; schema/input.json describes it. Every member is always there, and empty where
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
		member("person", ast.ObjectTerm(member("objection", ast.StringTerm(i.Objection)))),
		member("emergency", ast.BooleanTerm(i.Emergency)),
	)
}

func member(name string, value *ast.Term) [2]*ast.Term {
	return [2]*ast.Term{ast.StringTerm(name), value}
}
