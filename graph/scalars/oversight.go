package scalars

import (
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"onelondon/graph/refusal"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// MarshalAuthority writes on whose authority something is done.
func MarshalAuthority(v gate.Authority) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalAuthority reads on whose authority something is done.
func UnmarshalAuthority(v any) (gate.Authority, error) {
	return enum(v, "Authority", gate.Authorities())
}

// MarshalObjectionStanding writes where an objection stands.
func MarshalObjectionStanding(v gate.ObjectionStanding) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalObjectionStanding reads where an objection stands.
func UnmarshalObjectionStanding(v any) (gate.ObjectionStanding, error) {
	return enum(v, "ObjectionStanding", gate.ObjectionStandings())
}

// MarshalObjectionDecision writes what is decided about an objection.
func MarshalObjectionDecision(v gate.ObjectionDecision) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalObjectionDecision reads what is decided about an objection.
func UnmarshalObjectionDecision(v any) (gate.ObjectionDecision, error) {
	return enum(v, "ObjectionDecision", gate.ObjectionDecisions())
}

// MarshalCapacityFinding writes what was found of a person's capacity.
func MarshalCapacityFinding(v gate.CapacityFinding) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalCapacityFinding reads what was found of a person's capacity.
func UnmarshalCapacityFinding(v any) (gate.CapacityFinding, error) {
	return enum(v, "CapacityFinding", gate.CapacityFindings())
}

// MarshalOptOutList writes a list of opt-outs.
func MarshalOptOutList(v gate.OptOutList) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalOptOutList reads a list of opt-outs.
func UnmarshalOptOutList(v any) (gate.OptOutList, error) {
	return enum(v, "OptOutList", gate.OptOutLists())
}

// MarshalOptOutStanding writes what a list says of a person.
func MarshalOptOutStanding(v gate.OptOutStanding) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalOptOutStanding reads what a list says of a person.
func UnmarshalOptOutStanding(v any) (gate.OptOutStanding, error) {
	return enum(v, "OptOutStanding", gate.OptOutStandings())
}

// MarshalPreferenceEffect writes what a preference does.
func MarshalPreferenceEffect(v gate.Effect) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalPreferenceEffect reads what a preference does.
func UnmarshalPreferenceEffect(v any) (gate.Effect, error) {
	return enum(v, "PreferenceEffect", gate.Effects())
}

// MarshalPartyKind writes a kind of party.
func MarshalPartyKind(v gate.PartyKind) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalPartyKind reads a kind of party.
func UnmarshalPartyKind(v any) (gate.PartyKind, error) {
	return enum(v, "PartyKind", gate.PartyKinds())
}

// MarshalAccessEvent writes what an entry of the ledger is about.
func MarshalAccessEvent(v gate.AccessEvent) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalAccessEvent reads what an entry of the ledger is about.
func UnmarshalAccessEvent(v any) (gate.AccessEvent, error) {
	return enum(v, "AccessEvent", gate.AccessEvents())
}

// MarshalAccessOutcome writes how an access ended.
func MarshalAccessOutcome(v gate.AccessOutcome) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalAccessOutcome reads how an access ended.
func UnmarshalAccessOutcome(v any) (gate.AccessOutcome, error) {
	return enum(v, "AccessOutcome", gate.AccessOutcomes())
}

// MarshalSensitiveCategory writes a category, null for every category.
func MarshalSensitiveCategory(v clinical.Label) graphql.Marshaler { return quoted(CategoryName(v)) }

// UnmarshalSensitiveCategory reads a category; none is every category.
func UnmarshalSensitiveCategory(v any) (clinical.Label, error) {
	if v == nil {
		return "", nil
	}
	text, _ := v.(string)
	at := slices.IndexFunc(clinical.Categories(), func(each clinical.Label) bool { return CategoryName(each) == text })
	if at < 0 {
		return "", refusal.New(refusal.BadRequest, "not a value of SensitiveCategory")
	}
	return clinical.Categories()[at], nil
}

// CategoryName is the value of the enum SensitiveCategory that stands for a category.
func CategoryName(category clinical.Label) string { return strings.ToUpper(string(category)) }
