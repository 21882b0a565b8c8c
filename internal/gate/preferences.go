package gate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
)

// Choices are a person's decisions about the use of their record, also in words.
type Choices struct {
	ConsentRevision uint64
	Sharing         Sharing
	OptOuts         []OptOut // national, Type 1 and London
	Told            BeingTold
	Preferences     []Preference
	Capacity        CapacityStanding
	Proxies         []Proxy // those whose authority has not ended, in the order in which it was recorded
}

// Sharing is the state of a person's objection to the shared record.
type Sharing struct {
	Objection ObjectionStanding
	Means     string
	Recorded  *Recorded // nil if the person never said anything about it
}

// OptOut is what one opt-out list says about a person.
type OptOut struct {
	List           OptOutList
	Standing       OptOutStanding
	Means          string
	WhereToChange  string
	ChangeableHere bool
	Recorded       *Recorded // nil if the register has no entry
}

// BeingTold says whether a person asked to be told of every access.
type BeingTold struct {
	Asked    bool
	Means    string
	Recorded *Recorded // nil if the person never said anything about it
}

// Preference is a person's decision about one category and one party.
type Preference struct {
	Effect   Effect
	Category clinical.Label // empty for every category
	Party    Party
	Means    string
	Recorded *Recorded // nil if this server cannot tell
}

// Party is the party to whom a preference applies.
type Party struct {
	Kind PartyKind
	Code clinical.Text // ODS code or R-code; empty for anyone
	Name clinical.Text // the meaning of the code; empty if not known
}

// Recorded says when and by whom something was recorded in the register, and on whose authority.
type Recorded struct {
	At              time.Time
	Authority       Authority
	ConsentRevision uint64
	Words           string // by whom and on whose word, in a sentence
	Reason          clinical.Text
	Evidence        clinical.Text // a reference to the document that proves it
}

// Historian is a [Register] that also knows when something was recorded, and on whose authority.
type Historian interface {
	History(ctx context.Context, person clinical.NHSNumber) ([]consent.Recorded, error)
}

// Choices returns a person's decisions, to that person or somebody who may act for them. The reading itself is durably
// in the ledger before Choices returns.
func (g *Gate) Choices(ctx context.Context, caller auth.Caller, person clinical.NHSNumber) (*Choices, error) {
	a, q, err := g.own(ctx, caller, policy.ReadPreferences, person, Choice{})
	if err != nil {
		return nil, err
	}
	return a.choices(ctx, q)
}

// ChoicesOf reads what a person decided for an overseer whom the policy lets read it. That it was read is in the ledger, and durable,
// before it is returned. Whoever may not gets [ErrNotPermitted], whether or not there is such a person.
func (g *Gate) ChoicesOf(ctx context.Context, caller auth.Caller, person clinical.NHSNumber) (*Choices, error) {
	a, q, err := g.office(ctx, caller, policy.ReadPreferences, person)
	if err != nil {
		return nil, err
	}
	if err := a.permit(ctx); err != nil {
		return nil, err
	}
	return a.choices(ctx, q)
}

// choices tells what a person decided, and what was found of them, to whom the policy permits it.
func (a *act) choices(ctx context.Context, q *inquiry) (*Choices, error) {
	g := a.gate
	all, err := g.history(ctx, g.numbers(a.person))
	if err != nil {
		return nil, a.fail(ctx, err)
	}
	history := a.tellingOf(all)
	choices := &Choices{ConsentRevision: uint64(q.consented), Preferences: []Preference{}}
	choices.Sharing = sharing(q.said.Objection, history.last(isObjection))
	choices.Told = BeingTold{Asked: q.said.Notify, Means: toldMeans(q.said.Notify), Recorded: history.last(isNotify)}
	for _, each := range lists() {
		standing := standingOn(q.said.OptOuts, each)
		choices.OptOuts = append(choices.OptOuts, optOut(each, standing, history.last(isOptOut(each, standing))))
	}
	for _, each := range q.said.Preferences {
		choices.Preferences = append(choices.Preferences, g.preference(a.policy, each, history.last(isChoice(each))))
	}
	choices.Capacity = history.capacity(q.said.Capacity)
	choices.Proxies = history.proxies(a)
	return choices, a.done(ctx)
}

func lists() []consent.List {
	return []consent.List{consent.ListNational, consent.ListTypeOne, consent.ListLondon}
}

func standingOn(optOuts consent.OptOuts, list consent.List) consent.OptOut {
	switch list {
	case consent.ListNational:
		return optOuts.National
	case consent.ListTypeOne:
		return optOuts.TypeOne
	case consent.ListLondon:
		return optOuts.London
	}
	return consent.OptOutUnknown
}

// said holds every directive about a person, oldest first.
type said []consent.Recorded

func (g *Gate) history(ctx context.Context, numbers []clinical.NHSNumber) (said, error) {
	historian, ok := g.parts.Register.(Historian)
	if !ok {
		return nil, nil
	}
	var all said
	for _, number := range numbers {
		recorded, err := historian.History(ctx, number)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrConsent, err)
		}
		all = append(all, recorded...)
	}
	slices.SortFunc(all, func(x, y consent.Recorded) int { return int(int64(x.Revision()) - int64(y.Revision())) })
	return all, nil
}

func isObjection(about consent.About) bool {
	_, is := about.(consent.SharedRecord)
	return is
}

func isNotify(about consent.About) bool {
	_, is := about.(consent.Notify)
	return is
}

func isOptOut(list consent.List, standing consent.OptOut) func(consent.About) bool {
	return func(about consent.About) bool {
		choice, is := about.(consent.OptOutChoice)
		return is && choice.List == list && choice.Standing == standing
	}
}

func isChoice(held consent.Preference) func(consent.About) bool {
	return func(about consent.About) bool {
		choice, is := about.(consent.Choice)
		return is && choice.Preference == held
	}
}

func (g *Gate) preference(rules Policy, held consent.Preference, recorded *Recorded) Preference {
	preference := Preference{Effect: effectOf(held.Effect), Category: held.Category, Recorded: recorded,
		Party: Party{Kind: partyOf(held.Party), Code: held.Code}}
	switch held.Party {
	case consent.Organisation:
		preference.Party.Name = g.organisationName(held.Code)
	case consent.Role:
		preference.Party.Name = roleName(rules, string(held.Code))
	}
	preference.Means = preferenceMeans(&preference)
	return preference
}
