package resolvers

import (
	"context"

	"onelondon/graph/view"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// ChoicesOf is what a person decided, for an overseer.
func (q query) ChoicesOf(ctx context.Context, person clinical.NHSNumber) (*gate.Choices, error) {
	return q.gate.ChoicesOf(ctx, auth.CallerFrom(ctx), person)
}

// Alerts lists accesses that need a review, or that have had one.
func (q query) Alerts(ctx context.Context, reviewed bool, first int, after *string) (*view.AccessConnection, error) {
	paging, err := pagingOf(first, after)
	if err != nil {
		return nil, err
	}
	page, err := q.gate.Alerts(ctx, auth.CallerFrom(ctx), reviewed, paging)
	return connectionOf(page, err)
}

// Accesses lists the ledger of one person, user or organisation.
func (q query) Accesses(ctx context.Context, of gate.AccessesOf, first int, after *string) (*view.AccessConnection, error) {
	paging, err := pagingOf(first, after)
	if err != nil {
		return nil, err
	}
	page, err := q.gate.Accesses(ctx, auth.CallerFrom(ctx), of, paging)
	return connectionOf(page, err)
}

// Policy describes the policy in force.
func (q query) Policy(ctx context.Context) (*gate.PolicyInForce, error) {
	return q.gate.Rules(ctx, auth.CallerFrom(ctx))
}
