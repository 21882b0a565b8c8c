package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"onelondon/graph/view"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// query resolves the queries.
type query struct{ *Resolver }

// Patient finds its part of the operation's answer. Its arguments have been read ahead; they are passed here only
// because the executor's interface has them.
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

// responseKey is the name of the field being resolved in the answer.
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

// source resolves the fields of Source.
type source struct{}

// Organisation is the organisation that a source belongs to; nil if it holds many.
func (source) Organisation(_ context.Context, info *gate.SourceInfo) (*clinical.Organisation, error) {
	if info.Organisation.Code == "" {
		return nil, nil
	}
	return &info.Organisation, nil
}
