package gate_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

func TestAQuestionThatFailsIsInTheLedgerWithItsReason(t *testing.T) {
	expired := func(o *office, question *gate.Question) auth.Caller {
		question.EmergencyGrant = breakGlass(t, o, stranger, amina, 5).Text
		o.now = o.now.Add(time.Hour)
		return stranger
	}
	for reason, fail := range map[string]func(o *office, question *gate.Question) auth.Caller{
		"grant_does_not_hold": expired,
		"no_purpose_of_use": func(*office, *gate.Question) auth.Caller {
			caller := gpCaller
			caller.Purpose = "CURIOSITY"
			return caller
		},
		"cursor_does_not_hold": func(_ *office, question *gate.Question) auth.Caller {
			question.Lists[0].After = "somewhere"
			return gpCaller
		},
		"policy_unavailable": func(o *office, _ *gate.Question) auth.Caller {
			o.policy.err = errors.New("broken")
			return gpCaller
		},
		"register_unavailable": func(o *office, _ *gate.Question) auth.Caller {
			_ = o.register.Close()
			return gpCaller
		},
	} {
		o, question := newOffice(t), conditionsOf(t, amina)
		caller := fail(o, &question)
		if answers, err := o.gate.Ask(context.Background(), caller, []gate.Question{question}); err == nil || answers != nil {
			t.Errorf("%s: answered %v", reason, answers)
		}
		entry := o.newest(t, 1)[0]
		if entry.Event != audit.EventAccess || entry.Outcome != audit.OutcomeRefused || entry.Caller.ID != caller.ID ||
			!slices.Equal(entry.Reasons, []string{reason}) || entry.Alert {
			t.Errorf("%s: the entry is %+v", reason, entry)
		}
	}
}

func TestAQuestionWhoseCallerGoesAwayIsInTheLedger(t *testing.T) {
	o := newOffice(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	question := conditionsOf(t, amina)
	question.MinConsentRevision = 1
	if _, err := o.gate.Ask(ctx, gpCaller, []gate.Question{question}); err == nil {
		t.Fatal("answered")
	}
	if entries := o.newest(t, 9); len(entries) != 1 || entries[0].Outcome != audit.OutcomeRefused {
		t.Errorf("entries are %+v", entries)
	}
}

func TestAnActThatFailsIsInTheLedgerWithItsReason(t *testing.T) {
	ctx, me := context.Background(), citizen(t, amina)
	for name, test := range map[string]struct {
		act    func(o *office) error
		event  audit.Event
		reason string
	}{
		"a glass broken for no reason": {func(o *office) error {
			_, err := o.gate.BreakGlass(ctx, gpCaller, number(t, amina), "", 0)
			return err
		}, audit.EventBreakGlass, "reason_too_short_or_long"},
		"a choice that nobody can make": {func(o *office) error {
			_, err := o.gate.Choose(ctx, me, me.Person, gate.Choice{})
			return err
		}, audit.EventPreference, "not_a_preference"},
		"a cursor of somebody else's ledger": {func(o *office) error {
			_, err := o.gate.OwnAccesses(ctx, me, me.Person, gate.Paging{First: 1, After: "x"})
			return err
		}, audit.EventOversight, "cursor_does_not_hold"},
		"a cursor of other alerts": {func(o *office) error {
			_, err := o.gate.Alerts(ctx, guardian, true, gate.Paging{First: 1, After: "x"})
			return err
		}, audit.EventOversight, "cursor_does_not_hold"},
		"a review of no alert": {func(o *office) error {
			_, _, err := o.gate.ReviewAlert(ctx, guardian, 99, "All is well.")
			return err
		}, audit.EventReview, "no_such_alert"},
		"a permission that the policy cannot give": {func(o *office) error {
			o.policy.err = errors.New("broken")
			_, err := o.gate.Rules(ctx, gpCaller)
			return err
		}, audit.EventOversight, "policy_unavailable"},
	} {
		o := newOffice(t)
		if err := test.act(o); err == nil {
			t.Errorf("%s: it was done", name)
		}
		if entry := o.newest(t, 1)[0]; entry.Event != test.event || entry.Outcome != audit.OutcomeRefused ||
			!slices.Equal(entry.Reasons, []string{test.reason}) {
			t.Errorf("%s: the entry is %+v", name, entry)
		}
	}
}

func TestWhyAQuestionFailedIsSaidInWords(t *testing.T) {
	o, me := newOffice(t), citizen(t, amina)
	question := conditionsOf(t, amina)
	question.EmergencyGrant = "made up"
	if _, err := o.gate.Ask(context.Background(), stranger, []gate.Question{question}); !errors.Is(err, gate.ErrGrant) {
		t.Fatal(err)
	}
	rules := o.own(t, me, gate.Paging{First: 1}).Accesses[0].Rules
	if len(rules) != 1 || rules[0].Words != "The emergency grant was not for this caller and person, or had run out." {
		t.Errorf("rules are %+v", rules)
	}
}

// Whoever reads the ledger of somebody hidden and of nobody reads the same.
func TestTheLedgerDoesNotTellWhoMustNotBeFound(t *testing.T) {
	o := newOffice(t)
	listed := func(person string) []gate.Access {
		for _, caller := range []auth.Caller{gpCaller, stranger, citizen(t, another)} {
			for _, claim := range []string{"", "She is in front of me."} {
				question := conditionsOf(t, person)
				question.ClaimedRelationship = claim
				o.ask(t, caller, question)
			}
		}
		breakGlass(t, o, gpCaller, person, 0)
		page := o.accesses(t, guardian, gate.AccessesOf{Person: number(t, person)})
		for i := range page.Accesses {
			access := &page.Accesses[i]
			access.Sequence, access.Subject, access.At = 0, "", time.Time{}
		}
		return page.Accesses
	}
	if diff := cmp.Diff(listed(nobody), listed(hidden)); diff != "" {
		t.Error(diff)
	}
}

func TestARefusalAboutSomebodyElseLeavesAtABeat(t *testing.T) {
	o := newOffice(t)
	o.appoint(t, hidden, another, "parent")
	o.pace = 60 * time.Millisecond
	o.now = time.Now()
	o.under(t, o.policy)
	for _, person := range []string{amina, nobody, hidden} {
		started := time.Now()
		if _, err := o.gate.MyRecord(context.Background(), citizen(t, another), number(t, person)); !errors.Is(err, gate.ErrNotPermitted) {
			t.Fatalf("error is %v", err)
		}
		if took := time.Since(started); took < 60*time.Millisecond {
			t.Errorf("refused after %s", took)
		}
	}
}

// A choice is carried through once the ledger has it, though the caller goes away.
func TestAChoiceThatIsInTheLedgerIsMade(t *testing.T) {
	o, me := newOffice(t), citizen(t, amina)
	ctx, cancel := context.WithCancel(context.Background())
	o.gate = o.over(t, leaving{o.ledger, cancel})
	if _, err := o.gate.Choose(ctx, me, me.Person, gate.Object(true, "")); err != nil {
		t.Fatal(err)
	}
	if _, revision, _ := o.register.State(me.Person); revision != 1 {
		t.Errorf("the register is at %d", revision)
	}
}

// leaving is a ledger whose caller goes away when something has been written.
type leaving struct {
	*audit.Ledger
	leave func()
}

func (l leaving) Append(ctx context.Context, entries ...audit.Entry) ([]audit.Receipt, error) {
	defer l.leave()
	return l.Ledger.Append(ctx, entries...)
}

func TestAChoiceThatCouldNotBeRecordedIsNotLeftStandingInTheLedger(t *testing.T) {
	o, me := newOffice(t), citizen(t, amina)
	o.gate = o.over(t, leaving{o.ledger, func() { _ = o.register.Close() }})
	if _, err := o.gate.Choose(context.Background(), me, me.Person, gate.Object(true, "")); !errors.Is(err, gate.ErrConsent) {
		t.Fatalf("error is %v", err)
	}
	entries := o.newest(t, 2)
	if entries[0].Outcome != audit.OutcomeRefused || entries[0].Event != audit.EventPreference ||
		entries[1].Outcome != audit.OutcomeReleased {
		t.Errorf("entries are %+v", entries)
	}
}

func TestAChoiceIsRecordedUnderAllNumbersAtOnce(t *testing.T) {
	o, me := newOffice(t), citizen(t, amina)
	o.choose(t, citizen(t, another), number(t, another), gate.Object(true, ""))
	if err := o.locator.Supersede(number(t, another), number(t, amina)); err != nil {
		t.Fatal(err)
	}
	if got := o.choices(t, me, me.Person).Sharing.Objection; got != gate.ObjectionRequested {
		t.Errorf("under the new number the objection is %s", got)
	}
	withOld := citizen(t, another) // a token made before the number was superseded
	o.choose(t, withOld, clinical.NHSNumber{}, gate.Object(false, ""))
	for _, person := range []string{amina, another} {
		if state, revision, err := o.register.State(number(t, person)); err != nil || state.Objection != 0 || revision != 3 {
			t.Errorf("%+v at %d, %v", state, revision, err)
		}
	}
	if o.ask(t, withOld, conditionsOf(t, amina)) == nil {
		t.Error("whoever signed in with the old number does not see their own record")
	}
}
