package gate_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"onelondon/internal/audit"
	"onelondon/internal/gate"
	"onelondon/policy"
)

// writtenPolicy can say what its rules are.
type writtenPolicy struct{ deskPolicy }

func (*writtenPolicy) Revision() string { return "17" }

func (*writtenPolicy) Topics() []policy.Topic {
	return []policy.Topic{{Name: "sealed", Rules: []policy.Rule{{Topic: "sealed", Name: "released", Title: "Not sealed",
		Description: "No seal stands against it.", Expectation: "CS-5, DOMAIN.md 2.8"}}}}
}

func TestTheRulesInForceAreShownWithWhatTheyServe(t *testing.T) {
	o := newOffice(t)
	o.published = gate.Publication{ActivatedAt: o.now, ApprovedBy: []gate.Approval{{Who: "Ada", At: o.now}},
		Cases: []gate.PolicyCase{{Page: "sealed", Title: "A sealed record stays where it is"}}}
	o = o.under(t, &writtenPolicy{})
	got, err := o.gate.Rules(context.Background(), gpCaller)
	if err != nil {
		t.Fatal(err)
	}
	if got.Revision != "17" || len(got.Rules) != 1 || !slices.Equal(got.Rules[0].Expectations, []string{"CS-5", "DOMAIN.md 2.8"}) ||
		got.ApprovedBy[0].Who != "Ada" || !got.ActivatedAt.Equal(o.now) || len(got.Cases) != 1 {
		t.Errorf("got %+v", got)
	}
	if entry := o.newest(t, 1)[0]; entry.Event != audit.EventOversight || entry.Action != "read_rules" {
		t.Errorf("entry is %+v", entry)
	}
	if _, err := o.gate.Rules(context.Background(), receptionist); !errors.Is(err, gate.ErrNotPermitted) {
		t.Errorf("a receptionist: error is %v", err)
	}
}

func TestAPolicyThatCannotSayItsRulesShowsNone(t *testing.T) {
	o := newOffice(t)
	if _, err := o.gate.Rules(context.Background(), gpCaller); !errors.Is(err, gate.ErrPolicy) {
		t.Errorf("error is %v", err)
	}
}
