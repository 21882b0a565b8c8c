package gate

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
	"onelondon/sources"
)

// OnBehalfInput is on whose word a member of staff records what somebody else decided, why, and what proves it.
type OnBehalfInput struct {
	OnWordOf Authority
	Proxy    clinical.NHSNumber // of the parent or attorney whose word it is; zero for the person's own and a clinician's
	Reason   string             // how it came to be recorded
	Evidence string             // a reference to what proves it; empty where there is nothing
}

// behalf is what an act on somebody's word rests on.
type behalf struct {
	word             policy.Word
	reason, evidence string
	relationship     policy.Relationship // of the caller's organisation to the person
}

// ChooseFor records what a person decided who does not sign in themselves, on somebody's word, and returns whose record it is
// and the revision of the register that it made. Staff do so where the policy lets them; what the person decided before they
// are not told, whatever they record. [ErrReason] reports a reason that says next to nothing, [ErrEvidence] that the policy
// permits it with evidence only. As with [Gate.Choose] the ledger's entry is durable before.
func (g *Gate) ChooseFor(
	ctx context.Context, caller auth.Caller, person clinical.NHSNumber, choice Choice, input OnBehalfInput,
) (*MyRecord, uint64, error) {
	recorder, ok := g.parts.Register.(Recorder)
	if !ok {
		return nil, 0, fmt.Errorf("%w: nothing can be recorded in it", ErrConsent)
	}
	a, err := g.begin(caller, policy.SetPreferences, person)
	if err != nil {
		return nil, 0, err
	}
	a.choice = choice.made()
	a.behalf = &behalf{word: input.OnWordOf.word(), reason: Typed(input.Reason), evidence: shortened(Typed(input.Evidence)),
		relationship: policy.RelationshipNone}
	if caller.Citizen || person.IsZero() {
		return nil, 0, a.refuse(ctx)
	}
	if !a.reasoned() {
		return nil, 0, a.fail(ctx, ErrReason)
	}
	q, err := a.careFor(ctx, input.Proxy, choice)
	if err != nil {
		return nil, 0, a.fail(ctx, err)
	}
	if err := a.permitWithEvidence(ctx); err != nil {
		return nil, 0, err
	}
	revision, err := a.choose(ctx, recorder, q, choice)
	if err != nil {
		return nil, 0, err
	}
	return &MyRecord{NHSNumber: a.person, Authority: input.OnWordOf}, revision, nil
}

// reasoned reports whether staff gave a reason that says something.
func (a *act) reasoned() bool {
	return utf8.RuneCountInString(a.behalf.reason) >= emergency(a.policy).ReasonCharacters && len(a.behalf.reason) <= mostReason
}

func (a Authority) word() policy.Word {
	switch a {
	case BySelf:
		return policy.WordSelf
	case ByParent:
		return policy.WordParent
	case ByAttorney:
		return policy.WordAttorney
	case ByClinician:
		return policy.WordClinician
	}
	return policy.WordNone
}

// careFor finds out all that the policy asks about staff who record: how their organisation stands to the person, how old the
// person is and whether they live, what was found of their capacity, and what authority the one has whose word it is.
func (a *act) careFor(ctx context.Context, proxy clinical.NHSNumber, choice Choice) (*inquiry, error) {
	q, err := a.gate.inquire(ctx, a.policy, a.caller, &Question{Person: a.person}, a.started)
	if err != nil {
		return nil, err
	}
	asking, cancel := context.WithTimeout(ctx, a.gate.parts.Deadline)
	defer cancel()
	if err := a.gate.seekRelationships(asking, []*inquiry{q}); err != nil {
		return nil, err
	}
	if q.relationship != policy.RelationshipNone && !q.hidden {
		if err := q.meet(asking); err != nil {
			return nil, err
		}
	}
	if q.hidden {
		return q, nil // to staff a person who must not be found is nobody
	}
	a.behalf.relationship, a.age, a.capacity, a.deceased = q.relationship, q.age, capacity(q.said.Capacity), q.deceased
	if !proxy.IsZero() {
		a.authority = q.authorityOf(proxy)
	}
	if a.behalf.word == policy.WordClinician && a.choice.Opens {
		history, err := a.gate.history(ctx, a.gate.numbers(a.person))
		if err != nil {
			return nil, err
		}
		a.choice.UndoesClinician = choice.takesBack() && closedByClinician(history, choice.about, a.started)
	}
	return q, nil
}

// meet asks every source that may know the person when they were born and died, and heeds what comes with it: an S-flag hides
// the person, and a registration at the caller's organisation that ended since the index was built ends the relationship.
func (q *inquiry) meet(ctx context.Context) error {
	b := &batch{at: map[clinical.SourceID]int{}}
	q.seekLife(b)
	for i, answer := range q.gate.parts.Catalogue.Ask(ctx, b.asks) {
		q.replies[b.asks[i].Source] = &reply{outcome: answer.Outcome}
		if answer.Outcome != sources.OutcomeAnswered {
			continue
		}
		for _, part := range answer.Answer.Parts {
			for _, record := range part.Records {
				if registration, is := record.(*clinical.Registration); is {
					q.registrations = append(q.registrations, registration)
					q.noteLife(registration)
				}
			}
		}
	}
	if err := q.heedFlags(ctx); err != nil {
		return err
	}
	q.relationship = q.observed()
	return nil
}

// permitWithEvidence asks the policy and, where all that it misses is evidence, says so.
func (a *act) permitWithEvidence(ctx context.Context) error {
	switch permitted, err := a.ask(ctx); {
	case err != nil:
		return a.fail(ctx, err)
	case permitted:
		return nil
	}
	if slices.Contains(a.permission.Reasons, reasonEvidence) && !slices.Contains(a.permission.Reasons, reasonNotPermitted) {
		return a.refuseWith(ctx, ErrEvidence)
	}
	return a.refuse(ctx)
}

// What the policy says of an act on somebody's word that lacks nothing but evidence.
const (
	reasonEvidence     = "evidence_missing"
	reasonNotPermitted = "not_permitted"
)

// made is what the policy may know of a choice. Whether it opens something goes by the choice alone: what held before is the
// person's secret, and who records must not learn it by trying.
func (c Choice) made() policy.ChoiceMade {
	switch about := c.about.(type) {
	case consent.Choice:
		return policy.ChoiceMade{Kind: policy.ChoicePreference, Opens: about.Withdrawn || about.Effect != consent.Deny}
	case consent.SharedRecord:
		return policy.ChoiceMade{Kind: policy.ChoiceObjection, Opens: about.Step != consent.Requested}
	case consent.OptOutChoice:
		return policy.ChoiceMade{Kind: policy.ChoiceOptOut, Opens: about.Standing != consent.OptedOut}
	case consent.Notify:
		return policy.ChoiceMade{Kind: policy.ChoiceTold, Opens: !about.On}
	}
	return policy.ChoiceMade{Opens: true}
}

// takesBack reports whether the choice takes something back and puts nothing in its place.
func (c Choice) takesBack() bool {
	switch about := c.about.(type) {
	case consent.Choice:
		return about.Withdrawn
	case consent.SharedRecord:
		return about.Step == consent.Withdrawn
	case consent.Notify:
		return !about.On
	}
	return false
}

// closedByClinician reports whether what a choice is about was closed on a clinician's word and on nobody else's since it was
// last open. What the person closed stays theirs though a clinician closed it again.
func closedByClinician(history said, of consent.About, now time.Time) bool {
	closed, byOthers := false, false
	for i := range history {
		each := &history[i].Directive
		if !sameSubject(each.About, of) || each.From.After(now) || !each.Until.IsZero() && !now.Before(each.Until) {
			continue
		}
		if closed = closes(each.About); closed {
			byOthers = byOthers || each.Authority != consent.Clinician
		} else {
			byOthers = false
		}
	}
	return closed && !byOthers
}

func sameSubject(one, other consent.About) bool {
	switch other := other.(type) {
	case consent.Choice:
		choice, is := one.(consent.Choice)
		return is && choice.Category == other.Category && choice.Party == other.Party && choice.Code == other.Code
	case consent.SharedRecord:
		return isObjection(one)
	case consent.Notify:
		return isNotify(one)
	}
	return false
}

func closes(about consent.About) bool {
	switch about := about.(type) {
	case consent.Choice:
		return about.Effect == consent.Deny
	case consent.SharedRecord:
		return about.Step == consent.Requested || about.Step == consent.Upheld
	case consent.Notify:
		return about.On
	}
	return false
}

// onWord adds to an entry on whose word a choice was recorded.
func (b *behalf) onWord(entry *audit.Entry, choice policy.ChoiceMade) {
	if b != nil {
		entry.OnWordOf, entry.Evidence, entry.Opens = string(b.word), b.evidence, choice.Opens
	}
}
