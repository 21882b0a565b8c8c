package resolvers

import (
	"context"

	"onelondon/graph/view"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// MyRecord resolves the citizen's view: choices about the record, and who has looked at it.
func (q query) MyRecord(ctx context.Context, person *clinical.NHSNumber) (*gate.MyRecord, error) {
	return q.gate.MyRecord(ctx, auth.CallerFrom(ctx), given(person))
}

// given returns an argument's value, or the zero value if it was omitted.
func given[T any](value *T) T {
	if value == nil {
		var none T
		return none
	}
	return *value
}

// myRecord resolves the fields of MyRecord.
type myRecord struct{ *Resolver }

// Choices resolves what the person decided.
func (r myRecord) Choices(ctx context.Context, mine *gate.MyRecord) (*gate.Choices, error) {
	return r.gate.Choices(ctx, auth.CallerFrom(ctx), mine.NHSNumber)
}

// PreviewPreference resolves what a preference would change.
func (r myRecord) PreviewPreference(
	ctx context.Context, mine *gate.MyRecord, preference gate.PreferenceInput,
) (*gate.PreferencePreview, error) {
	return r.gate.PreviewPreference(ctx, auth.CallerFrom(ctx), mine.NHSNumber, preference)
}

// Accesses resolves who has looked at the record.
func (r myRecord) Accesses(ctx context.Context, mine *gate.MyRecord, first int, after *string) (*view.AccessConnection, error) {
	paging, err := pagingOf(first, after)
	if err != nil {
		return nil, err
	}
	page, err := r.gate.OwnAccesses(ctx, auth.CallerFrom(ctx), mine.NHSNumber, paging)
	return connectionOf(page, err)
}

func pagingOf(first int, after *string) (gate.Paging, error) {
	if first < 1 || first > largestPage {
		return gate.Paging{}, refuse("first is a number from 1 to 200")
	}
	return gate.Paging{First: first, After: given(after)}, nil
}

func connectionOf(page *gate.AccessPage, err error) (*view.AccessConnection, error) {
	if err != nil {
		return nil, err
	}
	return &view.AccessConnection{Page: page}, nil
}
