package gate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
)

// Reasons for which a question can fail before the policy decides. The ledger records them beside the policy's own
// reasons, because failures are audited like everything else (DOMAIN.md 2.9).
const (
	failedPurpose    = "no_purpose_of_use"
	failedGrant      = "grant_does_not_hold"
	failedCursor     = "cursor_does_not_hold"
	failedRevision   = "register_behind"
	failedPolicy     = "policy_unavailable"
	failedConsent    = "register_unavailable"
	failedReason     = "reason_too_short_or_long"
	failedPreference = "not_a_preference"
	failedObjection  = "no_objection"
	failedAlert      = "no_such_alert"
	failedHandedOn   = "may_not_be_handed_on"
	failedOtherwise  = "interrupted"
)

// failure maps an error to its reason. Known is false if the error is about the ledger itself, or is already in the
// ledger.
func failure(err error) (reason string, known bool) {
	if errors.Is(err, ErrLedger) || errors.Is(err, ErrNotPermitted) {
		return "", false
	}
	for _, each := range []struct {
		err    error
		reason string
	}{
		{ErrPurpose, failedPurpose}, {ErrGrant, failedGrant}, {ErrCursor, failedCursor}, {ErrRevision, failedRevision},
		{ErrPolicy, failedPolicy}, {ErrConsent, failedConsent}, {ErrReason, failedReason}, {ErrPreference, failedPreference},
		{ErrAlert, failedAlert}, {ErrHandedOn, failedHandedOn},
		{ErrObjection, failedObjection},
	} {
		if errors.Is(err, each.err) {
			return each.reason, true
		}
	}
	return failedOtherwise, true
}

// failureInWords explains such a reason in plain words; it returns "" for a reason of the policy.
func failureInWords(reason string) string {
	switch reason {
	case failedPurpose:
		return "No purpose was given."
	case failedGrant:
		return "The emergency grant was not for this caller and person, or had run out."
	case failedCursor:
		return "The cursor was not for this caller and question."
	case failedRevision:
		return "What people decided had not all arrived yet, and the caller would not do without."
	case failedPolicy:
		return "There was no policy to decide by."
	case failedConsent:
		return "What people decided could not be read or written."
	case failedReason:
		return "What was typed says next to nothing, or is too long."
	case failedPreference:
		return "Nobody can decide so."
	case failedObjection:
		return "There was no objection to decide about."
	case failedAlert:
		return "There was no such access to review."
	case failedHandedOn:
		return "It was handed on by another OneLondon that may not speak for this caller here."
	case failedOtherwise:
		return "It was broken off."
	}
	return ""
}

// fail records that each question released nothing, and why, and returns the cause.
func (g *Gate) fail(ctx context.Context, caller auth.Caller, questions []Question, started time.Time, cause error) error {
	reason, known := failure(cause)
	if !known {
		return cause
	}
	entries := make([]audit.Entry, len(questions))
	for i := range questions {
		entries[i] = audit.Entry{Time: started, RequestID: caller.RequestID, Caller: ledgerCaller(caller), Purpose: caller.Purpose,
			Person: g.current(questions[i].Person), Outcome: audit.OutcomeRefused, Reasons: []string{reason},
			ClaimedReason: shortened(Typed(questions[i].ClaimedRelationship)), Automated: caller.Automated}
	}
	return g.keep(ctx, cause, entries...)
}

// fail records that the act failed, and why, and returns the cause.
func (a *act) fail(ctx context.Context, cause error) error {
	reason, known := failure(cause)
	if !known {
		return cause
	}
	entry := a.entry()
	entry.Outcome, entry.Reasons = audit.OutcomeRefused, []string{reason}
	return a.gate.keep(ctx, cause, entry)
}

// keep writes entries even if the caller has gone away, and returns the cause.
func (g *Gate) keep(ctx context.Context, cause error, entries ...audit.Entry) error {
	writing, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.parts.Deadline)
	defer cancel()
	if _, err := g.parts.Ledger.Append(writing, entries...); err != nil {
		return fmt.Errorf("%w: %w", ErrLedger, err)
	}
	return cause
}

func ledgerCaller(caller auth.Caller) audit.Caller {
	return audit.Caller{ID: caller.ID, Name: caller.Name, Role: caller.Role, Organisation: caller.Organisation,
		Via: strings.Join(caller.Via, "/")}
}
