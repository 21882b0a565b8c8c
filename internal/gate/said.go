package gate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
)

// hear reads what the person said, under every number they ever had: what was said under a former one still holds.
func (q *inquiry) hear(numbers []clinical.NHSNumber) error {
	for _, number := range numbers {
		state, revision, err := q.gate.parts.Register.State(number)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrConsent, err)
		}
		q.said = together(q.said, state)
		q.consented = revision
	}
	return nil
}

// together joins what was said under two numbers of one person. Of two standings the one that withholds more counts.
func together(a, b consent.State) consent.State {
	if weight(b.Objection) > weight(a.Objection) {
		a.Objection = b.Objection
	}
	a.Notify = a.Notify || b.Notify
	if a.Capacity == "" || a.Capacity == consent.CapacityPresumed {
		a.Capacity = b.Capacity
	} else if b.Capacity == consent.CapacityLacking {
		a.Capacity = consent.CapacityLacking
	}
	if len(a.Preferences) == 0 {
		a.Preferences = b.Preferences
	} else if len(b.Preferences) > 0 {
		a.Preferences = slices.Concat(a.Preferences, b.Preferences)
	}
	if len(a.Proxies) == 0 {
		a.Proxies = b.Proxies
	} else if len(b.Proxies) > 0 {
		a.Proxies = slices.Concat(a.Proxies, b.Proxies)
	}
	return a
}

// weight orders objections by how much they withhold.
func weight(objection consent.Objection) int {
	return slices.Index([]consent.Objection{consent.ObjectionNone, consent.ObjectionNotUpheld, consent.ObjectionRequested,
		consent.ObjectionUpheld}, objection)
}

// authority is by what right the citizen who asks acts for the person; none for everybody else.
func (q *inquiry) authority() policy.Authority {
	if !q.caller.Citizen || len(q.said.Proxies) == 0 {
		return policy.AuthorityNone
	}
	who := q.gate.parts.Register.Key(q.caller.Person)
	for _, proxy := range q.said.Proxies {
		if proxy.Who != who || who == "" {
			continue
		}
		switch proxy.Authority {
		case consent.Parent:
			return policy.AuthorityParent
		case consent.Attorney:
			return policy.AuthorityAttorney
		}
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
