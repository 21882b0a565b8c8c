package gate_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/policy"
	"onelondon/sources"
	"onelondon/sources/locator"
)

// office is a gate over a small town with a register and a ledger on disk, and a policy that permits what each desk is for.
type office struct {
	gate      *gate.Gate
	policy    *deskPolicy
	register  *consent.Register
	ledger    *audit.Ledger
	locator   *locator.Locator
	catalogue *sources.Catalogue
	published gate.Publication
	pace      time.Duration
	now       time.Time
}

var (
	aminaHerself = auth.Caller{ID: "c1", Name: "Amina", Citizen: true, Person: clinical.NHSNumber{}, Purpose: "PATRQT", RequestID: "r3"}
	receptionist = auth.Caller{ID: "u3", Name: "Front Desk", Role: "R1730", Organisation: "F84003", Purpose: "TREAT", RequestID: "r4"}
	officer      = auth.Caller{ID: "u4", Name: "P. Officer", Role: "R0001", Organisation: "F84003", Purpose: "HOPERAT", RequestID: "r5"}
	guardian     = auth.Caller{ID: "u5", Name: "C. Guardian", Role: "R5105", Organisation: "R1H", Purpose: "HOPERAT", RequestID: "r6"}
)

func newOffice(t testing.TB) *office {
	t.Helper()
	return officeIn(t, smallTown(t))
}

// officeIn is an office over another town.
func officeIn(t testing.TB, s *stage) *office {
	t.Helper()
	ctx, folder := context.Background(), t.TempDir()
	o := &office{policy: &deskPolicy{}, pace: time.Millisecond, now: time.Now()}
	var err error
	if o.register, err = consent.Open(ctx, filepath.Join(folder, "consent.sqlite"), consent.Key{1}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.register.Close() })
	if o.ledger, err = audit.Open(ctx, filepath.Join(folder, "ledger.sqlite"), audit.Key{1}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.ledger.Close() })
	town := s.open(t)
	o.locator, o.catalogue = town.locator, town.catalogue
	return o.under(t, o.policy)
}

// under puts another policy in force.
func (o *office) under(t testing.TB, rules gate.Policy) *office {
	t.Helper()
	o.gate = o.with(t, rules, o.ledger)
	return o
}

// over is a gate that writes into another ledger.
func (o *office) over(t testing.TB, ledger gate.Ledger) *gate.Gate {
	t.Helper()
	return o.with(t, o.policy, ledger)
}

func (o *office) with(t testing.TB, rules gate.Policy, ledger gate.Ledger) *gate.Gate {
	t.Helper()
	built, err := gate.New(gate.Options{Policy: func() gate.Policy { return rules }, Register: o.register, Ledger: ledger,
		Locator: o.locator, Catalogue: o.catalogue, Pace: o.pace, Now: func() time.Time { return o.now },
		Publication: func(string) gate.Publication { return o.published }})
	if err != nil {
		t.Fatal(err)
	}
	return built
}

// citizen is a caller who signed in with a number.
func citizen(t testing.TB, text string) auth.Caller {
	caller := aminaHerself
	caller.Person = number(t, text)
	return caller
}

// newest reads the ledger, newest first.
func (o *office) newest(t testing.TB, count int) []audit.Entry {
	t.Helper()
	written, err := o.ledger.Entries(context.Background(), audit.Query{Everybody: true, NewestFirst: true, Limit: count})
	if err != nil {
		t.Fatal(err)
	}
	entries := make([]audit.Entry, len(written))
	for i := range written {
		entries[i] = written[i].Entry
	}
	return entries
}

// deskPolicy releases as bentPolicy does and permits each desk what it is for.
type deskPolicy struct {
	bentPolicy
	asked []policy.OversightInput
}

func (p *deskPolicy) Permit(_ context.Context, input policy.OversightInput) (policy.Permission, error) {
	p.asked = append(p.asked, input)
	if p.err != nil {
		return policy.Permission{}, p.err
	}
	return policy.Permission{Revision: "test", Permitted: p.permits(input), Reasons: []string{"desk"}}, nil
}

func (p *deskPolicy) permits(input policy.OversightInput) bool {
	switch {
	case input.Citizen:
		own := []policy.Action{policy.ReadPreferences, policy.SetPreferences, policy.PreviewPreferences, policy.ReadOwnAccesses}
		return slices.Contains(own, input.Action) && (input.Self || input.Authority != policy.AuthorityNone)
	case input.Role == "R0001":
		return input.OwnOrganisation || input.Action == policy.ReadRules
	case input.Role == "R5105":
		return input.Action != policy.BreakGlass
	}
	return input.Role == "R0260" && slices.Contains([]policy.Action{policy.BreakGlass, policy.ReadRules}, input.Action)
}

func (p *deskPolicy) RoleName(code string) string {
	return map[string]string{"R0260": "General Medical Practitioner", "R0001": "Privacy Officer"}[code]
}

func (p *deskPolicy) Expectation(string) string { return "CS-4" }
