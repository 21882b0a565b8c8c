package gate

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
	"onelondon/sources"
	"onelondon/sources/locator"
)

// inquiry is the state of one question on its way through the gate.
type inquiry struct {
	gate     *Gate
	holds    map[clinical.SourceID]kindSet // what each source held when the question arrived
	policy   Policy                        // in force when the question arrived
	caller   auth.Caller
	question *Question
	started  time.Time

	person       clinical.NHSNumber // the current number
	superseded   bool
	located      locator.Located // under any of the person's numbers
	under        map[clinical.SourceID][]clinical.NHSNumber
	nearby       []*sources.Spec // cache of near; nil after under has changed
	said         consent.State   // preferences recorded under any of the person's numbers
	consented    consent.Revision
	flagged      bool       // an S-flag was seen
	age          policy.Age // established for citizens only, see seekLife
	aged         bool       // a date of birth was seen
	deceased     bool
	emergency    bool   // the caller has broken the glass for this person
	claimed      string // the caller's stated reason for caring for the person, as the ledger keeps it
	relationship policy.Relationship
	put          policy.Input // the input of decision
	decision     *policy.Decision

	spread        spread
	plans         map[clinical.SourceID]*plansOf // by source: those that hold plans and are asked for anything else
	probed        *policy.Decision               // the decision for which spread was planned
	late          *clinical.LabelSet             // labels that spread only by a later decision; nil until computed
	named         map[named]bool                 // cache of shows
	identity      []*stream                      // registrations, one stream per source and number
	walks         []*walk
	registrations []*clinical.Registration
	replies       map[clinical.SourceID]*reply
	look          look                                  // scratch space for evaluating another OneLondon's condition
	given         map[clinical.Record]clinical.LabelSet // labels as given by the sources, of records for another OneLondon
	flagSeen      bool                                  // a record carried an S-flag; confirm acts on it
	hidden        bool                                  // the person must not be found: they are treated as unknown
}

// reply sums up how one source did over all rounds.
type reply struct {
	outcome sources.Outcome
	elapsed time.Duration
	below   map[clinical.SourceID]sources.Outcome // outcomes of the sources behind another OneLondon, by path
}

// complete reports whether the source, and every source behind it, answered.
func (r *reply) complete() bool {
	for _, outcome := range r.below {
		if outcome.Unanswered() {
			return false
		}
	}
	return r.outcome == sources.OutcomeAnswered
}

// inquire establishes who is meant, which sources may know them, and their preferences. A person who must not be found
// is treated from here on as one known to no source.
func (g *Gate) inquire(ctx context.Context, rules Policy, caller auth.Caller, question *Question, started time.Time) (*inquiry, error) {
	q := &inquiry{gate: g, holds: g.holds(), policy: rules, caller: caller, question: question, started: started, person: question.Person,
		claimed: shortened(Typed(question.ClaimedRelationship)), replies: map[clinical.SourceID]*reply{}}
	if current, superseded := g.parts.Locator.Current(question.Person); superseded {
		q.person, q.superseded = current, true
	}
	if question.EmergencyGrant != "" {
		if !g.granted(caller, q.person, question.EmergencyGrant) {
			return nil, ErrGrant
		}
		q.emergency = true
	}
	if handed := question.Handed; handed != nil {
		q.emergency = handed.Emergency && !caller.Citizen
	}
	numbers := g.numbers(q.person)
	if err := q.hear(numbers); err != nil {
		return nil, err
	}
	q.locate(numbers)
	q.relationship = q.standing()
	for _, holding := range q.located.Holdings {
		if holding.Sensitive {
			return q, q.flag(ctx)
		}
	}
	return q, nil
}

// flag notes an S-flag. Whether it hides the person is for the policy to say, which is asked at once; nothing further
// about a hidden person is put to it.
func (q *inquiry) flag(ctx context.Context) error {
	if q.flagged {
		return nil
	}
	q.flagged = true
	if err := q.decide(ctx); err != nil {
		return err
	}
	if q.decision.Hide {
		q.conceal()
		q.relationship = q.standing()
	}
	return nil
}

// locate finds the sources that may know the person, and under which number. Some sources keep a superseded number for
// years.
func (q *inquiry) locate(numbers []clinical.NHSNumber) {
	q.under = make(map[clinical.SourceID][]clinical.NHSNumber, 8)
	for _, number := range numbers {
		located := q.gate.parts.Locator.Locate(number)
		for _, id := range located.Sources {
			q.under[id] = append(q.under[id], number)
		}
		for _, id := range located.Uncertain {
			q.under[id] = append(q.under[id], number)
		}
		q.located.Holdings = append(q.located.Holdings, located.Holdings...)
		q.located.Sources = append(q.located.Sources, located.Sources...)
		q.located.Uncertain = append(q.located.Uncertain, located.Uncertain...)
	}
	if len(numbers) > 1 {
		slices.Sort(q.located.Sources)
		slices.Sort(q.located.Uncertain)
		q.located.Sources, q.located.Uncertain = slices.Compact(q.located.Sources), slices.Compact(q.located.Uncertain)
	}
	for _, id := range q.own() {
		if len(q.under[id]) == 0 {
			q.under[id] = numbers
			q.located.Uncertain = append(q.located.Uncertain, id)
		}
	}
}

// own lists the sources of the caller's organisation. They are asked about everybody: somebody who has arrived since
// the index was built must not be missed by the people caring for them.
func (q *inquiry) own() []clinical.SourceID {
	if q.caller.Organisation == "" {
		return nil
	}
	return q.gate.owned[clinical.Text(q.caller.Organisation)]
}

// conceal makes the person look like an unknown number: only sources that cannot be listed are asked, including those
// that listed the person while they still could be.
func (q *inquiry) conceal() {
	q.hidden = true
	uncertain := append(slices.Clone(q.gate.parts.Locator.Locate(clinical.NHSNumber{}).Uncertain), q.own()...)
	slices.Sort(uncertain)
	q.located = locator.Located{Uncertain: slices.Compact(uncertain)}
	maps.DeleteFunc(q.under, func(id clinical.SourceID, _ []clinical.NHSNumber) bool {
		return !slices.Contains(q.located.Uncertain, id)
	})
	q.nearby = nil
}

// standing is the strongest relationship that the index shows.
func (q *inquiry) standing() policy.Relationship {
	if q.caller.Citizen {
		switch {
		case q.gate.current(q.caller.Person) == q.person:
			return policy.RelationshipSelf
		case !q.hidden && q.authority() != policy.AuthorityNone:
			return policy.RelationshipProxy
		}
		return policy.RelationshipNone
	}
	found := policy.RelationshipNone
	for _, holding := range q.located.Holdings {
		if string(holding.Organisation) != q.caller.Organisation || q.caller.Organisation == "" {
			continue
		}
		if holding.Registered {
			return policy.RelationshipRegistered
		}
		found = policy.RelationshipRecord
	}
	if found == policy.RelationshipNone && q.claims() {
		found = policy.RelationshipClaimed
	}
	return stronger(found, q.vouched())
}

// claims reports whether the caller claims to care for the person, in words or by having broken the glass with a
// reason.
func (q *inquiry) claims() bool { return q.claimed != "" || q.emergency }

// decide asks the policy. The input holds everything the decision may depend on, but not the person's identity.
func (q *inquiry) decide(ctx context.Context) error {
	q.put = policy.Input{
		Role:         q.caller.Role,
		Activities:   q.caller.Activities,
		Organisation: q.caller.Organisation,
		Citizen:      q.caller.Citizen,
		Purpose:      policy.Purpose(q.caller.Purpose),
		Relationship: q.relationship,
		Emergency:    q.emergency,
		Person:       q.about(),
	}
	decision, err := q.policy.Decide(ctx, q.put)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	q.decision = decision
	return nil
}
