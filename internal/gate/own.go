package gate

import (
	"context"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/policy"
)

// MyRecord is whose own side of a record a member of the public looks at, and on what authority.
type MyRecord struct {
	NHSNumber clinical.NHSNumber // the current number
	Authority Authority
}

// MyRecord finds on what authority a caller acts for a person, the caller themselves where the number is zero. Whoever has none
// gets [ErrNotPermitted], whether or not there is such a person.
func (g *Gate) MyRecord(ctx context.Context, caller auth.Caller, person clinical.NHSNumber) (*MyRecord, error) {
	a, _, err := g.stand(ctx, caller, policy.ReadPreferences, person)
	if err != nil {
		return nil, err
	}
	return &MyRecord{NHSNumber: a.person, Authority: authorityOf(a)}, nil
}

func authorityOf(a *act) Authority {
	switch a.authority {
	case policy.AuthorityParent:
		return ByParent
	case policy.AuthorityAttorney:
		return ByAttorney
	}
	return BySelf
}

// stand begins an act of a member of the public about their own record, or about that of a person for whom the register lets
// them act. Nobody acts for a person who must not be found.
func (g *Gate) stand(ctx context.Context, caller auth.Caller, action policy.Action, person clinical.NHSNumber) (*act, *inquiry, error) {
	if person.IsZero() {
		person = caller.Person
	}
	a, err := g.begin(caller, action, person)
	if err != nil {
		return nil, nil, err
	}
	if !caller.Citizen || person.IsZero() {
		return nil, nil, a.refuse(ctx)
	}
	q, err := g.inquire(ctx, a.policy, caller, &Question{Person: person}, a.started)
	if err != nil {
		return nil, nil, a.fail(ctx, err)
	}
	if err := a.stands(ctx, q); err != nil {
		return nil, nil, err
	}
	return a, q, nil
}

// stands takes over how the caller stands to the person, and refuses whoever has no standing.
func (a *act) stands(ctx context.Context, q *inquiry) error {
	a.self = a.gate.current(a.caller.Person) == a.person
	if a.self {
		return nil
	}
	a.authority = q.authority()
	if a.authority == policy.AuthorityNone || q.flagged {
		a.authority = policy.AuthorityNone
		return a.refuse(ctx)
	}
	return nil
}

// own begins an act like stand and finds out what else the policy may ask of the person: how old they are, which the sources
// are asked, and whether they have capacity. The zero choice is none.
func (g *Gate) own(
	ctx context.Context, caller auth.Caller, action policy.Action, person clinical.NHSNumber, choice Choice,
) (*act, *inquiry, error) {
	a, q, err := g.stand(ctx, caller, action, person)
	if err != nil {
		return nil, nil, err
	}
	asking, cancel := context.WithTimeout(ctx, g.parts.Deadline)
	defer cancel()
	if err := g.seekRelationships(asking, []*inquiry{q}); err != nil {
		return nil, nil, a.fail(ctx, err)
	}
	if err := a.stands(ctx, q); err != nil {
		return nil, nil, err
	}
	a.age, a.capacity, a.deceased = q.age, capacity(q.said.Capacity), q.deceased
	if choice.about != nil {
		a.choice = choice.made()
	}
	return a, q, a.permit(ctx)
}
