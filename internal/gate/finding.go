package gate

import (
	"context"
	"fmt"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
)

// OfficeInput is why staff record something by their office, and what proves it.
type OfficeInput struct {
	Reason      string
	Evidence    string    // a reference to what proves it; empty where there is nothing
	From, Until time.Time // when it holds; zero without bound
}

// Found is what came of something that staff decided or found by their office.
type Found struct {
	Mine     *MyRecord // whose record it is
	Revision uint64    // of the register, with it in
	InForce  bool      // false where it does not hold before a second member of staff has recorded the same
}

// DecideObjection records whether a person's objection to the shared record is upheld. Not to uphold it needs a reason, or it is
// [ErrReason]; of somebody who does not object it is [ErrObjection]. What was decided before may be decided again.
func (g *Gate) DecideObjection(
	ctx context.Context, caller auth.Caller, person clinical.NHSNumber, decision ObjectionDecision, reason string,
) (*Found, error) {
	f := finding{action: policy.DecideObjection, outcome: policy.OutcomeUpheld, input: OfficeInput{Reason: reason},
		choice: Choice{about: consent.SharedRecord{Step: consent.Upheld}}, unreasoned: Typed(reason) == ""}
	if decision != Upheld {
		f.outcome, f.opens, f.unreasoned, f.choice.about = policy.OutcomeNotUpheld, true, false, consent.SharedRecord{Step: consent.NotUpheld}
	}
	f.check = func(q *inquiry) error {
		if q.said.Objection == consent.ObjectionNone {
			return ErrObjection
		}
		return nil
	}
	return g.find(ctx, caller, person, &f)
}

// finding is what staff decide or find by their office, on its way.
type finding struct {
	action     policy.Action
	outcome    policy.Outcome
	choice     Choice
	input      OfficeInput
	opens      bool                 // more may be seen after it
	unreasoned bool                 // it needs no reason
	check      func(*inquiry) error // what else must be so, asked once it is permitted; nil for nothing
}

// find records what staff decide or find, where the policy lets them. They learn nothing of the person but what the policy gives
// away by permitting it. The ledger's entry is durable before.
func (g *Gate) find(ctx context.Context, caller auth.Caller, person clinical.NHSNumber, f *finding) (*Found, error) {
	recorder, ok := g.parts.Register.(Recorder)
	if !ok {
		return nil, fmt.Errorf("%w: nothing can be recorded in it", ErrConsent)
	}
	a, err := g.begin(caller, f.action, person)
	if err != nil {
		return nil, err
	}
	a.finding.Outcome, a.choice.Opens = f.outcome, f.opens
	a.behalf = &behalf{reason: Typed(f.input.Reason), evidence: shortened(Typed(f.input.Evidence)), relationship: policy.RelationshipNone}
	if caller.Citizen || person.IsZero() {
		return nil, a.refuse(ctx)
	}
	if !f.unreasoned && !a.reasoned() {
		return nil, a.fail(ctx, ErrReason)
	}
	q, err := a.careFor(ctx, clinical.NHSNumber{}, Choice{})
	if err == nil && !q.hidden {
		err = a.second(ctx, f.choice)
	}
	if err != nil {
		return nil, a.fail(ctx, err)
	}
	if err := a.permitWithEvidence(ctx); err != nil {
		return nil, err
	}
	if f.check != nil {
		if err := f.check(q); err != nil {
			return nil, a.fail(ctx, err)
		}
	}
	return a.found(ctx, recorder, q, f.choice)
}

// found records what the policy permitted, as proposed where it awaits a second member of staff.
func (a *act) found(ctx context.Context, recorder Recorder, q *inquiry, choice Choice) (*Found, error) {
	if a.permission.Pending {
		choice.about = consent.Proposed{About: choice.about}
	}
	revision, err := a.choose(ctx, recorder, q, choice)
	if err != nil {
		return nil, err
	}
	return &Found{Mine: &MyRecord{NHSNumber: a.person, Authority: authorityInWords(a.onAuthority())}, Revision: revision,
		InForce: !a.permission.Pending}, nil
}

// proposalHolds is how long a second member of staff has to record the same.
const proposalHolds = 30 * 24 * time.Hour

// second finds out whether another member of staff has recorded the same, and nothing else on the subject was recorded or
// proposed since.
func (a *act) second(ctx context.Context, choice Choice) error {
	if !proposable(choice.about) {
		return nil
	}
	history, err := a.gate.history(ctx, a.gate.numbers(a.person))
	if err != nil {
		return err
	}
	for i := len(history) - 1; i >= 0; i-- {
		each := &history[i]
		proposed, is := each.About.(consent.Proposed)
		switch {
		case !is && sameFinding(each.About, choice.about):
			return nil // it was settled since
		case !is || !sameFinding(proposed.About, choice.about):
			continue // on another subject
		case !same(proposed.About, choice.about) || !each.From.Equal(toSecond(choice.from)) || !each.Until.Equal(toSecond(choice.until)):
			return nil // something else was proposed since
		case each.RecordedBy != a.caller.ID:
			a.finding.Seconded = a.started.Sub(each.At) < proposalHolds
			return nil
		}
	}
	return nil
}

func proposable(about consent.About) bool {
	switch about.(type) {
	case consent.CapacityFinding, consent.ProxyChoice:
		return true
	}
	return false
}

// sameFinding reports whether two directives are on one subject: capacity, or the same proxy.
func sameFinding(one, other consent.About) bool {
	switch other := other.(type) {
	case consent.CapacityFinding:
		_, is := one.(consent.CapacityFinding)
		return is
	case consent.ProxyChoice:
		choice, is := one.(consent.ProxyChoice)
		return is && choice.Proxy == other.Proxy
	}
	return false
}

// same reports whether they say the same as well. How a proxy is called does not matter.
func same(one, other consent.About) bool {
	if choice, is := one.(consent.ProxyChoice); is {
		named, also := other.(consent.ProxyChoice)
		return also && choice.Proxy == named.Proxy && choice.As == named.As && choice.Withdrawn == named.Withdrawn
	}
	return one == other
}

// toSecond is a moment as the register keeps it.
func toSecond(at time.Time) time.Time { return at.UTC().Truncate(time.Second) }

// office begins an act of staff by their office and finds out how their organisation stands to the person.
func (g *Gate) office(ctx context.Context, caller auth.Caller, action policy.Action, person clinical.NHSNumber) (*act, *inquiry, error) {
	a, err := g.begin(caller, action, person)
	if err != nil {
		return nil, nil, err
	}
	a.behalf = &behalf{relationship: policy.RelationshipNone}
	if caller.Citizen || person.IsZero() {
		return nil, nil, a.refuse(ctx)
	}
	q, err := a.careFor(ctx, clinical.NHSNumber{}, Choice{})
	if err != nil {
		return nil, nil, a.fail(ctx, err)
	}
	return a, q, nil
}

// found says in words what was decided or found, or tried; nothing for any other entry.
func (c clerk) found(entry *audit.Entry, whose string, done bool) string {
	verb, words := "record", ""
	switch policy.Action(entry.Action) {
	case policy.DecideObjection:
		verb, words = "decide", "about "+whose+" objection to sharing"
		if done && entry.Opens {
			words += ", which is not upheld"
		} else if done {
			words += ", which is upheld"
		}
	case policy.RecordCapacity:
		words = "what was found of " + whose + " capacity to decide"
	case policy.AppointProxy:
		words = "that somebody may act for " + c.whom()
	case policy.EndProxy:
		words = "that somebody may no longer act for " + c.whom()
	default:
		return ""
	}
	if done {
		verb = map[string]string{"record": "recorded", "decide": "decided"}[verb]
		for _, reason := range entry.Reasons {
			if reason == "second_awaited" {
				words += ", which holds once a second member of staff has recorded the same"
			}
		}
	}
	if entry.Evidence != "" {
		words += " (evidence: " + entry.Evidence + ")"
	}
	return verb + " " + words
}
