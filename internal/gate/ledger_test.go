package gate_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// ask asks one question.
func (o *office) ask(t testing.TB, caller auth.Caller, question gate.Question) *gate.Person {
	t.Helper()
	answers, err := o.gate.Ask(context.Background(), caller, []gate.Question{question})
	if err != nil {
		t.Fatal(err)
	}
	return answers[0].Person
}

func (o *office) own(t testing.TB, caller auth.Caller, paging gate.Paging) *gate.AccessPage {
	t.Helper()
	page, err := o.gate.OwnAccesses(context.Background(), caller, caller.Person, paging)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func summaries(page *gate.AccessPage) []string {
	all := make([]string, len(page.Accesses))
	for i := range page.Accesses {
		all[i] = page.Accesses[i].Summary
	}
	return all
}

func TestACitizenReadsWhoLookedInPlainSentences(t *testing.T) {
	o, me := newOffice(t), citizen(t, amina)
	claiming := conditionsOf(t, amina)
	claiming.ClaimedRelationship = "She has just walked in."
	program := audit.Entry{Time: o.now, RequestID: "r9", Caller: audit.Caller{ID: "p", Name: "the night index", Organisation: "R1H"},
		Purpose: "TREAT", Person: me.Person, Outcome: audit.OutcomeReleased, Kinds: []string{"Medication"}, Automated: true}
	o.ask(t, gpCaller, conditionsOf(t, amina))
	o.ask(t, stranger, conditionsOf(t, amina))
	o.ask(t, stranger, claiming)
	breakGlass(t, o, gpCaller, amina, 0)
	o.choose(t, me, me.Person, gate.BeTold(true))
	if _, err := o.ledger.Append(context.Background(), program); err != nil {
		t.Fatal(err)
	}
	o.own(t, me, gate.Paging{First: 1})
	page := o.own(t, me, gate.Paging{First: 20})
	got := summaries(page)
	got[3] = got[3][:len("Dr Okoye, General Medical Practitioner at Source emis, broke the glass on your record until ")]
	want := []string{
		"You read the list of who looked at your record.",
		"A program of the night index at Source barts, was shown your medicines, for care and treatment.",
		"You changed your choices.",
		"Dr Okoye, General Medical Practitioner at Source emis, broke the glass on your record until ",
		"Dr Else, General Medical Practitioner at the organisation X99999, was shown your name and address and conditions, for care and treatment.",
		"Dr Else, General Medical Practitioner at the organisation X99999, tried to look at your record and was refused, for care and treatment.",
		"Dr Okoye, General Medical Practitioner at Source emis, was shown your name and address and conditions, for care and treatment.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	claimed := page.Accesses[4]
	if claimed.ClaimedReason != "She has just walked in." || claimed.UserID != "" || claimed.Subject != "" || !claimed.Alert ||
		claimed.Rules[0] != (gate.AppliedRule{Reason: "because", Words: "Because because.", Expectation: "CS-4"}) {
		t.Errorf("access is %+v", claimed)
	}
	if !page.Accesses[1].Automated || !page.Accesses[3].BrokenGlass || page.Accesses[3].Event != gate.GlassBroken {
		t.Errorf("marks are wrong: %+v", page.Accesses)
	}
}

func TestTheLedgerIsPagedAndItsCursorsAreBound(t *testing.T) {
	o, me := newOffice(t), citizen(t, amina)
	for range 5 {
		o.ask(t, gpCaller, conditionsOf(t, amina))
	}
	first := o.own(t, me, gate.Paging{First: 2})
	second := o.own(t, me, gate.Paging{First: 2, After: first.Cursor(1)})
	third := o.own(t, me, gate.Paging{First: 2, After: second.Cursor(1)})
	if !first.HasNext || !second.HasNext || third.HasNext || len(third.Accesses) != 1 {
		t.Errorf("pages of %d, %d, %d", len(first.Accesses), len(second.Accesses), len(third.Accesses))
	}
	var sequences []uint64
	for _, page := range []*gate.AccessPage{first, second, third} {
		for i := range page.Accesses {
			sequences = append(sequences, page.Accesses[i].Sequence)
		}
	}
	if !slices.Equal(sequences, []uint64{5, 4, 3, 2, 1}) {
		t.Errorf("sequences are %v", sequences)
	}
	other := me
	other.ID = "c2"
	for name, try := range map[string]func() error{
		"another caller": func() error {
			_, err := o.gate.OwnAccesses(context.Background(), other, me.Person, gate.Paging{First: 2, After: first.Cursor(1)})
			return err
		},
		"another list": func() error {
			_, err := o.gate.Alerts(context.Background(), guardian, false, gate.Paging{First: 2, After: first.Cursor(1)})
			return err
		},
		"no cursor": func() error {
			_, err := o.gate.OwnAccesses(context.Background(), me, me.Person, gate.Paging{First: 2, After: "5"})
			return err
		},
	} {
		if err := try(); !errors.Is(err, gate.ErrCursor) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func (o *office) accesses(t testing.TB, caller auth.Caller, of gate.AccessesOf) *gate.AccessPage {
	t.Helper()
	page, err := o.gate.Accesses(context.Background(), caller, of, gate.Paging{First: 20})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestOverseersReadTheLedgerByPersonByUserAndByOrganisation(t *testing.T) {
	o := newOffice(t)
	o.ask(t, gpCaller, conditionsOf(t, amina))
	o.ask(t, stranger, conditionsOf(t, amina))
	o.ask(t, gpCaller, conditionsOf(t, nobody))
	who := func(page *gate.AccessPage) (ids []string) {
		for i := range page.Accesses {
			ids = append(ids, string(page.Accesses[i].UserID))
		}
		return ids
	}
	for _, test := range []struct {
		name   string
		caller auth.Caller
		of     gate.AccessesOf
		want   []string
	}{
		{"a guardian, of a person", guardian, gate.AccessesOf{Person: number(t, amina)}, []string{"u2", "u1"}},
		{"a guardian, of a user", guardian, gate.AccessesOf{User: "u1"}, []string{"u1", "u1"}},
		{"a guardian, of an organisation", guardian, gate.AccessesOf{Organisation: "X99999"}, []string{"u2"}},
		{"an officer, of a person, at their own organisation", officer, gate.AccessesOf{Person: number(t, nobody)}, []string{"u1"}},
		{"an officer, of a user elsewhere", officer, gate.AccessesOf{User: "u2"}, nil},
		{"an officer, of another organisation", officer, gate.AccessesOf{Organisation: "X99999"}, nil},
	} {
		if diff := cmp.Diff(test.want, who(o.accesses(t, test.caller, test.of))); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
		if entry := o.newest(t, 1)[0]; entry.Event != audit.EventOversight || entry.Caller.ID != test.caller.ID {
			t.Errorf("%s: the reading is not the newest entry: %+v", test.name, entry)
		}
	}
}

func TestAPersonSeesThatTheirLedgerWasRead(t *testing.T) {
	o := newOffice(t)
	o.accesses(t, guardian, gate.AccessesOf{Person: number(t, amina)})
	if got := summaries(o.own(t, citizen(t, amina), gate.Paging{First: 1})); got[0] !=
		"C. Guardian at Source barts, read the list of who looked at your record." {
		t.Errorf("got %q", got)
	}
}

func TestAnEntryAboutAPersonHasNoNumber(t *testing.T) {
	o := newOffice(t)
	o.ask(t, gpCaller, conditionsOf(t, amina))
	o.ask(t, gpCaller, conditionsOf(t, amina))
	page := o.accesses(t, guardian, gate.AccessesOf{User: "u1"})
	if page.Accesses[0].Subject == "" || page.Accesses[0].Subject != page.Accesses[1].Subject ||
		string(page.Accesses[0].Subject) == amina {
		t.Errorf("subjects are %q and %q", page.Accesses[0].Subject, page.Accesses[1].Subject)
	}
}

func TestALedgerIsOfExactlyOne(t *testing.T) {
	o := newOffice(t)
	for _, of := range []gate.AccessesOf{{}, {User: "u1", Organisation: "R1H"}, {Person: number(t, amina), User: "u1"}} {
		if _, err := o.gate.Accesses(context.Background(), guardian, of, gate.Paging{First: 1}); !errors.Is(err, gate.ErrSubject) {
			t.Errorf("error is %v", err)
		}
	}
}

func TestWhoOverseesNothingReadsNothing(t *testing.T) {
	o, ctx, paging := newOffice(t), context.Background(), gate.Paging{First: 1}
	for _, caller := range []auth.Caller{receptionist, gpCaller, citizen(t, amina)} {
		_, alerts := o.gate.Alerts(ctx, caller, false, paging)
		_, person := o.gate.Accesses(ctx, caller, gate.AccessesOf{Person: number(t, amina)}, paging)
		_, user := o.gate.Accesses(ctx, caller, gate.AccessesOf{User: caller.ID}, paging)
		_, house := o.gate.Accesses(ctx, caller, gate.AccessesOf{Organisation: "F84003"}, paging)
		_, _, review := o.gate.ReviewAlert(ctx, caller, 1, "All is well.")
		for _, err := range []error{alerts, person, user, house, review} {
			if !errors.Is(err, gate.ErrNotPermitted) {
				t.Errorf("%s: error is %v", caller.Name, err)
			}
		}
	}
}

func TestWhatWasSaidUnderAFormerNumberIsListedToo(t *testing.T) {
	o := newOffice(t)
	old := number(t, another)
	entry := audit.Entry{Time: o.now, RequestID: "r9", Caller: audit.Caller{ID: "u1", Name: "Dr Okoye"}, Person: old,
		Outcome: audit.OutcomeReleased, Kinds: []string{clinical.KindCondition.String()}}
	if _, err := o.ledger.Append(context.Background(), entry); err != nil {
		t.Fatal(err)
	}
	if err := o.locator.Supersede(old, number(t, amina)); err != nil {
		t.Fatal(err)
	}
	o.ask(t, gpCaller, conditionsOf(t, amina))
	if page := o.own(t, citizen(t, amina), gate.Paging{First: 5}); len(page.Accesses) != 2 || page.Accesses[1].Sequence != 1 {
		t.Errorf("accesses are %q", summaries(page))
	}
}

func TestNobodyWhoReadsTheLedgerIsShownWhatThePersonChose(t *testing.T) {
	o, me := newOffice(t), citizen(t, amina)
	if _, err := o.register.Record(t.Context(), consent.Directive{Person: number(t, amina), Authority: consent.Self, RecordedBy: "herself",
		At:    time.Now(),
		About: consent.Choice{Preference: consent.Preference{Effect: consent.Deny, Category: clinical.LabelHIV, Party: consent.Anyone}}}); err != nil {
		t.Fatal(err)
	}
	o.ask(t, gpCaller, conditionsOf(t, amina))
	overseen, err := o.gate.Accesses(context.Background(), guardian, gate.AccessesOf{Person: number(t, amina)}, gate.Paging{First: 5})
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []*gate.AccessPage{o.own(t, me, gate.Paging{First: 5}), overseen} {
		if len(page.Accesses) == 0 {
			t.Fatal("nobody looked")
		}
		for i := range page.Accesses {
			if shown := fmt.Sprintf("%+v", page.Accesses[i]); strings.Contains(shown, "hiv") || strings.Contains(shown, "HIV") {
				t.Error(shown)
			}
		}
	}
}
