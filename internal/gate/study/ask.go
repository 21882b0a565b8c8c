package study

import (
	"context"
	"errors"
	"fmt"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/codelist"
	"onelondon/internal/cohort/engine"
	"onelondon/internal/gate"
)

// Start puts a question in a project and returns at once, with a run that is refused, answered already, or under way. Where the
// analyst's same question is under way already, it is that run; where it was cut short, it goes on from what sources answered.
func (s *Studies) Start(ctx context.Context, caller auth.Caller, project string, definition cohort.Definition) (*Run, error) {
	r, err := s.start(ctx, caller, project, definition)
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, caller, r)
}

// Ask puts a question and waits for what comes of it. A context that ends does not end the question: Start finds it again.
func (s *Studies) Ask(ctx context.Context, caller auth.Caller, project string, definition cohort.Definition) (*Run, error) {
	r, err := s.start(ctx, caller, project, definition)
	if err != nil {
		return nil, err
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	run, err := s.shown(ctx, caller, r)
	if err != nil {
		return nil, err
	}
	return run, run.Fault
}

func (s *Studies) start(ctx context.Context, caller auth.Caller, project string, definition cohort.Definition) (*running, error) {
	q, err := s.question(caller, project, definition)
	if err != nil {
		return nil, err
	}
	if q.decision, err = s.decide(ctx, q); err != nil {
		return nil, errors.Join(err, s.note(ctx, q, audit.OutcomeRefused, nil, codeOf(err)))
	}
	if !q.decision.Permitted {
		refusal := s.refused(ctx, q, q.decision)
		if err := s.note(ctx, q, audit.OutcomeRefused, nil, refusal.Reasons...); err != nil {
			return nil, err
		}
		return s.over(q, Run{State: Refused, Refusal: refusal}), nil
	}
	return s.begin(q)
}

// question checks what can be checked without anybody else.
func (s *Studies) question(caller auth.Caller, project string, definition cohort.Definition) (*question, error) {
	switch {
	case caller.IsZero():
		return nil, gate.ErrUnauthenticated
	case caller.Purpose == "":
		return nil, gate.ErrPurpose
	}
	q := &question{caller: caller, project: project, policy: s.parts.Policy()}
	_, err := s.fill(q, definition)
	return q, err
}

// fill checks a definition and puts it into a question, with the codes of its lists; it tells which these are.
func (s *Studies) fill(q *question, definition cohort.Definition) ([]codelist.Used, error) {
	definition.Title = gate.Typed(definition.Title) // it is published
	if err := definition.Check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDefinition, err)
	}
	resolved, used, err := codelist.Resolve(&definition, s.parts.Codelists)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDefinition, err)
	}
	q.asked, q.definition, q.digest, q.words = &definition, resolved, resolved.Digest(), definition.Words()
	return used, nil
}

// begin finds the run of the same question that is under way, or makes one.
func (s *Studies) begin(q *question) (*running, error) {
	plan, err := engine.NewPlan(*q.definition, s.parts.Catalogue.Specs())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDefinition, err)
	}
	plan.AskFacts(s.parts.Catalogue.Specs())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
	under := 0
	for _, r := range s.runs {
		if r.analyst != q.caller.ID || !r.picture().Expires.IsZero() {
			continue
		}
		if under++; r.project == q.project && r.digest == q.digest {
			return r, nil
		}
	}
	if under >= mostRuns {
		return nil, ErrBusy
	}
	ctx, cancel := context.WithCancel(s.end)
	r := &running{analyst: q.caller.ID, project: q.project, digest: q.digest, asked: q.asked, cancel: cancel, done: make(chan struct{}),
		now: Run{ID: newID(), State: Waiting, Sources: s.begun(plan)}}
	s.runs[r.now.ID] = r
	s.open.Go(func() { s.carry(ctx, r, q, plan) })
	return r, nil
}

// mostRuns is how many runs one analyst may have under way or waiting.
const mostRuns = 4

// over makes a run that has ended before it began.
func (s *Studies) over(q *question, ended Run) *running {
	r := &running{analyst: q.caller.ID, project: q.project, digest: q.digest, asked: q.asked, cancel: func() {}, done: make(chan struct{}), now: ended}
	r.now.ID, r.now.Fraction, r.now.Expires = newID(), 1, s.parts.Now().Add(s.parts.Keep)
	close(r.done)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
	s.runs[r.now.ID] = r
	return r
}

// carry takes a run to its end.
func (s *Studies) carry(ctx context.Context, r *running, q *question, plan *engine.Plan) {
	defer close(r.done)
	defer r.cancel()
	ended := s.result(ctx, r, q, plan)
	r.change(func(now *Run) {
		r.bound = boundOf(q.decision)
		now.State, now.Answer, now.Refusal, now.Fault = ended.State, ended.Answer, ended.Refusal, ended.Fault
		if ended.State == Answered || ended.State == Refused {
			now.Fraction = 1
		}
		now.Expires = s.parts.Now().Add(s.parts.Keep)
	})
}

// result is what comes of a run. Whatever it is, it is in the ledger before the analyst sees it.
func (s *Studies) result(ctx context.Context, r *running, q *question, plan *engine.Plan) Run {
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	case <-ctx.Done():
		return s.ended(q, ctx.Err())
	}
	refusal, err := s.renew(ctx, q) // it may have waited for long
	var answer *cohort.Answer
	if err == nil && refusal == nil {
		answer, refusal, err = s.answer(ctx, r, q, plan)
	}
	switch {
	case err != nil:
		return s.ended(q, err)
	case refusal != nil:
		if err := s.note(s.end, q, audit.OutcomeRefused, nil, refusal.Reasons...); err != nil {
			return Run{State: Failed, Fault: err}
		}
		return Run{State: Refused, Refusal: refusal}
	}
	if err := s.note(s.end, q, audit.OutcomeReleased, answer, q.decision.Reasons...); err != nil {
		return Run{State: Failed, Fault: err}
	}
	return Run{State: Answered, Answer: answer}
}

// ended is a run that came to nothing.
func (s *Studies) ended(q *question, err error) Run {
	state := Failed
	if errors.Is(err, context.Canceled) {
		state = Cancelled
	}
	return Run{State: state, Fault: errors.Join(err, s.note(context.WithoutCancel(s.end), q, audit.OutcomeRefused, nil, codeOf(err)))}
}

// codeOf is the word for a fault in the ledger.
func codeOf(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.Is(err, gate.ErrConsent):
		return "register_unavailable"
	case errors.Is(err, gate.ErrPolicy):
		return "policy_unavailable"
	case errors.Is(err, ErrTooLarge):
		return "too_large"
	case errors.Is(err, ErrRules):
		return "rules_changed"
	}
	return "fault"
}
