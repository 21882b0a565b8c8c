package resolvers_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
	"onelondon/resolvers"
)

// deskGate stands in for what citizens, clinicians and overseers ask of the gate. It notes what it was asked.
type deskGate struct {
	resolvers.Gate
	choices []gate.Choice
	err     error

	mu    sync.Mutex // the generated executor asks root fields at once
	asked []string
}

var _ resolvers.Gate = (*deskGate)(nil)

func (g *deskGate) note(format string, args ...any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked = append(g.asked, fmt.Sprintf(format, args...))
}

func (g *deskGate) MyRecord(_ context.Context, _ auth.Caller, person clinical.NHSNumber) (*gate.MyRecord, error) {
	g.note("my record %s", person.Reveal())
	if person.IsZero() {
		person, _ = clinical.ParseNHSNumber(jane)
	}
	return &gate.MyRecord{NHSNumber: person, Authority: gate.BySelf}, nil
}

func (g *deskGate) Choices(_ context.Context, _ auth.Caller, person clinical.NHSNumber) (*gate.Choices, error) {
	g.note("choices %s", person.Reveal())
	return &gate.Choices{ConsentRevision: 7, Preferences: []gate.Preference{{Effect: gate.Deny, Category: clinical.LabelHIV,
		Party: gate.Party{Kind: gate.Anyone}, Means: "Not shown."}, {Effect: gate.Allow, Party: gate.Party{Kind: gate.ARole, Code: "R0260"}}}}, g.err
}

func (g *deskGate) Choose(_ context.Context, _ auth.Caller, person clinical.NHSNumber, choice gate.Choice) (uint64, error) {
	g.note("choose %s", person.Reveal())
	g.choices = append(g.choices, choice)
	if g.err != nil {
		return 0, g.err
	}
	return uint64(len(g.choices)), nil
}

func (g *deskGate) ChooseFor(
	_ context.Context, _ auth.Caller, person clinical.NHSNumber, choice gate.Choice, input gate.OnBehalfInput,
) (*gate.MyRecord, uint64, error) {
	g.note("choose for %s on the word of %s %s %q %q", person.Reveal(), input.OnWordOf, input.Proxy.Reveal(), input.Reason, input.Evidence)
	g.choices = append(g.choices, choice)
	if g.err != nil {
		return nil, 0, g.err
	}
	return &gate.MyRecord{NHSNumber: person, Authority: input.OnWordOf}, uint64(len(g.choices)), nil
}

func (g *deskGate) PreviewPreference(
	_ context.Context, _ auth.Caller, _ clinical.NHSNumber, input gate.PreferenceInput,
) (*gate.PreferencePreview, error) {
	g.note("preview %s %s %s", input.Effect, input.Category, input.Party.Kind)
	return &gate.PreferencePreview{Words: "Nothing."}, g.err
}

func (g *deskGate) OwnAccesses(_ context.Context, _ auth.Caller, person clinical.NHSNumber, paging gate.Paging) (*gate.AccessPage, error) {
	g.note("own accesses %s %d %q", person.Reveal(), paging.First, paging.After)
	return accessPage(), g.err
}

func (g *deskGate) BreakGlass(
	_ context.Context, _ auth.Caller, person clinical.NHSNumber, reason string, minutes int,
) (gate.Grant, error) {
	g.note("break glass %s %q %d", person.Reveal(), reason, minutes)
	return gate.Grant{Text: "sealed", Until: time.Unix(1_800_000_000, 0), Words: "Open.", Sequence: 9}, g.err
}

func (g *deskGate) Alerts(_ context.Context, _ auth.Caller, reviewed bool, paging gate.Paging) (*gate.AccessPage, error) {
	g.note("alerts %t %d %q", reviewed, paging.First, paging.After)
	return accessPage(), g.err
}

func (g *deskGate) ReviewAlert(_ context.Context, _ auth.Caller, sequence uint64, finding string) (gate.Review, gate.Access, error) {
	g.note("review %d %q", sequence, finding)
	return gate.Review{Sequence: 12, Finding: finding}, accessPage().Accesses[0], g.err
}

func (g *deskGate) Accesses(_ context.Context, _ auth.Caller, of gate.AccessesOf, paging gate.Paging) (*gate.AccessPage, error) {
	g.note("accesses %s/%s/%s %d", of.Person.Reveal(), of.User, of.Organisation, paging.First)
	return accessPage(), g.err
}

func (g *deskGate) Rules(context.Context, auth.Caller) (*gate.PolicyInForce, error) {
	g.note("rules")
	return &gate.PolicyInForce{Revision: "17", Rules: []gate.Rule{{Topic: "sealed", Name: "released", Expectations: []string{"CS-5"}}}}, g.err
}

// accessPage has one access with everything and one with next to nothing.
func accessPage() *gate.AccessPage {
	revision := uint64(7)
	page := gate.AccessPage{HasNext: true, Accesses: []gate.Access{
		{Sequence: 5, At: time.Unix(1_700_000_000, 0), Event: gate.RecordRead, Summary: "Dr Okoye looked.", Subject: "ab", Who: "Dr Okoye",
			UserID: "u1", Organisation: &clinical.Organisation{Code: "R1H"}, Role: &gate.StaffRole{Code: "R0260"},
			Purpose: &gate.Purpose{Code: "TREAT", Words: "care"}, Kinds: []clinical.Kind{clinical.KindCondition},
			Rules: []gate.AppliedRule{{Reason: "because", Words: "Because."}}, Outcome: gate.AccessReleased, RequestID: "r1",
			ConsentRevision: &revision},
		{Sequence: 4, Event: gate.LedgerRead, Outcome: gate.AccessRefused},
	}}.WithCursors(func(sequence uint64) string { return fmt.Sprint("at ", sequence) })
	return &page
}
