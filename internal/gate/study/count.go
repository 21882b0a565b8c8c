package study

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/disclosure"
	"onelondon/internal/cohort/engine"
	"onelondon/internal/condition"
	"onelondon/internal/gate"
	"onelondon/sources"
)

// answer asks the sources and protects what they say.
func (s *Studies) answer(ctx context.Context, r *running, q *question, plan *engine.Plan) (*cohort.Answer, *Refusal, error) {
	book, err := s.book(ctx, q.project)
	if err != nil {
		return nil, nil, err
	}
	bound := boundOf(q.decision)
	earlier, err := book.Again(ctx, disclosure.Repeated{Digest: q.digest, Rules: bound.rules, Basis: bound.basis, Revision: q.decision.Revision})
	if earlier != nil || err != nil {
		refusal, err := refusedByBook(err)
		return earlier, refusal, err
	}
	if err := s.listed(); err != nil {
		return nil, nil, err
	}
	key, err := s.derived(q.project, "pseudonyms")
	if err != nil {
		return nil, nil, err
	}
	who := newPeople(s.parts.Register, s.parts.Locator, key, q.decision.Exclusions)
	consented := s.parts.Register.Revision()
	outcome, err := s.count(ctx, q, who, plan, uint64(consented), s.progress(r))
	if err != nil {
		return nil, nil, err
	}
	if !slices.ContainsFunc(outcome.Sources, answered) {
		return nil, nil, ErrUnanswered
	}
	counted := q.decision.Revision
	if refusal, err := s.renew(ctx, q); refusal != nil || err != nil {
		return nil, refusal, err
	}
	if q.decision.Revision != counted {
		return nil, nil, ErrRules
	}
	return s.tell(ctx, q, book, outcome, uint64(consented))
}

// listed makes sure that every source has been listed once, so that it is known whom it has an S-flag on.
func (s *Studies) listed() error {
	for _, spec := range s.parts.Catalogue.Specs() {
		if _, known := s.parts.Locator.Listed(spec.ID); !known {
			return fmt.Errorf("%w: %s", ErrUnlisted, spec.ID)
		}
	}
	return nil
}

// count runs a plan, and counts of the same answers everybody by the facts that others commonly know of them: what the project's book
// holds the answer against. What sources answered to one that was cut short is kept.
func (s *Studies) count(
	ctx context.Context, q *question, who *people, plan *engine.Plan, consented uint64, progress func(engine.Step),
) (*engine.Outcome, error) {
	known, err := engine.NewPlan(*disclosure.Known(q.definition), s.parts.Catalogue.Specs())
	if err != nil {
		return nil, fmt.Errorf("plan what is known of people: %w", err)
	}
	revision := fmt.Sprint(q.decision.Revision, " ", consented)
	columns, place := s.take(q, revision)
	outcome, err := engine.Run(ctx, engine.Options{Plan: plan, Known: known, Catalogue: s.parts.Catalogue, Caller: sourceCaller(q), Stand: who.stand,
		Condition: func(kind clinical.Kind) condition.Condition { return q.policy.StudyRows(q.decision, kind) }, Borough: s.parts.Borough,
		Size: s.size, Revision: revision, Gathered: columns, Progress: progress, Deadline: s.parts.Deadline, MemoryLimit: s.parts.MemoryLimit})
	switch {
	case who.err() != nil:
		return nil, fmt.Errorf("%w: %w", gate.ErrConsent, who.err())
	case errors.Is(err, engine.ErrTooLarge):
		return nil, fmt.Errorf("%w: %w", ErrTooLarge, err)
	}
	if err != nil || !outcome.Complete() {
		s.give(place, columns)
	}
	return outcome, err
}

func answered(part engine.Contribution) bool { return part.Outcome == sources.OutcomeAnswered }

// size is how many people a source lists, for how many an answer without it could lack.
func (s *Studies) size(id clinical.SourceID) int {
	people, _ := s.parts.Locator.Listed(id)
	return people
}

func sourceCaller(q *question) sources.Caller {
	return sources.Caller{ID: q.caller.ID, Organisation: q.caller.Organisation, Role: q.caller.Role, Purpose: q.caller.Purpose,
		RequestID: q.caller.RequestID}
}

// take finds what sources answered to the same question before, under the same rules and the same register, or begins anew.
func (s *Studies) take(q *question, revision string) (columns *engine.Gathered, key string) {
	key = q.project + "\x00" + q.digest + "\x00" + revision
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept, ok := s.kept[key]; ok {
		delete(s.kept, key) // one run at a time has it
		return kept.columns, key
	}
	return engine.NewGathered(), key
}

// give keeps what sources answered for whoever asks the same again, as long as there is room.
func (s *Studies) give(key string, columns *engine.Gathered) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
	held := columns.Bytes()
	for _, each := range s.kept {
		held += each.columns.Bytes()
	}
	if held <= mostKept {
		s.kept[key] = gathered{columns: columns, expires: s.parts.Now().Add(s.parts.Keep)}
	}
}

// mostKept is how many bytes of runs that were cut short are kept.
const mostKept = 1 << 30
