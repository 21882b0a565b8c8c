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
	probed        *policy.Decision   // the one that spread was planned for
	late          *clinical.LabelSet // labels that spread by a later decision only; nil until asked for
	named         map[named]bool     // whether what records name is released, once it was asked
	identity      []*stream          // registrations, one stream a source
	walks         []*walk
	registrations []*clinical.Registration
	replies       map[clinical.SourceID]*reply
	flagSeen      bool // a record carried an S-flag; confirm heeds it
	hidden        bool // the person must not be found: everything about them is treated as not there
}

// reply sums up how one source did over all rounds.
type reply struct {
	outcome sources.Outcome
	elapsed time.Duration
}

// inquire settles who is meant, who may know them, and what they said. A person who must not be found is, from here on, one
// whom no source is known to hold.
func (g *Gate) inquire(ctx context.Context, rules Policy, caller auth.Caller, question *Question, started time.Time) (*inquiry, error) {
	q := &inquiry{gate: g, policy: rules, caller: caller, question: question, started: started, person: question.Person,
		claimed: shortened(typed(question.ClaimedRelationship)), replies: map[clinical.SourceID]*reply{}}
	if current, superseded := g.parts.Locator.Current(question.Person); superseded {
		q.person, q.superseded = current, true
	}
	if question.EmergencyGrant != "" {
		if !g.granted(caller, q.person, question.EmergencyGrant) {
			return nil, ErrGrant
		}
		q.emergency = true
	}
	numbers := append(g.parts.Locator.Former(q.person), q.person)
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
		return policy.RelationshipClaimed
	}
	return found
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

// confirm compares what was decided on with what the sources just said. The index that led to the sources may be minutes
// old: an S-flag set since hides the person, a registration ended since ends the relationship.
func (q *inquiry) confirm(ctx context.Context) error {
	if !q.decision.Permitted {
		return nil
	}
	if err := q.heedFlags(ctx); err != nil {
		return err
	}
	if q.hidden {
		q.forget()
		q.relationship = q.standing()
		return q.decide(ctx)
	}
	if current := q.observed(); current != q.relationship {
		q.relationship = current
		return q.decide(ctx)
	}
	return nil
}

// heedFlags asks the policy about an S-flag that only the sources knew of.
func (q *inquiry) heedFlags(ctx context.Context) error {
	seen := q.flagSeen
	for _, registration := range q.registrations {
		sensitive, known := registration.Labels.Value(clinical.LabelSensitive)
		seen = seen || known && sensitive
	}
	if !seen {
		return nil
	}
	return q.flag(ctx)
}

// observed is the relationship as the caller's own organisation's sources show it now. Where they did not answer, or the
// relationship does not rest on them, it stays what it was.
func (q *inquiry) observed() policy.Relationship {
	if q.relationship != policy.RelationshipRegistered && q.relationship != policy.RelationshipRecord {
		return q.relationship
	}
	found := policy.RelationshipNone
	for _, registration := range q.registrations {
		if string(registration.Organisation.Code) != q.caller.Organisation {
			continue
		}
		if registration.Status == clinical.StatusActive && q.relationship == policy.RelationshipRegistered {
			return policy.RelationshipRegistered
		}
		found = policy.RelationshipRecord
	}
	if found != policy.RelationshipNone || !q.ownSourcesAnswered() {
		return cmpRelationship(found, q.relationship)
	}
	if q.claims() {
		return policy.RelationshipClaimed
	}
	return policy.RelationshipNone
}

// cmpRelationship keeps what was found, or what it was before where nothing was.
func cmpRelationship(found, before policy.Relationship) policy.Relationship {
	if found == policy.RelationshipNone {
		return before
	}
	return found
}

func (q *inquiry) ownSourcesAnswered() bool {
	for _, holding := range q.located.Holdings {
		if string(holding.Organisation) != q.caller.Organisation {
			continue
		}
		if reply := q.replies[holding.Source]; reply == nil || reply.outcome != sources.OutcomeAnswered {
			return false
		}
	}
	return true
}

// forget drops everything that sources said of the person. Sources that cannot be looked up stay, as ones that had nothing to
// say or did not answer: they are asked about nobody too.
func (q *inquiry) forget() {
	q.registrations = nil
	uncertain := map[clinical.SourceID]*reply{}
	for _, id := range q.located.Uncertain {
		if r := q.replies[id]; r != nil {
			uncertain[id] = r
		}
	}
	q.replies = uncertain
	for _, s := range q.identity {
		s.forget()
	}
	for _, w := range q.walks {
		asked := w.streams
		*w = walk{list: w.list}
		for _, s := range asked {
			if q.mayHold(s.source) {
				s.forget()
				w.streams = append(w.streams, s)
			}
		}
	}
}

// shown reports whether the person may be shown to exist: the policy permits something, and somebody knows the person or
// could not say.
func (q *inquiry) shown() bool {
	if !q.decision.Permitted {
		return false
	}
	if len(q.registrations) > 0 || len(q.located.Sources) > 0 && !q.hidden && q.unanswered(q.located.Sources) {
		return true
	}
	return q.unanswered(q.located.Uncertain)
}

func (q *inquiry) unanswered(ids []clinical.SourceID) bool {
	for _, id := range ids {
		if reply := q.replies[id]; reply != nil && reply.outcome != sources.OutcomeAnswered {
			return true
		}
	}
	return false
}
