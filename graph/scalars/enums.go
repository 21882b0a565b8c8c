package scalars

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"onelondon/graph/refusal"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// enum reads one of values. The error names the type and never what was given.
func enum[E ~string](v any, name string, values []E) (E, error) {
	if v == nil {
		return "", nil
	}
	text, ok := v.(string)
	if !ok || !slices.Contains(values, E(text)) {
		return "", refusal.New(refusal.BadRequest, "not a value of "+name)
	}
	return E(text), nil
}

// MarshalRecordStatus writes where a record stands.
func MarshalRecordStatus(v clinical.Status) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalRecordStatus reads where a record stands.
func UnmarshalRecordStatus(v any) (clinical.Status, error) {
	return enum(v, "RecordStatus", clinical.Statuses())
}

// MarshalCodeSystem writes a terminology.
func MarshalCodeSystem(v clinical.CodeSystem) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalCodeSystem reads a terminology.
func UnmarshalCodeSystem(v any) (clinical.CodeSystem, error) {
	return enum(v, "CodeSystem", clinical.CodeSystems())
}

// MarshalEncounterClass writes the setting of an encounter.
func MarshalEncounterClass(v clinical.EncounterClass) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalEncounterClass reads the setting of an encounter.
func UnmarshalEncounterClass(v any) (clinical.EncounterClass, error) {
	return enum(v, "EncounterClass", clinical.EncounterClasses())
}

// MarshalAdministrativeGender writes an administrative gender.
func MarshalAdministrativeGender(v clinical.Gender) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalAdministrativeGender reads an administrative gender.
func UnmarshalAdministrativeGender(v any) (clinical.Gender, error) {
	return enum(v, "AdministrativeGender", clinical.Genders())
}

// MarshalSourceOutcome writes how one source did.
func MarshalSourceOutcome(v gate.Outcome) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalSourceOutcome reads how one source did.
func UnmarshalSourceOutcome(v any) (gate.Outcome, error) {
	return enum(v, "SourceOutcome", gate.Outcomes())
}

// MarshalSourceHealth writes whether a source can be asked.
func MarshalSourceHealth(v gate.Health) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalSourceHealth reads whether a source can be asked.
func UnmarshalSourceHealth(v any) (gate.Health, error) { return enum(v, "SourceHealth", Healths()) }

// Healths lists every state of health, in the order of the enum SourceHealth.
func Healths() []gate.Health { return []gate.Health{gate.Up, gate.Degraded, gate.Down} }

// MarshalWarningKind writes a kind of warning.
func MarshalWarningKind(v gate.WarningKind) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalWarningKind reads a kind of warning.
func UnmarshalWarningKind(v any) (gate.WarningKind, error) {
	return enum(v, "WarningKind", gate.WarningKinds())
}

// MarshalConflictKind writes a kind of contradiction.
func MarshalConflictKind(v gate.ConflictKind) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalConflictKind reads a kind of contradiction.
func UnmarshalConflictKind(v any) (gate.ConflictKind, error) {
	return enum(v, "ConflictKind", ConflictKinds())
}

// MarshalPlanStanding writes whether a plan holds.
func MarshalPlanStanding(v gate.PlanStanding) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalPlanStanding reads whether a plan holds.
func UnmarshalPlanStanding(v any) (gate.PlanStanding, error) {
	return enum(v, "PlanStanding", gate.PlanStandings())
}

// ConflictKinds lists every kind of contradiction, in the order of the enum ConflictKind.
func ConflictKinds() []gate.ConflictKind { return gate.ConflictKinds() }
