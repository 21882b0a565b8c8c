package resolvers

import (
	"context"

	"onelondon/graph"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// mutation resolves the mutations.
type mutation struct{ *Resolver }

// chosen is the result of a choice.
type chosen struct {
	revision int
	mine     *gate.MyRecord
}

// choose records a choice: of the caller if no person is named, of a person they act for, or by staff on somebody's
// word.
func (m mutation) choose(
	ctx context.Context, person *clinical.NHSNumber, onBehalf *gate.OnBehalfInput, choice gate.Choice,
) (*chosen, error) {
	caller := auth.CallerFrom(ctx)
	if onBehalf != nil {
		mine, revision, err := m.gate.ChooseFor(ctx, caller, given(person), choice, *onBehalf)
		if err != nil {
			return nil, err
		}
		return &chosen{revision: int(revision), mine: mine}, nil
	}
	mine, err := m.gate.MyRecord(ctx, caller, given(person))
	if err != nil {
		return nil, err
	}
	revision, err := m.gate.Choose(ctx, caller, mine.NHSNumber, choice)
	if err != nil {
		return nil, err
	}
	return &chosen{revision: int(revision), mine: mine}, nil
}

// SetPreference allows or denies a category to somebody.
func (m mutation) SetPreference(ctx context.Context, input graph.SetPreferenceInput) (*graph.SetPreferencePayload, error) {
	done, err := m.choose(ctx, input.NhsNumber, input.OnBehalf, gate.Prefer(given(input.Preference)))
	if err != nil {
		return nil, err
	}
	return &graph.SetPreferencePayload{ConsentRevision: done.revision, MyRecord: done.mine}, nil
}

// WithdrawPreference withdraws the decision for one category and party.
func (m mutation) WithdrawPreference(
	ctx context.Context, input graph.WithdrawPreferenceInput,
) (*graph.WithdrawPreferencePayload, error) {
	done, err := m.choose(ctx, input.NhsNumber, input.OnBehalf, gate.TakeBack(given(input.Category), given(input.Party)))
	if err != nil {
		return nil, err
	}
	return &graph.WithdrawPreferencePayload{ConsentRevision: done.revision, MyRecord: done.mine}, nil
}

// ObjectToSharing records an objection to the shared record, or its withdrawal.
func (m mutation) ObjectToSharing(ctx context.Context, input graph.ObjectToSharingInput) (*graph.ObjectToSharingPayload, error) {
	done, err := m.choose(ctx, input.NhsNumber, input.OnBehalf, gate.Object(input.Objects, given(input.Reason)))
	if err != nil {
		return nil, err
	}
	return &graph.ObjectToSharingPayload{ConsentRevision: done.revision, MyRecord: done.mine}, nil
}

// OptOut records a decision about uses beyond the person's own care in London.
func (m mutation) OptOut(ctx context.Context, input graph.OptOutInput) (*graph.OptOutPayload, error) {
	done, err := m.choose(ctx, input.NhsNumber, input.OnBehalf, gate.OptOutInLondon(input.OptedOut))
	if err != nil {
		return nil, err
	}
	return &graph.OptOutPayload{ConsentRevision: done.revision, MyRecord: done.mine}, nil
}

// AskToBeTold records whether a person wants to be told of every access.
func (m mutation) AskToBeTold(ctx context.Context, input graph.AskToBeToldInput) (*graph.AskToBeToldPayload, error) {
	done, err := m.choose(ctx, input.NhsNumber, input.OnBehalf, gate.BeTold(input.Told))
	if err != nil {
		return nil, err
	}
	return &graph.AskToBeToldPayload{ConsentRevision: done.revision, MyRecord: done.mine}, nil
}

// BreakGlass opens, for a limited time, what a person has closed.
func (m mutation) BreakGlass(ctx context.Context, input graph.BreakGlassInput) (*graph.BreakGlassPayload, error) {
	if input.Minutes != nil && *input.Minutes < 1 {
		return nil, refuse("minutes is a number from 1")
	}
	grant, err := m.gate.BreakGlass(ctx, auth.CallerFrom(ctx), input.NhsNumber, input.Reason, given(input.Minutes))
	if err != nil {
		return nil, err
	}
	return &graph.BreakGlassPayload{Grant: grant.Text, Until: grant.Until, Words: grant.Words,
		LedgerSequence: int(grant.Sequence)}, nil
}

// ReviewAlert records the result of reviewing an access.
func (m mutation) ReviewAlert(ctx context.Context, input graph.ReviewAlertInput) (*graph.ReviewAlertPayload, error) {
	if input.Sequence < 1 {
		return nil, refuse("sequence is a number from 1")
	}
	review, access, err := m.gate.ReviewAlert(ctx, auth.CallerFrom(ctx), uint64(input.Sequence), input.Finding)
	if err != nil {
		return nil, err
	}
	return &graph.ReviewAlertPayload{Review: &review, Access: &access}, nil
}
