package study

import (
	"context"
	"fmt"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/engine"
	"onelondon/internal/gate"
	"onelondon/sources"
)

// draft is an answer without its figures.
func (s *Studies) draft(ctx context.Context, q *question, outcome *engine.Outcome, consented uint64) *cohort.Answer {
	answer := &cohort.Answer{Definition: *q.asked, Digest: q.digest, Words: q.words, Project: q.project, AnsweredAt: s.parts.Now().UTC(),
		PolicyRevision: q.decision.Revision, ConsentRevision: consented, MissingAtMost: upToTens(outcome.MissingAtMost)}
	fresh := s.freshness(ctx)
	for i := range outcome.Sources {
		part := &outcome.Sources[i]
		answer.Sources = append(answer.Sources, cohort.SourcePart{Source: part.Source, Name: s.nameOf(part.Source),
			Answered: answered(*part), Outcome: outcomeOf(part), Milliseconds: part.Elapsed.Milliseconds(),
			Rows: int64(roundedUp(part.Rows)), Freshness: fresh[part.Source]})
	}
	answer.Warnings = warnings(answer, outcome)
	return answer
}

// outcomeOf is how a source did, in the words of the GraphQL enum SourceOutcome.
func outcomeOf(part *engine.Contribution) string {
	outcome := gate.Failed
	switch part.Outcome {
	case sources.OutcomeAnswered:
		outcome = gate.Answered
	case sources.OutcomeTimedOut:
		outcome = gate.TimedOut
	case sources.OutcomeNotAsked:
		outcome = gate.NotAsked
	}
	return string(outcome)
}

// freshness is when the newest entry was written into each source that can tell.
func (s *Studies) freshness(ctx context.Context) map[clinical.SourceID]string {
	fresh := map[clinical.SourceID]string{}
	for _, health := range s.parts.Catalogue.Health(ctx) {
		if !health.Watermark.IsZero() {
			fresh[health.Source] = health.Watermark.String()
		}
	}
	return fresh
}

// warnings are what to know before using the figures.
func warnings(answer *cohort.Answer, outcome *engine.Outcome) []string {
	var all []string
	if !answer.Complete() {
		all = append(all, fmt.Sprintf("INCOMPLETE: sources did not answer. Up to %d people are counted wrongly.", answer.MissingAtMost))
	}
	if outcome.Unregistered > fewDisagree {
		all = append(all, fmt.Sprintf("About %d people are not counted, as no source has a registration of them.", roughly(outcome.Unregistered)))
	}
	for _, each := range []struct {
		people int
		what   string
	}{{outcome.Disagreements.Sex, "sex"}, {outcome.Disagreements.Birth, "date of birth"}} {
		if each.people > fewDisagree {
			all = append(all, fmt.Sprintf("Sources disagree on the %s of about %d people; the practice where they are registered is believed.",
				each.what, roughly(each.people)))
		}
	}
	return all
}

// How people are told of on whom sources disagree: nothing of so few, and otherwise roughly.
const (
	fewDisagree   = 50
	disagreeRound = 50
)

func roughly(people int) int { return (people + disagreeRound/2) / disagreeRound * disagreeRound }

// upToTens rounds a number of people up, so that of a small source nobody learns how few it knows.
func upToTens(people int) int { return (people + 9) / 10 * 10 }
