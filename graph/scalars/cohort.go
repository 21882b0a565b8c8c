package scalars

import (
	"github.com/99designs/gqlgen/graphql"

	"onelondon/graph/refusal"
	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/gate/study"
)

// MarshalDay writes a civil day.
func MarshalDay(v clinical.Day) graphql.Marshaler { return quoted(v.String()) }

// UnmarshalDay reads a civil day.
func UnmarshalDay(v any) (clinical.Day, error) {
	text, _ := v.(string)
	day, err := clinical.ParseDay(text)
	if err != nil {
		return 0, refusal.New(refusal.BadRequest, clinical.ErrDay.Error())
	}
	return day, nil
}

// MarshalCohortMoment writes a day or a distance from the day of the question.
func MarshalCohortMoment(v cohort.Moment) graphql.Marshaler { return quoted(v.String()) }

// UnmarshalCohortMoment reads a day or a distance from the day of the question.
func UnmarshalCohortMoment(v any) (cohort.Moment, error) {
	text, _ := v.(string)
	moment, err := cohort.ParseMoment(text)
	if err != nil {
		return cohort.Moment{}, refusal.New(refusal.BadRequest, cohort.ErrMoment.Error())
	}
	return moment, nil
}

// MarshalCohortPick writes which events are taken.
func MarshalCohortPick(v cohort.Pick) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalCohortPick reads which events are taken.
func UnmarshalCohortPick(v any) (cohort.Pick, error) { return enum(v, "CohortPick", cohort.Picks()) }

// MarshalCohortAnchor writes an end of an event.
func MarshalCohortAnchor(v cohort.Anchor) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalCohortAnchor reads an end of an event.
func UnmarshalCohortAnchor(v any) (cohort.Anchor, error) {
	return enum(v, "CohortAnchor", cohort.Anchors())
}

// MarshalCohortMeasureKind writes what a measure counts.
func MarshalCohortMeasureKind(v cohort.MeasureKind) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalCohortMeasureKind reads what a measure counts.
func UnmarshalCohortMeasureKind(v any) (cohort.MeasureKind, error) {
	return enum(v, "CohortMeasureKind", cohort.MeasureKinds())
}

// MarshalCohortDimensionKind writes by what people are broken down.
func MarshalCohortDimensionKind(v cohort.DimensionKind) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalCohortDimensionKind reads by what people are broken down.
func UnmarshalCohortDimensionKind(v any) (cohort.DimensionKind, error) {
	return enum(v, "CohortDimensionKind", cohort.DimensionKinds())
}

// MarshalCohortState writes how far a question is.
func MarshalCohortState(v study.State) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalCohortState reads how far a question is.
func UnmarshalCohortState(v any) (study.State, error) { return enum(v, "CohortState", study.States()) }

// MarshalCohortSourceState writes how far a source is.
func MarshalCohortSourceState(v study.SourceState) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalCohortSourceState reads how far a source is.
func UnmarshalCohortSourceState(v any) (study.SourceState, error) {
	return enum(v, "CohortSourceState", study.SourceStates())
}
