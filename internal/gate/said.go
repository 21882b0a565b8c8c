package gate

import (
	"context"
	"fmt"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
)

// hear reads what the person said, under every number they ever had.
func (q *inquiry) hear(numbers []clinical.NHSNumber) (err error) {
	if q.said, q.consented, err = q.gate.parts.Register.State(numbers...); err != nil {
		return fmt.Errorf("%w: %w", ErrConsent, err)
	}
	return nil
}

// authority is by what right the citizen who asks, under any of their own numbers, acts for the person; none for everybody else.
func (q *inquiry) authority() policy.Authority {
	if !q.caller.Citizen || q.caller.Person.IsZero() {
		return policy.AuthorityNone
	}
	return q.authorityOf(q.caller.Person)
}

// authorityOf is by what right somebody, under any of their numbers, acts for the person.
func (q *inquiry) authorityOf(proxy clinical.NHSNumber) policy.Authority {
	if len(q.said.Proxies) == 0 {
		return policy.AuthorityNone
	}
	var keys []string
	for _, number := range q.gate.numbers(q.gate.current(proxy)) {
		keys = append(keys, q.gate.parts.Register.Key(number))
	}
	switch q.said.Authority(keys...) {
	case consent.Parent:
		return policy.AuthorityParent
	case consent.Attorney:
		return policy.AuthorityAttorney
	}
	return policy.AuthorityNone
}

// about is what the decision may know of the person. Of somebody who is hidden it knows what it knows of nobody.
func (q *inquiry) about() policy.Person {
	if q.hidden {
		return policy.Person{Objection: consent.ObjectionNone.String(), Capacity: policy.CapacityPresumed}
	}
	person := policy.Person{Objection: q.said.Objection.String(), Flagged: q.flagged, Deceased: q.deceased, Age: q.age,
		Capacity: capacity(q.said.Capacity)}
	if q.relationship == policy.RelationshipProxy {
		person.Authority = q.authority()
	}
	if len(q.said.Preferences) > 0 {
		person.Preferences = preferences(q.said.Preferences)
	}
	return person
}

func capacity(found consent.Capacity) policy.Capacity {
	if found == "" {
		return policy.CapacityPresumed
	}
	return policy.Capacity(found)
}

func preferences(said []consent.Preference) []policy.Preference {
	all := make([]policy.Preference, len(said))
	for i, each := range said {
		category := string(each.Category)
		if category == "" {
			category = "all"
		}
		all[i] = policy.Preference{Effect: string(each.Effect), Category: category, Party: string(each.Party), Code: string(each.Code)}
	}
	return all
}

// await waits until the register knows of everything up to the revision that the caller demands: a replica may be a moment
// behind the one that took the change.
func (g *Gate) await(ctx context.Context, questions []Question) error {
	for i := range questions {
		if err := g.reach(ctx, questions[i].Person, consent.Revision(questions[i].MinConsentRevision)); err != nil {
			return err
		}
	}
	return nil
}

// lookAgain is how long await waits between two looks.
const lookAgain = 5 * time.Millisecond

func (g *Gate) reach(ctx context.Context, person clinical.NHSNumber, demanded consent.Revision) error {
	if demanded == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, g.parts.Patience)
	defer cancel()
	for {
		_, revision, err := g.parts.Register.State(person)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrConsent, err)
		}
		if revision >= demanded {
			return nil
		}
		select {
		case <-ctx.Done():
			return ErrRevision
		case <-time.After(lookAgain):
		}
	}
}
