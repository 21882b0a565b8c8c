package gate_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
)

func (o *office) choose(t testing.TB, caller auth.Caller, person clinical.NHSNumber, choice gate.Choice) uint64 {
	t.Helper()
	revision, err := o.gate.Choose(context.Background(), caller, person, choice)
	if err != nil {
		t.Fatal(err)
	}
	return revision
}

func (o *office) choices(t testing.TB, caller auth.Caller, person clinical.NHSNumber) *gate.Choices {
	t.Helper()
	choices, err := o.gate.Choices(context.Background(), caller, person)
	if err != nil {
		t.Fatal(err)
	}
	return choices
}

func denied(category clinical.Label, kind gate.PartyKind, code clinical.Text) gate.Choice {
	return gate.Prefer(gate.PreferenceInput{Effect: gate.Deny, Category: category, Party: gate.PartyInput{Kind: kind, Code: code}})
}

func TestWhatACitizenChoosesHoldsAtOnceAndIsSaidInWords(t *testing.T) {
	o, me := newOffice(t), citizen(t, amina)
	o.choose(t, me, me.Person, denied(clinical.LabelHIV, gate.AnOrganisation, "R1H"))
	o.choose(t, me, clinical.NHSNumber{}, gate.Object(true, "I do not want it."))
	o.choose(t, me, me.Person, gate.OptOutInLondon(true))
	revision := o.choose(t, me, me.Person, gate.BeTold(true))
	if revision != 4 {
		t.Errorf("revision is %d, want 4", revision)
	}
	got := o.choices(t, me, me.Person)
	recorded := func(revision uint64) *gate.Recorded {
		decided := gate.Recorded{At: o.now.UTC(), Authority: gate.BySelf, ConsentRevision: revision, Words: "You decided it."}
		if revision == 2 {
			decided.Reason = "I do not want it."
		}
		return &decided
	}
	want := &gate.Choices{
		ConsentRevision: 4,
		Sharing: gate.Sharing{Objection: gate.ObjectionRequested, Recorded: recorded(2),
			Means: "You asked that your record is not shared. Nobody has decided yet; until then it is shared as before."},
		Told: gate.BeingTold{Asked: true, Means: "You are told of every access to your record.", Recorded: recorded(4)},
		Preferences: []gate.Preference{{Effect: gate.Deny, Category: clinical.LabelHIV, Recorded: recorded(1),
			Party: gate.Party{Kind: gate.AnOrganisation, Code: "R1H", Name: "Source barts"},
			Means: "Records about HIV are not shown to staff of Source barts (R1H). Staff still see what their own organisation recorded, " +
				"and allergies, because not knowing of one can kill. In an emergency a clinician can open the rest, has to say why, and " +
				"you can see that they did."}},
		Capacity: gate.CapacityStanding{Finding: gate.CapacityPresumed,
			Means: "It is presumed that you are able to decide, as the law has it, and as far as age allows."},
		Proxies: []gate.Proxy{},
	}
	optOuts := got.OptOuts
	got.OptOuts = nil
	sameMoment := cmp.Comparer(func(a, b time.Time) bool { return a.Sub(b).Abs() < time.Second })
	if diff := cmp.Diff(want, got, sameMoment); diff != "" {
		t.Error(diff)
	}
	if len(optOuts) != 3 || optOuts[2].Standing != gate.OptedOut || !optOuts[2].ChangeableHere || optOuts[0].ChangeableHere ||
		optOuts[0].Standing != gate.OptOutUnknown || optOuts[0].Recorded != nil || optOuts[0].WhereToChange == "" {
		t.Errorf("opt-outs are %+v", optOuts)
	}
}

func TestWhatIsTakenBackIsGoneAndTheRestStays(t *testing.T) {
	o, me := newOffice(t), citizen(t, amina)
	o.choose(t, me, me.Person, denied(clinical.LabelHIV, gate.Anyone, ""))
	o.choose(t, me, me.Person, denied(clinical.LabelAlcohol, gate.ARole, "R1730"))
	o.choose(t, me, me.Person, gate.Object(true, ""))
	o.choose(t, me, me.Person, gate.TakeBack(clinical.LabelHIV, gate.PartyInput{Kind: gate.Anyone}))
	o.choose(t, me, me.Person, gate.Object(false, ""))
	got := o.choices(t, me, me.Person)
	if len(got.Preferences) != 1 || got.Preferences[0].Category != clinical.LabelAlcohol || got.Sharing.Objection != gate.NoObjection ||
		got.Sharing.Recorded == nil {
		t.Errorf("choices are %+v", got)
	}
}

// To object again to what was upheld would otherwise be a way to open it.
func TestAnObjectionThatWasUpheldStaysSoHoweverOftenThePersonObjects(t *testing.T) {
	o, me := newOffice(t), citizen(t, amina)
	o.choose(t, me, me.Person, gate.Object(true, ""))
	if _, err := o.register.Record(context.Background(), consent.Directive{Person: me.Person, Authority: consent.Self, RecordedBy: "guardian",
		At: o.now, About: consent.SharedRecord{Step: consent.Upheld}}); err != nil {
		t.Fatal(err)
	}
	if revision := o.choose(t, me, me.Person, gate.Object(true, "Still.")); revision != 2 {
		t.Errorf("the register is at %d", revision)
	}
	if got := o.choices(t, me, me.Person).Sharing.Objection; got != gate.ObjectionUpheld {
		t.Errorf("the objection is %s", got)
	}
	o.choose(t, me, me.Person, gate.Object(false, ""))
	if got := o.choices(t, me, me.Person).Sharing.Objection; got != gate.NoObjection {
		t.Errorf("taken back, the objection is %s", got)
	}
}

func TestAChangeIsInTheLedgerWithoutWhatItSays(t *testing.T) {
	o, me := newOffice(t), citizen(t, amina)
	o.choose(t, me, me.Person, denied(clinical.LabelHIV, gate.Anyone, ""))
	entry := o.newest(t, 1)[0]
	if entry.Event != audit.EventPreference || entry.Outcome != audit.OutcomeReleased || entry.Relationship != "self" ||
		entry.Action != "set_preferences" || strings.Contains(fmt.Sprintf("%+v", entry), "hiv") {
		t.Errorf("entry is %+v", entry)
	}
}

func TestAPreferenceThatNobodyCanHaveIsRefused(t *testing.T) {
	o, me := newOffice(t), citizen(t, amina)
	for name, choice := range map[string]gate.Choice{
		"anyone with a code":           denied(clinical.LabelHIV, gate.Anyone, "R1H"),
		"an organisation without one":  denied(clinical.LabelHIV, gate.AnOrganisation, ""),
		"an organisation of no form":   denied(clinical.LabelHIV, gate.AnOrganisation, "no such code"),
		"a role of no form":            denied(clinical.LabelHIV, gate.ARole, "doctor"),
		"a label that is no category":  denied(clinical.LabelSealed, gate.Anyone, ""),
		"neither allowed nor denied":   gate.Prefer(gate.PreferenceInput{Party: gate.PartyInput{Kind: gate.Anyone}}),
		"an objection of many words":   gate.Object(true, strings.Repeat("x", 2001)),
		"nothing":                      {},
		"a preference for no party":    gate.Prefer(gate.PreferenceInput{Effect: gate.Deny}),
		"a text that is not a Unicode": gate.Object(true, "\xff"),
	} {
		if _, err := o.gate.Choose(context.Background(), me, me.Person, choice); !errors.Is(err, gate.ErrPreference) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
	if _, revision, _ := o.register.State(me.Person); revision != 0 {
		t.Errorf("the register is at %d", revision)
	}
}

func TestThereIsAnEndToPreferences(t *testing.T) {
	o, me := newOffice(t), citizen(t, amina)
	for i := range 100 {
		o.choose(t, me, me.Person, denied(clinical.LabelHIV, gate.AnOrganisation, clinical.Text(fmt.Sprintf("A%04d", i))))
	}
	if _, err := o.gate.Choose(context.Background(), me, me.Person, denied(clinical.LabelHIV, gate.Anyone, "")); !errors.Is(err, gate.ErrPreference) {
		t.Errorf("error is %v", err)
	}
	o.choose(t, me, me.Person, denied(clinical.LabelHIV, gate.AnOrganisation, "A0007"))
}

// appoint lets somebody act for a person.
func (o *office) appoint(t testing.TB, person, proxy string, as consent.Authority) {
	t.Helper()
	_, err := o.register.Record(context.Background(), consent.Directive{Person: number(t, person), Authority: consent.Clinician,
		RecordedBy: "clerk", At: time.Now(), About: consent.ProxyChoice{Proxy: number(t, proxy), As: as}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAProxyActsOnTheirAuthority(t *testing.T) {
	o, parent := newOffice(t), citizen(t, another)
	o.appoint(t, amina, another, consent.Parent)
	mine, err := o.gate.MyRecord(context.Background(), parent, number(t, amina))
	if err != nil || mine.Authority != gate.ByParent || mine.NHSNumber != number(t, amina) {
		t.Fatalf("got %+v, error %v", mine, err)
	}
	o.choose(t, parent, mine.NHSNumber, gate.BeTold(true))
	if got := o.choices(t, citizen(t, amina), number(t, amina)).Told.Recorded; got == nil || got.Authority != gate.ByParent {
		t.Errorf("recorded as %+v", got)
	}
	if asked := o.policy.asked[0]; asked.Self || asked.Authority != "parent" {
		t.Errorf("the policy was asked about %+v", asked)
	}
}

func TestNobodyElseComesNearAPersonsChoices(t *testing.T) {
	o := newOffice(t)
	for name, caller := range map[string]auth.Caller{
		"another citizen": citizen(t, another), "a doctor": gpCaller, "a receptionist": receptionist, "a privacy officer": officer,
	} {
		for _, person := range []string{amina, nobody, hidden} {
			_, mine := o.gate.MyRecord(context.Background(), caller, number(t, person))
			_, choices := o.gate.Choices(context.Background(), caller, number(t, person))
			_, choose := o.gate.Choose(context.Background(), caller, number(t, person), gate.BeTold(true))
			_, accesses := o.gate.OwnAccesses(context.Background(), caller, number(t, person), gate.Paging{First: 1})
			for _, err := range []error{mine, choices, choose, accesses} {
				if !errors.Is(err, gate.ErrNotPermitted) {
					t.Errorf("%s: error is %v", name, err)
				}
			}
		}
	}
	if entries := o.newest(t, 100); len(entries) != 48 || entries[0].Outcome != audit.OutcomeRefused {
		t.Errorf("%d refusals are kept", len(entries))
	}
}

func TestNobodyActsForAPersonWhoMustNotBeFound(t *testing.T) {
	o := newOffice(t)
	o.appoint(t, hidden, another, consent.Parent)
	if _, err := o.gate.Choices(context.Background(), citizen(t, another), number(t, hidden)); !errors.Is(err, gate.ErrNotPermitted) {
		t.Errorf("error is %v", err)
	}
	o.choices(t, citizen(t, hidden), number(t, hidden)) // they themselves still choose
}

func TestWithoutALedgerNothingIsChosen(t *testing.T) {
	o, me := newOffice(t), citizen(t, amina)
	_ = o.ledger.Close()
	if _, err := o.gate.Choose(context.Background(), me, me.Person, gate.BeTold(true)); !errors.Is(err, gate.ErrLedger) {
		t.Errorf("error is %v", err)
	}
	if _, revision, _ := o.register.State(me.Person); revision != 0 {
		t.Errorf("the register is at %d", revision)
	}
}
