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

// Permitter is a [Policy] that decides on acts other than reading a record. A policy that is not a Permitter permits
// none.
type Permitter interface {
	Permit(ctx context.Context, input policy.OversightInput) (policy.Permission, error)
}

// act is the state of anything other than a question on its way through the gate: who does what, about whom, and what
// the policy decides. Every act has a ledger entry, however it ends.
type act struct {
	gate    *Gate
	policy  Policy // in force when the act began
	caller  auth.Caller
	action  policy.Action
	started time.Time

	person    clinical.NHSNumber // the current number; zero if the act is about nobody
	self      bool               // the caller is the person
	authority policy.Authority   // of the caller, or of the person on whose word staff record, over the person
	behalf    *behalf            // nil unless staff record somebody else's word
	choice    policy.ChoiceMade  // the choice being recorded
	finding   policy.FindingMade // what is recorded by the caller's office
	age       policy.Age
	capacity  policy.Capacity
	deceased  bool
	purpose   policy.Purpose
	narrowed  bool // limited to accesses by users of the caller's own organisation

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

// current is the person's current number. The zero number stands for nobody.
func (g *Gate) current(person clinical.NHSNumber) clinical.NHSNumber {
	if person.IsZero() {
		return person
	}
	if current, superseded := g.parts.Locator.Current(person); superseded {
		return current
	}
	return person
}

// numbers lists every number that the person has had, the current one last.
func (g *Gate) numbers(current clinical.NHSNumber) []clinical.NHSNumber {
	return append(g.parts.Locator.Former(current), current)
}

// permit asks the policy. If it refuses, permit records that in the ledger and fails with [ErrNotPermitted].
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

// permitOwn asks the policy for everything and, if refused, for the accesses by users of the caller's own organisation.
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
		Finding: a.finding,
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

// refuse records the refusal and returns [ErrNotPermitted]. If the act is about somebody else, it waits for the next
// beat: the time taken must not reveal whether the person exists or is hidden.
func (a *act) refuse(ctx context.Context) error { return a.refuseWith(ctx, ErrNotPermitted) }

// refuseWith is refuse with another error.
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

// done records that the act was done. Nothing about it may leave before done returns.
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

// entry is the ledger entry for an act that was done.
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

// standing is the caller's relationship to the person, or "" where it does not matter.
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
	case policy.SetPreferences, policy.DecideObjection, policy.RecordCapacity, policy.AppointProxy, policy.EndProxy:
		return audit.EventPreference
	case policy.ReviewAlert:
		return audit.EventReview
	}
	return audit.EventOversight
}
