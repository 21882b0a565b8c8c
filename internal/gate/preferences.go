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

// Choices are what a person decided about the use of their record, in words as well.
type Choices struct {
	ConsentRevision uint64
	Sharing         Sharing
	OptOuts         []OptOut // national, Type 1, London
	Told            BeingTold
	Preferences     []Preference
}

// Sharing is where a person's objection to the shared record stands.
type Sharing struct {
	Objection ObjectionStanding
	Means     string
	Recorded  *Recorded // nil where nobody ever spoke
}

// OptOut is what one list of opt-outs says of a person.
type OptOut struct {
	List           OptOutList
	Standing       OptOutStanding
	Means          string
	WhereToChange  string
	ChangeableHere bool
	Recorded       *Recorded // nil where the register never heard of it
}

// BeingTold is whether a person asked to be told of every access.
type BeingTold struct {
	Asked    bool
	Means    string
	Recorded *Recorded // nil where nobody ever spoke
}

// Preference is what a person decided about one category for one party.
type Preference struct {
	Effect   Effect
	Category clinical.Label // empty for every category
	Party    Party
	Means    string
	Recorded *Recorded // nil where this server cannot tell
}

// Party is to whom a preference applies.
type Party struct {
	Kind PartyKind
	Code clinical.Text // ODS code or R-code; empty for anyone
	Name clinical.Text // what the code stands for; empty where it is not known
}

// Recorded is when something was recorded in the register, by whom and on whose authority.
type Recorded struct {
	At              time.Time
	Authority       Authority
	ConsentRevision uint64
	Words           string // by whom and on whose word, in a sentence
	Reason          clinical.Text
	Evidence        clinical.Text // a reference to what proves it
}

// Historian is a [Register] that knows when something was said, and on whose authority.
type Historian interface {
	History(ctx context.Context, person clinical.NHSNumber) ([]consent.Recorded, error)
}

// Choices reads what a person decided, for the person or for somebody who may act for them. That it was read is in the ledger,
// and durable, before it is returned.
func (g *Gate) Choices(ctx context.Context, caller auth.Caller, person clinical.NHSNumber) (*Choices, error) {
	a, q, err := g.own(ctx, caller, policy.ReadPreferences, person, Choice{})
	if err != nil {
		return nil, err
	}
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

// said is every directive about a person, oldest first.
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
