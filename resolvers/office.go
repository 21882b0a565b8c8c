package resolvers

import (
	"context"
	"time"

	"onelondon/graph"
	"onelondon/internal/auth"
	"onelondon/internal/gate"
)

// DecideObjection decides whether an objection is upheld.
func (m mutation) DecideObjection(ctx context.Context, input graph.DecideObjectionInput) (*graph.DecideObjectionPayload, error) {
	found, err := m.gate.DecideObjection(ctx, auth.CallerFrom(ctx), input.NhsNumber, input.Decision, given(input.Reason))
	if err != nil {
		return nil, err
	}
	return &graph.DecideObjectionPayload{ConsentRevision: int(found.Revision), MyRecord: found.Mine}, nil
}

// RecordCapacity records what was found of a person's capacity.
func (m mutation) RecordCapacity(ctx context.Context, input graph.RecordCapacityInput) (*graph.RecordCapacityPayload, error) {
	found, err := m.gate.RecordCapacity(ctx, auth.CallerFrom(ctx), input.NhsNumber, gate.CapacityInput{Finding: input.Finding,
		OfficeInput: byOffice(&input.Reason, input.Evidence, input.From, input.Until)})
	if err != nil {
		return nil, err
	}
	return &graph.RecordCapacityPayload{ConsentRevision: int(found.Revision), InForce: found.InForce, MyRecord: found.Mine}, nil
}

// AppointProxy records that somebody may act for a person.
func (m mutation) AppointProxy(ctx context.Context, input graph.AppointProxyInput) (*graph.AppointProxyPayload, error) {
	found, err := m.gate.AppointProxy(ctx, auth.CallerFrom(ctx), input.NhsNumber, gate.ProxyInput{Proxy: input.Proxy, Name: input.Name,
		As: input.Authority, OfficeInput: byOffice(&input.Reason, input.Evidence, input.From, input.Until)})
	if err != nil {
		return nil, err
	}
	return &graph.AppointProxyPayload{ConsentRevision: int(found.Revision), InForce: found.InForce, MyRecord: found.Mine}, nil
}

// EndProxy ends what somebody may do, for the person who signed in or by staff.
func (m mutation) EndProxy(ctx context.Context, input graph.EndProxyInput) (*graph.EndProxyPayload, error) {
	found, err := m.endProxy(ctx, &input)
	if err != nil {
		return nil, err
	}
	return &graph.EndProxyPayload{ConsentRevision: int(found.Revision), MyRecord: found.Mine}, nil
}

func (m mutation) endProxy(ctx context.Context, input *graph.EndProxyInput) (*gate.Found, error) {
	switch caller := auth.CallerFrom(ctx); {
	case input.Appointment != nil && input.NhsNumber == nil && input.Proxy == nil && *input.Appointment > 0:
		return m.gate.EndOwnProxy(ctx, caller, uint64(*input.Appointment))
	case input.Appointment == nil && input.NhsNumber != nil && input.Proxy != nil:
		return m.gate.EndProxy(ctx, caller, *input.NhsNumber, *input.Proxy, byOffice(input.Reason, input.Evidence, nil, nil))
	}
	return nil, refuse("give appointment alone, or nhsNumber and proxy")
}

func byOffice(reason, evidence *string, from, until *time.Time) gate.OfficeInput {
	return gate.OfficeInput{Reason: given(reason), Evidence: given(evidence), From: given(from), Until: given(until)}
}
