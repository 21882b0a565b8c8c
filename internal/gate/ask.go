package gate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/policy"
)

// Ask answers questions about any number of people: one answer per question, in order. Each source is asked for
// everybody's records together. Ask fails as a whole, with one of the package's errors or the context's, and then
// nothing has been released.
func (g *Gate) Ask(ctx context.Context, caller auth.Caller, questions []Question) ([]Answer, error) {
	if caller.IsZero() {
		return nil, ErrUnauthenticated
	}
	started := g.parts.Now()
	inquiries, err := g.settle(ctx, caller, questions, started)
	if err != nil {
		return nil, g.fail(ctx, caller, questions, started, err)
	}
	answers, err := g.record(ctx, inquiries)
	if err != nil {
		return nil, err
	}
	return answers, g.pace(ctx, started, answers)
}

// settle takes questions as far as their final decisions; nothing has left the gate yet.
func (g *Gate) settle(ctx context.Context, caller auth.Caller, questions []Question, started time.Time) ([]*inquiry, error) {
	if !knownPurpose(policy.Purpose(caller.Purpose)) {
		return nil, ErrPurpose
	}
	asking, cancel := context.WithTimeout(ctx, leave(ctx, g.parts.Deadline))
	defer cancel()
	inquiries, err := g.open(asking, caller, questions, started)
	if err != nil {
		return nil, err
	}
	g.fetch(asking, inquiries)
	for _, inquiry := range inquiries {
		if err := inquiry.confirm(asking); err != nil {
			return nil, err
		}
	}
	return inquiries, nil
}

func knownPurpose(purpose policy.Purpose) bool { return slices.Contains(policy.Purposes(), purpose) }

// open takes every question as far as its first decision. Where the index shows no relationship, the sources are asked
// for one.
func (g *Gate) open(ctx context.Context, caller auth.Caller, questions []Question, started time.Time) ([]*inquiry, error) {
	if err := g.await(ctx, questions); err != nil {
		return nil, err
	}
	inquiries, rules := make([]*inquiry, len(questions)), g.parts.Policy()
	for i := range questions {
		inquiry, err := g.inquire(ctx, rules, caller, &questions[i], started)
		if err != nil {
			return nil, err
		}
		inquiries[i] = inquiry
	}
	if err := g.seekRelationships(ctx, inquiries); err != nil {
		return nil, err
	}
	for _, inquiry := range inquiries {
		if err := inquiry.decide(ctx); err != nil {
			return nil, err
		}
		if err := inquiry.plan(); err != nil {
			return nil, err
		}
	}
	return inquiries, nil
}

// record writes the ledger entries and only then returns the answers.
func (g *Gate) record(ctx context.Context, inquiries []*inquiry) ([]Answer, error) {
	answers := make([]Answer, len(inquiries))
	entries := make([]audit.Entry, len(inquiries))
	for i, inquiry := range inquiries {
		answers[i] = inquiry.answer()
		entries[i] = inquiry.entry(answers[i].Person)
	}
	receipts, err := g.parts.Ledger.Append(ctx, entries...)
	if err != nil {
		if ctxErr := ctx.Err(); ctxErr != nil && !errors.Is(err, audit.ErrUnavailable) {
			return nil, ctxErr
		}
		return nil, fmt.Errorf("%w: %w", ErrLedger, err)
	}
	if len(receipts) != len(answers) {
		return nil, fmt.Errorf("%w: %d receipts for %d entries", ErrLedger, len(receipts), len(answers))
	}
	for i := range answers {
		if answers[i].Person != nil {
			answers[i].Person.Receipt.LedgerSequence = receipts[i].Sequence
		}
	}
	return answers, nil
}

// pace delays an answer that shows nobody until the next beat, so that its timing does not reveal the reason.
func (g *Gate) pace(ctx context.Context, started time.Time, answers []Answer) error {
	shown := true
	for i := range answers {
		shown = shown && answers[i].Person != nil
	}
	if shown {
		return nil
	}
	return g.beat(ctx, started)
}

// beat waits until a whole multiple of the pace has passed since started.
func (g *Gate) beat(ctx context.Context, started time.Time) error {
	elapsed := g.parts.Now().Sub(started)
	timer := time.NewTimer(g.parts.Pace - elapsed%g.parts.Pace)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
