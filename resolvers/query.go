package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"onelondon/graph/view"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// query answers the root fields.
type query struct{ *Resolver }

// Patient finds its part of what the operation asked. Its arguments were read ahead; they arrive here only to be checked
// by whoever executes.
func (q query) Patient(
	ctx context.Context, _ clinical.NHSNumber, _, _ *string, _ *int,
) (*view.Patient, error) {
	gathered := q.gathered(ctx)
	found := gathered.find(responseKey(ctx))
	if found.err == nil && found.patient == nil {
		gathered.remark(ctx)
	}
	return found.patient, found.err
}

// responseKey is the name under which the field being answered stands in the answer.
func responseKey(ctx context.Context) string { return graphql.GetFieldContext(ctx).Field.Alias }

// Sources lists the catalogue.
func (q query) Sources(ctx context.Context) ([]*gate.SourceInfo, error) {
	infos, err := q.gate.Catalogue(ctx, auth.CallerFrom(ctx))
	if err != nil {
		return nil, err
	}
	sources := make([]*gate.SourceInfo, len(infos))
	for i := range infos {
		sources[i] = &infos[i]
	}
	return sources, nil
}

// source answers what the catalogue knows of a source.
type source struct{}

// Organisation is the organisation that a source belongs to, nil where it holds many.
func (source) Organisation(_ context.Context, info *gate.SourceInfo) (*clinical.Organisation, error) {
	if info.Organisation.Code == "" {
		return nil, nil
	}
	return &info.Organisation, nil
}
