package gate

import (
	"context"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/policy"
)

// MyRecord says whose record a member of the public is acting on, and on what authority.
type MyRecord struct {
	NHSNumber clinical.NHSNumber // the current number
	Authority Authority
}

// MyRecord establishes on what authority the caller acts for a person; the zero number means the caller themselves.
// Without authority it returns [ErrNotPermitted], whether or not the person exists.
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

// stand begins an act by a member of the public on their own record, or on that of a person for whom the register lets
// them act. Nobody can act for a person who must not be found.
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

// stands takes over the caller's relationship to the person, and refuses a caller who has none.
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

// own is stand for an act whose permission depends on more: the person's age, for which the sources are asked, and
// their capacity. The zero choice means none.
func (g *Gate) own(
	ctx context.Context, caller auth.Caller, action policy.Action, person clinical.NHSNumber, choice Choice,
) (*act, *inquiry, error) {
	a, q, err := g.standAged(ctx, caller, action, person)
	if err != nil {
		return nil, nil, err
	}
	if choice.about != nil {
		a.choice = choice.made()
	}
	return a, q, a.permit(ctx)
}

// standAged is own before the policy is asked.
func (g *Gate) standAged(
	ctx context.Context, caller auth.Caller, action policy.Action, person clinical.NHSNumber,
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
	return a, q, nil
}
