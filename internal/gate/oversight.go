package gate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/policy"
)

// Permitter is a [Policy] that says who may do what is no reading of a record. A policy without this power permits nothing.
type Permitter interface {
	Permit(ctx context.Context, input policy.OversightInput) (policy.Permission, error)
}

// act is something other than a question on its way through the gate: who does what, about whom, and what the policy says of
// it. Whatever comes of it has an entry in the ledger.
type act struct {
	gate    *Gate
	policy  Policy // the one in force when the act began
	caller  auth.Caller
	action  policy.Action
	started time.Time

	person    clinical.NHSNumber // the current number; zero about nobody
	self      bool               // the caller is the person
	authority policy.Authority   // that the caller, or whoever's word it is, holds over the person
	behalf    *behalf            // nil where nobody else's word is recorded
	choice    policy.ChoiceMade  // that is recorded
	age       policy.Age
	capacity  policy.Capacity
	deceased  bool
	purpose   policy.Purpose
	narrowed  bool // to accesses by users of the caller's own organisation

	permission policy.Permission
}

// begin starts an act about a person, or about nobody.
func (g *Gate) begin(caller auth.Caller, action policy.Action, person clinical.NHSNumber) (*act, error) {
	if caller.IsZero() {
		return nil, ErrUnauthenticated
	}
	a := &act{gate: g, policy: g.parts.Policy(), caller: caller, action: action, started: g.parts.Now(),
		purpose: policy.Purpose(caller.Purpose)}
	a.person = g.current(person)
	return a, nil
}

// current is the number that stands for a person now. The zero number stands for nobody.
func (g *Gate) current(person clinical.NHSNumber) clinical.NHSNumber {
	if person.IsZero() {
		return person
	}
	if current, superseded := g.parts.Locator.Current(person); superseded {
		return current
	}
	return person
}

// numbers lists every number a person ever had, the current one last.
func (g *Gate) numbers(current clinical.NHSNumber) []clinical.NHSNumber {
	return append(g.parts.Locator.Former(current), current)
}

// permit asks the policy and fails with [ErrNotPermitted], having written that into the ledger, where it refuses.
func (a *act) permit(ctx context.Context) error {
	permitted, err := a.ask(ctx)
	switch {
	case err != nil:
		return a.fail(ctx, err)
	case permitted:
		return nil
	}
	return a.refuse(ctx)
}

// permitOwn asks the policy for everything and, where it refuses that, for what users of the caller's own organisation did.
func (a *act) permitOwn(ctx context.Context) error {
	switch permitted, err := a.ask(ctx); {
	case err != nil:
		return a.fail(ctx, err)
	case permitted:
		return nil
	}
	if a.caller.Organisation == "" {
		return a.refuse(ctx)
	}
	a.narrowed = true
	return a.permit(ctx)
}

func (a *act) ask(ctx context.Context) (bool, error) {
	permitter, ok := a.policy.(Permitter)
	if !ok {
		return false, fmt.Errorf("%w: %w", ErrPolicy, policy.ErrNoOversight)
	}
	input := policy.OversightInput{
		Role: a.caller.Role, Activities: a.caller.Activities, Organisation: a.caller.Organisation, Citizen: a.caller.Citizen,
		Purpose: a.purpose, Action: a.action, Self: a.self, Authority: a.authority, Age: a.age, Capacity: a.capacity,
		OwnOrganisation: a.narrowed, Deceased: a.deceased, Choice: a.choice,
	}
	if a.behalf != nil {
		input.Word, input.Evidence, input.Relationship = a.behalf.word, a.behalf.evidence != "", a.behalf.relationship
	}
	permission, err := permitter.Permit(ctx, input)
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	a.permission = permission
	return permission.Permitted, nil
}

// refuse writes that the act was refused and returns [ErrNotPermitted]. About somebody else it does so at the next beat: what it
// took to look at the person must not tell whether there is such a person, or whether they must not be found.
func (a *act) refuse(ctx context.Context) error { return a.refuseWith(ctx, ErrNotPermitted) }

// refuseWith refuses with another error.
func (a *act) refuseWith(ctx context.Context, cause error) error {
	entry := a.entry()
	entry.Outcome = audit.OutcomeRefused
	if _, err := a.write(ctx, entry); err != nil {
		return err
	}
	if !a.person.IsZero() && !a.self {
		if err := a.gate.beat(ctx, a.started); err != nil {
			return err
		}
	}
	return cause
}

// done writes that the act was done. Nothing of it may leave before.
func (a *act) done(ctx context.Context) error {
	_, err := a.write(ctx, a.entry())
	return err
}

// write makes entries durable and returns the receipt of the first.
func (a *act) write(ctx context.Context, entries ...audit.Entry) (audit.Receipt, error) {
	receipts, err := a.gate.parts.Ledger.Append(ctx, entries...)
	switch {
	case err != nil && ctx.Err() != nil && !errors.Is(err, audit.ErrUnavailable):
		return audit.Receipt{}, ctx.Err()
	case err != nil:
		return audit.Receipt{}, fmt.Errorf("%w: %w", ErrLedger, err)
	case len(receipts) != len(entries):
		return audit.Receipt{}, fmt.Errorf("%w: %d receipts for %d entries", ErrLedger, len(receipts), len(entries))
	}
	return receipts[0], nil
}

// entry is what the ledger keeps of an act that was done.
func (a *act) entry() audit.Entry {
	entry := audit.Entry{
		Event:          event(a.action),
		Action:         string(a.action),
		Time:           a.started,
		RequestID:      a.caller.RequestID,
		Caller:         ledgerCaller(a.caller),
		Purpose:        string(a.purpose),
		Person:         a.person,
		Outcome:        audit.OutcomeReleased,
		Reasons:        a.permission.Reasons,
		Relationship:   a.standing(),
		PolicyRevision: a.permission.Revision,
		Automated:      a.caller.Automated,
	}
	a.behalf.onWord(&entry, a.choice)
	return entry
}

// standing is how the caller stands to the person; empty where it does not matter.
func (a *act) standing() string {
	switch {
	case a.behalf != nil:
		return string(a.behalf.relationship)
	case a.self:
		return string(policy.RelationshipSelf)
	case a.authority != policy.AuthorityNone:
		return string(policy.RelationshipProxy)
	}
	return ""
}

func event(action policy.Action) audit.Event {
	switch action {
	case policy.BreakGlass:
		return audit.EventBreakGlass
	case policy.SetPreferences:
		return audit.EventPreference
	case policy.ReviewAlert:
		return audit.EventReview
	}
	return audit.EventOversight
}
