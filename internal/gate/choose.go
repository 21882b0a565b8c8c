package gate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
)

// Recorder is a [Register] in which something can be recorded. Without this power nothing can be chosen here.
type Recorder interface {
	// Record records directives, all or none, and returns the revision of the last.
	Record(ctx context.Context, directives ...consent.Directive) (consent.Revision, error)
}

// Choice is something that a person may decide. The zero value is none.
type Choice struct {
	about       consent.About
	reason      string
	from, until time.Time // when it holds; zero without bound
}

// PreferenceInput is a preference as it is asked for.
type PreferenceInput struct {
	Effect   Effect
	Category clinical.Label // empty for every category
	Party    PartyInput
}

// PartyInput is a party as it is asked for.
type PartyInput struct {
	Kind PartyKind
	Code clinical.Text
}

// Prefer allows or denies a category to a party.
func Prefer(input PreferenceInput) Choice {
	return Choice{about: consent.Choice{Preference: input.preference()}}
}

// TakeBack takes back what was decided about a category, empty for every category, for a party.
func TakeBack(category clinical.Label, party PartyInput) Choice {
	taken := PreferenceInput{Category: category, Party: party}.preference()
	return Choice{about: consent.Choice{Preference: taken, Withdrawn: true}}
}

// Object objects to the shared record, for a reason that may be empty, or takes the objection back.
func Object(objects bool, reason string) Choice {
	step := consent.Withdrawn
	if objects {
		step = consent.Requested
	}
	return Choice{about: consent.SharedRecord{Step: step}, reason: Typed(reason)}
}

// OptOutInLondon puts the person on London's own list, or has it say that they agree.
func OptOutInLondon(out bool) Choice {
	standing := consent.NotOptedOut
	if out {
		standing = consent.OptedOut
	}
	return Choice{about: consent.OptOutChoice{List: consent.ListLondon, Standing: standing}}
}

// BeTold asks to be told of every access, or no longer to be told.
func BeTold(told bool) Choice { return Choice{about: consent.Notify{On: told}} }

func (input PreferenceInput) preference() consent.Preference {
	return consent.Preference{Effect: input.Effect.directive(), Category: input.Category, Party: input.Party.Kind.directive(),
		Code: clinical.Text(strings.TrimSpace(string(input.Party.Code)))}
}

// mostPreferences is how many preferences a person may have: more than anybody needs, and fewer than a decision can take.
const mostPreferences = 100

// Choose records what a person decided, by themselves or by somebody who may act for them, and returns the revision of the
// register that it made. The ledger's entry is durable before. What was chosen bites at once: the next question that is asked
// of this gate is decided by it.
func (g *Gate) Choose(ctx context.Context, caller auth.Caller, person clinical.NHSNumber, choice Choice) (uint64, error) {
	recorder, ok := g.parts.Register.(Recorder)
	if !ok {
		return 0, fmt.Errorf("%w: nothing can be recorded in it", ErrConsent)
	}
	a, q, err := g.own(ctx, caller, policy.SetPreferences, person, choice)
	if err != nil {
		return 0, err
	}
	return a.choose(ctx, recorder, q, choice)
}

// choose records what the policy has permitted.
func (a *act) choose(ctx context.Context, recorder Recorder, q *inquiry, choice Choice) (uint64, error) {
	if err := a.check(choice, q.said.Preferences); err != nil {
		return 0, a.fail(ctx, err)
	}
	entry := a.entry()
	entry.ConsentRevision, entry.Alert = uint64(q.consented), a.permission.Alert
	entry.Notify = a.behalf != nil && (a.permission.Alert || q.said.Notify || a.finding.Outcome != "")
	if _, err := a.write(ctx, entry); err != nil {
		return 0, err
	}
	if choice.holds(&q.said) {
		return uint64(q.consented), nil
	}
	revision, err := a.recordAll(ctx, recorder, choice)
	if err != nil {
		return 0, a.fail(ctx, err)
	}
	return revision, nil
}

// holds reports an objection to what is objected to already, and was upheld. To record it as requested again would open the
// record until somebody decides once more.
func (c Choice) holds(state *consent.State) bool {
	objection, is := c.about.(consent.SharedRecord)
	return is && objection.Step == consent.Requested && state.Objection == consent.ObjectionUpheld
}

// check fails with [ErrPreference] where nobody can choose so.
func (a *act) check(choice Choice, held []consent.Preference) error {
	directive := a.directive(choice, a.person)
	if err := directive.Check(a.started); err != nil {
		return fmt.Errorf("%w: %w", ErrPreference, err)
	}
	if !fits(choice.about, held) {
		return ErrPreference
	}
	return nil
}

func (a *act) directive(choice Choice, number clinical.NHSNumber) consent.Directive {
	directive := consent.Directive{Person: number, About: choice.about, Authority: a.onAuthority(), RecordedBy: a.caller.ID, At: a.started,
		Reason: choice.reason, From: choice.from, Until: choice.until}
	if a.behalf != nil {
		directive.Staff = consent.Staff{Name: a.caller.Name, Role: a.caller.Role, Organisation: a.caller.Organisation}
		directive.Reason, directive.Evidence = joined(choice.reason, a.behalf.reason), a.behalf.evidence
	}
	return directive
}

// joined is the person's own reason, where there is one, and how it came to be recorded.
func joined(own, recorded string) string {
	if own == "" {
		return recorded
	}
	return own + " (" + recorded + ")"
}

// fits reports whether there is room for one more preference.
func fits(about consent.About, held []consent.Preference) bool {
	choice, is := about.(consent.Choice)
	if !is || choice.Withdrawn || len(held) < mostPreferences {
		return true
	}
	for _, each := range held {
		if each.Category == choice.Category && each.Party == choice.Party && each.Code == choice.Code {
			return true
		}
	}
	return false
}

// recordAll records a choice under every number that the person ever had, all or none, so that nothing said under a former one
// outlives it. The ledger already says that the choice was made, so it is carried through though the caller goes away.
func (a *act) recordAll(ctx context.Context, recorder Recorder, choice Choice) (uint64, error) {
	numbers := a.gate.numbers(a.person)
	directives := make([]consent.Directive, len(numbers))
	for i, number := range numbers {
		directives[i] = a.directive(choice, number)
	}
	recording, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.gate.parts.Deadline)
	defer cancel()
	revision, err := recorder.Record(recording, directives...)
	switch {
	case errors.Is(err, consent.ErrDirective):
		return 0, fmt.Errorf("%w: %w", ErrPreference, err)
	case err != nil:
		return 0, fmt.Errorf("%w: %w", ErrConsent, err)
	}
	return uint64(revision), nil
}

func (a *act) onAuthority() consent.Authority {
	switch {
	case a.behalf == nil:
	case a.action == policy.RecordCapacity:
		return consent.Clinician
	case a.finding.Outcome != "":
		return consent.Controller
	default:
		return consent.Authority(a.behalf.word)
	}
	switch a.authority {
	case policy.AuthorityParent:
		return consent.Parent
	case policy.AuthorityAttorney:
		return consent.Attorney
	}
	return consent.Self
}
