package main

import (
	"log/slog"
	"testing"

	"onelondon/examples/london/mappings"
	"onelondon/internal/config"
	"onelondon/internal/enact"
)

// published is a site of which only the policy is open.
func published(t *testing.T, c config.Policy) *site {
	t.Helper()
	keeper, err := enact.Open(t.Context(), policyOptions(c, slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	cases, err := triedCases(c)
	if err != nil {
		t.Fatal(err)
	}
	return &site{policy: keeper, cases: cases}
}

func TestThePolicyInForceSaysWhoApprovedIt(t *testing.T) {
	g := governedLondon(t)
	g.publish(t, "1")
	loaded, err := config.Load(g.config, mappings.Files)
	if err != nil {
		t.Fatal(err)
	}
	s := published(t, loaded.Policy)
	got := s.publication(s.policy.Engine().Revision())
	if len(got.ApprovedBy) != 2 || got.ApprovedBy[0].Who != "Ada Registrar" || got.ApprovedBy[1].Who != "Cleo Citizen, lay reviewer" ||
		got.ApprovedBy[1].At.IsZero() || got.ActivatedAt.IsZero() || len(got.Cases) != 0 {
		t.Errorf("got %+v", got)
	}
	if got := s.publication("of another policy"); len(got.ApprovedBy) != 0 || !got.ActivatedAt.IsZero() {
		t.Errorf("a policy that was never in force: %+v", got)
	}
}

func TestTheProgramsOwnPolicyWasTriedOnItsCases(t *testing.T) {
	s := published(t, config.Policy{})
	got := s.publication(s.policy.Engine().Revision())
	if len(got.ApprovedBy) != 0 || len(got.Cases) < 10 || got.Cases[0].Title == "" || got.Cases[0].Page == "" {
		t.Errorf("got %+v", got)
	}
}
