package study

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/disclosure"
	"onelondon/internal/gate"
	"onelondon/policy"
)

// bound is what the policy binds an answer to besides permitting the question.
type bound struct {
	rules disclosure.Rules
	basis string // who and what is left out
}

func boundOf(decision *policy.StudyDecision) bound {
	if decision == nil {
		return bound{}
	}
	without := slices.Clone(decision.Without)
	slices.Sort(without)
	return bound{rules: disclosure.Rules(decision.Disclosure), basis: fmt.Sprintf("%s; people %v; records %v", decision.Identifiability,
		decision.Exclusions, without)}
}

// renew asks the policy in force again about a question that is on its way. It returns why the question is no longer permitted.
func (s *Studies) renew(ctx context.Context, q *question) (*Refusal, error) {
	now := *q
	now.policy = s.parts.Policy()
	decision, err := s.decide(ctx, &now)
	if err != nil {
		return nil, err
	}
	if !decision.Permitted {
		return s.refused(ctx, &now, decision), nil
	}
	q.policy, q.decision = now.policy, decision
	return nil, nil
}

// shown is how far a run is for somebody who asks now. Whether they may know is asked of the policy in force every time: an answer
// that was permitted when it was counted may be theirs no longer, or may have been protected by other numbers.
func (s *Studies) shown(ctx context.Context, caller auth.Caller, r *running) (*Run, error) {
	run, protected := r.picture(), r.protectedBy()
	q := &question{caller: caller, project: r.project, asked: r.asked, digest: r.digest}
	refusal, err := s.renew(ctx, q)
	switch {
	case err != nil:
		return nil, err
	case refusal == nil && run.State == Answered:
		refusal = boundOf(q.decision).refuses(protected)
	}
	if refusal == nil || run.State == Refused && !outside(refusal.Reasons) {
		return run, nil
	}
	if run.State == Answered {
		if err := s.noteReading(ctx, caller, s.parts.Policy(), gate.ReadStudyAnswers, audit.OutcomeRefused, refusal.Reasons); err != nil {
			return nil, err
		}
	}
	return &Run{ID: run.ID, State: Refused, Fraction: run.Fraction, Refusal: refusal, Expires: run.Expires}, nil
}

// refuses says why an answer that was protected by something else is not given again; nil where it was not.
func (b bound) refuses(protected bound) *Refusal {
	if err := b.rules.Gives(protected.rules, b.basis == protected.basis); err != nil {
		return refusalOf(err)
	}
	return nil
}

// protectedBy is what the run's answer was bound to.
func (r *running) protectedBy() bound {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bound
}

// Told is an answer that a project got.
type Told struct {
	*cohort.Answer        // without figures where Withheld is set
	Withheld       string // why it is not given again, in sentences
}

// Told lists what a project was told, newest first, for its own people. Each answer passes the policy in force: one whose question the
// project may no longer ask, or that was protected by other numbers, is there without its figures. That it was read is in the ledger
// before it is returned.
func (s *Studies) Told(ctx context.Context, caller auth.Caller, project string) ([]Told, error) {
	member, err := s.member(ctx, caller, project, gate.ReadStudyAnswers)
	if err != nil {
		return nil, err
	}
	book, err := s.book(ctx, project)
	if err != nil {
		return nil, err
	}
	bound := boundOf(member.decision)
	answers, err := book.Answers(ctx, bound.rules, bound.basis)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBook, err)
	}
	all := make([]Told, len(answers))
	for i := range answers {
		if all[i], err = s.toldNow(ctx, *member, Told(answers[i])); err != nil {
			return nil, err
		}
	}
	if err := s.noteReading(ctx, caller, member.policy, gate.ReadStudyAnswers, audit.OutcomeReleased, member.decision.Reasons); err != nil {
		return nil, err
	}
	return all, nil
}

// toldNow drops the figures of an answer to a question that the project may no longer ask.
func (s *Studies) toldNow(ctx context.Context, q question, told Told) (Told, error) {
	q.asked = &told.Definition
	decision, err := s.decide(ctx, &q)
	if err != nil || decision.Permitted {
		return told, err
	}
	bare := *told.Answer
	bare.Result = cohort.Result{}
	return Told{Answer: &bare, Withheld: s.refused(ctx, &q, decision).Words}, nil
}

// member makes sure that somebody may read and write what is the project's own, and is a question about nothing.
func (s *Studies) member(ctx context.Context, caller auth.Caller, project, action string) (*question, error) {
	switch {
	case caller.IsZero():
		return nil, gate.ErrUnauthenticated
	case caller.Purpose == "":
		return nil, gate.ErrPurpose
	}
	q := &question{caller: caller, project: project, asked: &cohort.Definition{}, policy: s.parts.Policy()}
	var err error
	if q.decision, err = s.decide(ctx, q); err != nil {
		return nil, err
	}
	if !q.decision.Permitted {
		return nil, errors.Join(gate.ErrNotPermitted, s.noteReading(ctx, caller, q.policy, action, audit.OutcomeRefused, q.decision.Reasons))
	}
	return q, nil
}
