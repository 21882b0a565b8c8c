package resolvers_test

import (
	"testing"

	"onelondon/graph/refusal"
)

func TestAGrantAndARevisionReachTheGate(t *testing.T) {
	g := &fakeGate{}
	got := ask(t, g, `query($at: Int) { patient(nhsNumber: "`+jane+`", emergencyGrant: "sealed", minConsentRevision: $at) { nhsNumber } }`,
		map[string]any{"at": 12})
	if len(got.Errors) > 0 {
		t.Fatal(got.Errors)
	}
	if asked := g.asked[0][0]; asked.EmergencyGrant != "sealed" || asked.MinConsentRevision != 12 {
		t.Errorf("asked with grant %q and revision %d", asked.EmergencyGrant, asked.MinConsentRevision)
	}
	ask(t, g, `{ patient(nhsNumber: "`+jane+`") { nhsNumber } }`, nil)
	if asked := g.asked[1][0]; asked.EmergencyGrant != "" || asked.MinConsentRevision != 0 {
		t.Errorf("what was left out arrived as %q and %d", asked.EmergencyGrant, asked.MinConsentRevision)
	}
}

func TestARevisionBelowZeroIsRefused(t *testing.T) {
	g := &fakeGate{}
	got := ask(t, g, `{ patient(nhsNumber: "`+jane+`", minConsentRevision: -1) { nhsNumber } }`, nil)
	if len(got.Errors) != 1 || refusedWith(got.Errors[0]) != refusal.BadRequest || len(g.asked) > 0 {
		t.Errorf("errors are %v, asked %d times", got.Errors, len(g.asked))
	}
}
