package gate

import (
	"maps"
	"slices"

	"onelondon/internal/audit"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
)

// entry is the ledger entry for the question, however it ended. A nil person was not shown.
func (q *inquiry) entry(person *Person) audit.Entry {
	entry := audit.Entry{
		Time:            q.started,
		RequestID:       q.caller.RequestID,
		Caller:          ledgerCaller(q.caller),
		Purpose:         q.caller.Purpose,
		Person:          q.person,
		Outcome:         q.outcome(person),
		Reasons:         q.decision.Reasons,
		Relationship:    string(q.relationship),
		ClaimedReason:   q.claimed,
		PolicyRevision:  q.decision.Revision,
		ConsentRevision: uint64(q.consented),
		Alert:           q.decision.Alert && person != nil,
		Notify:          (q.decision.Notify || q.said.Notify) && person != nil,
		Automated:       q.caller.Automated,
		Emergency:       q.emergency,
		Decided:         decided(&q.put),
	}
	if person == nil {
		return entry
	}
	entry.AnswerDigest = person.Receipt.Digest[:]
	for _, kind := range q.askedKinds() {
		if q.decision.Release(kind).Condition.IsNever() {
			entry.Withheld = append(entry.Withheld, kind.String())
		} else {
			entry.Kinds = append(entry.Kinds, kind.String())
		}
	}
	entry.Sources = q.sourceOutcomes(person)
	return entry
}

// decided is what the ledger keeps of the policy input, so that the decision can be replayed. The organisations and
// roles that the person named are reduced to whether they are the caller's, since nothing else about them can affect
// the decision.
func decided(put *policy.Input) *audit.Decided {
	person := &put.Person
	kept := &audit.Decided{Activities: put.Activities, Objection: person.Objection, Flagged: person.Flagged, Deceased: person.Deceased,
		Age: string(person.Age), Capacity: string(person.Capacity), Authority: string(person.Authority)}
	for _, said := range person.Preferences {
		own := said.Code != "" && (said.Party == string(consent.Organisation) && said.Code == put.Organisation ||
			said.Party == string(consent.Role) && said.Code == put.Role)
		kept.Preferences = append(kept.Preferences, audit.Preference{Effect: said.Effect, Category: said.Category, Party: said.Party, Own: own})
	}
	return kept
}

// outcome is how the question ended. Readers of the ledger must not discover a hidden person either, so to the ledger,
// as to the caller, a hidden person is nobody.
func (q *inquiry) outcome(person *Person) audit.Outcome {
	switch {
	case person != nil:
		return audit.OutcomeReleased
	case q.decision.Permitted:
		return audit.OutcomeNotFound
	}
	return audit.OutcomeRefused
}

// askedKinds lists the kinds that the question asks for, in kind order.
func (q *inquiry) askedKinds() []clinical.Kind {
	asked := kindSet(1 << clinical.KindRegistration)
	for i := range q.question.Lists {
		for _, kind := range q.question.Lists[i].Kinds {
			asked |= 1 << kind
		}
	}
	var kinds []clinical.Kind
	for _, kind := range clinical.Kinds() {
		if asked.has(kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func (q *inquiry) sourceOutcomes(person *Person) []audit.SourceOutcome {
	outcomes := make([]audit.SourceOutcome, 0, len(q.replies))
	for _, id := range slices.Sorted(maps.Keys(q.replies)) {
		records := 0
		for j := range person.Pages {
			records += contributed(person.Pages[j].Records, id)
		}
		outcomes = append(outcomes, audit.SourceOutcome{Source: string(id), Outcome: string(q.replies[id].outcome), Records: records})
		for _, path := range slices.Sorted(maps.Keys(q.replies[id].below)) {
			origin, count := id.Beneath(path), 0
			for j := range person.Pages {
				count += contributed(person.Pages[j].Records, origin)
			}
			outcomes = append(outcomes, audit.SourceOutcome{Source: string(origin), Outcome: string(q.replies[id].below[path]), Records: count})
		}
	}
	return outcomes
}
