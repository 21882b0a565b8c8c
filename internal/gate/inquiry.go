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

// inquiry is one question on its way through the gate.
type inquiry struct {
	gate     *Gate
	policy   Policy // the one in force when the question came
	caller   auth.Caller
	question *Question
	started  time.Time

	person       clinical.NHSNumber // the current number
	superseded   bool
	located      locator.Located // under any of the person's numbers
	under        map[clinical.SourceID][]clinical.NHSNumber
	nearby       []*sources.Spec // made from under by near; nil when under has changed
	said         consent.State   // what the person said, under any of their numbers
	consented    consent.Revision
	flagged      bool       // an S-flag was seen
	age          policy.Age // found out for citizens only, see seekLife
	aged         bool       // a date of birth was seen
	deceased     bool
	emergency    bool   // the caller has broken the glass for this person
	claimed      string // why the caller says that they care for the person, as the ledger keeps it
	relationship policy.Relationship
	put          policy.Input // what decision was made on
	decision     *policy.Decision

	spread        spread
	plans         map[clinical.SourceID]*plansOf // of sources that hold plans and are asked for anything else
	probed        *policy.Decision               // the one that spread was planned for
	late          *clinical.LabelSet             // labels that spread by a later decision only; nil until asked for
	named         map[named]bool                 // whether what records name is released, once it was asked
	identity      []*stream                      // registrations, one stream a source
	walks         []*walk
	registrations []*clinical.Registration
	replies       map[clinical.SourceID]*reply
	look          look                                  // in which records are held against the condition of another OneLondon, one by one
	given         map[clinical.Record]clinical.LabelSet // labels as sources gave them, of records for another OneLondon
	flagSeen      bool                                  // a record carried an S-flag; confirm heeds it
	hidden        bool                                  // the person must not be found: everything about them is treated as not there
}

// reply sums up how one source did over all rounds.
type reply struct {
	outcome sources.Outcome
	elapsed time.Duration
	below   map[clinical.SourceID]sources.Outcome // of a source that is a OneLondon: how its own did, by path
}

// complete reports whether the source, and whatever it asked itself, answered.
func (r *reply) complete() bool {
	for _, outcome := range r.below {
		if outcome.Unanswered() {
			return false
		}
	}
	return r.outcome == sources.OutcomeAnswered
}

// inquire settles who is meant, who may know them, and what they said. A person who must not be found is, from here on, one
// whom no source is known to hold.
func (g *Gate) inquire(ctx context.Context, rules Policy, caller auth.Caller, question *Question, started time.Time) (*inquiry, error) {
	q := &inquiry{gate: g, policy: rules, caller: caller, question: question, started: started, person: question.Person,
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

// flag notes an S-flag. Whether it hides the person is for the policy, which is asked about a flagged person first; from then
// on somebody hidden is nobody, of whom the policy hears nothing more.
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

// locate finds out who may know the person under which number. Sources keep a superseded number until they hear of the
// current one, some for years.
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

// own lists the sources of the caller's own organisation. They are asked about everybody: whoever came through its door since
// the index was built must not be missed by the people who are caring for them.
func (q *inquiry) own() []clinical.SourceID {
	if q.caller.Organisation == "" {
		return nil
	}
	return q.gate.owned[clinical.Text(q.caller.Organisation)]
}

// conceal makes the person one whom only sources that cannot be looked up may hold: all of them, those that listed the person
// before they could no longer be listed among them, since they too are asked about somebody whom nobody knows.
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

// claims reports whether the caller says that they care for the person: in words, or by having broken the glass with a reason.
func (q *inquiry) claims() bool { return q.claimed != "" || q.emergency }

// decide asks the policy. Everything it may depend on is in the input; the person's identity is not.
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
