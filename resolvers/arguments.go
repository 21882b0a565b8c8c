package resolvers

import (
	"maps"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"onelondon/graph/refusal"
	"onelondon/graph/scalars"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// largestPage is the maximum number of items on a page.
const largestPage = 200

// question turns the arguments beneath one root field into a question to the gate.
func (s *patientShape) question(variables map[string]any) (gate.Question, error) {
	person, err := read(s.field, "nhsNumber", variables, scalars.UnmarshalNHSNumber)
	if err != nil {
		return gate.Question{}, at(err, s.key)
	}
	claim, err := read(s.field, "claimedRelationship", variables, scalars.UnmarshalText)
	if err != nil {
		return gate.Question{}, at(err, s.key)
	}
	grant, err := read(s.field, "emergencyGrant", variables, scalars.UnmarshalEmergencyGrant)
	if err != nil {
		return gate.Question{}, at(err, s.key)
	}
	revision, err := read(s.field, "minConsentRevision", variables, scalars.UnmarshalRevision)
	if err != nil {
		return gate.Question{}, at(err, s.key)
	}
	question := gate.Question{Person: person, ClaimedRelationship: string(claim), EmergencyGrant: grant,
		MinConsentRevision: revision, Identity: s.identity, Lists: make([]gate.List, len(s.lists)),
		UrgentCare: slices.Clone(s.views)}
	for i := range s.lists {
		if question.Lists[i], err = s.lists[i].list(variables); err != nil {
			return gate.Question{}, at(err, s.key, s.lists[i].key)
		}
	}
	return question, nil
}

// read reads one argument of a field. An omitted argument has the schema's default, or is nil. A number too large to
// represent is an error here; gqlparser's ArgumentMap would panic.
func read[T any](field *ast.Field, name string, variables map[string]any, unmarshal func(any) (T, error)) (T, error) {
	given := field.Definition.Arguments.ForName(name).DefaultValue
	if argument := field.Arguments.ForName(name); argument != nil {
		value, named := argument.Value, argument.Value.Kind == ast.Variable
		if _, known := variables[value.Raw]; !named || known {
			given = value
		}
	}
	var value any
	if given != nil {
		var err error
		if value, err = given.Value(variables); err != nil {
			var none T
			return none, refuse(name + " is out of range")
		}
	}
	return unmarshal(value)
}

// at gives an error its path in the answer.
func at(err error, keys ...string) error {
	path := make(ast.Path, len(keys))
	for i, key := range keys {
		path[i] = ast.PathName(key)
	}
	return gqlerror.WrapPath(path, err)
}

// list reads the arguments of one list.
func (s *listShape) list(variables map[string]any) (gate.List, error) {
	if s.urgent {
		return gate.List{Kinds: s.kinds, Fields: maps.Clone(s.fields), First: gate.MostUrgent, OfPlan: s.kinds[0] != clinical.KindUrgentCarePlan}, nil
	}
	first, err := read(s.field, "first", variables, graphql.UnmarshalInt)
	if err != nil || first < 1 || first > largestPage {
		return gate.List{}, refuse("first is a number from 1 to 200")
	}
	after, err := read(s.field, "after", variables, scalars.UnmarshalCursor)
	if err != nil {
		return gate.List{}, err
	}
	filter, err := read(s.field, "filter", variables, readFilter)
	if err != nil {
		return gate.List{}, err
	}
	kinds := s.kinds
	if kinds == nil {
		if kinds, err = read(s.field, "kinds", variables, readKinds); err != nil {
			return gate.List{}, err
		}
	}
	// Shapes are cached and shared by later requests, so the gate gets its own map.
	return gate.List{Kinds: kinds, Fields: maps.Clone(s.fields), Filter: filter, First: first, After: after}, nil
}

func refuse(message string) error {
	return refusal.New(refusal.BadRequest, message)
}

func readKinds(value any) ([]clinical.Kind, error) {
	if value == nil {
		return clinical.Kinds(), nil
	}
	kinds, err := readList(value, "kinds", scalars.UnmarshalRecordKind)
	if err != nil {
		return nil, err
	}
	seen := map[clinical.Kind]bool{}
	once := kinds[:0]
	for _, kind := range kinds {
		if !seen[kind] {
			seen[kind] = true
			once = append(once, kind)
		}
	}
	return once, nil
}

func readFilter(value any) (filter gate.Filter, err error) {
	if value == nil {
		return gate.Filter{}, nil
	}
	given, ok := value.(map[string]any)
	if !ok {
		return gate.Filter{}, refuse("filter is not a RecordFilter")
	}
	if filter.Codes, err = readList(given["codes"], "codes", readCode); err != nil {
		return gate.Filter{}, err
	}
	if filter.Statuses, err = readList(given["status"], "status", scalars.UnmarshalRecordStatus); err != nil {
		return gate.Filter{}, err
	}
	if filter.From, err = scalars.UnmarshalPartialDateTime(given["from"]); err != nil {
		return gate.Filter{}, err
	}
	filter.Until, err = scalars.UnmarshalPartialDateTime(given["until"])
	return filter, err
}

func readCode(value any) (gate.Code, error) {
	given, ok := value.(map[string]any)
	if !ok {
		return gate.Code{}, refuse("codes is not a list of CodeFilter")
	}
	system, err := scalars.UnmarshalCodeSystem(given["system"])
	if err != nil {
		return gate.Code{}, err
	}
	code, err := scalars.UnmarshalText(given["code"])
	if err != nil || code == "" {
		return gate.Code{}, refuse("a CodeFilter needs a code")
	}
	return gate.Code{System: system, Code: code}, nil
}

// readList reads a list argument; a single value counts as a list of one. An explicitly empty list is refused:
// literally it asks for nothing, but it is more likely a mistake by which everything would be shown.
func readList[T any](value any, name string, read func(any) (T, error)) ([]T, error) {
	if value == nil {
		return nil, nil
	}
	given, ok := value.([]any)
	if !ok {
		given = []any{value}
	}
	if len(given) == 0 {
		return nil, refuse(name + " is empty; leave it out to narrow nothing")
	}
	all := make([]T, len(given))
	for i, item := range given {
		if item == nil {
			return nil, refuse(name + " holds a null")
		}
		var err error
		if all[i], err = read(item); err != nil {
			return nil, err
		}
	}
	return all, nil
}
