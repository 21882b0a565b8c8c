package gate_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/gate"
)

const unconscious = "Brought in unconscious after a fall."

func breakGlass(t *testing.T, o *office, caller auth.Caller, person string, minutes int) gate.Grant {
	t.Helper()
	grant, err := o.gate.BreakGlass(context.Background(), caller, number(t, person), unconscious, minutes)
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

func TestABrokenGlassIsInTheLedgerBeforeTheGrantLeaves(t *testing.T) {
	o := newOffice(t)
	grant := breakGlass(t, o, gpCaller, amina, 0)
	entry := o.newest(t, 1)[0]
	if entry.Event != audit.EventBreakGlass || !entry.Alert || !entry.Notify || entry.ClaimedReason != unconscious ||
		entry.Purpose != "ETREAT" || !entry.Until.Equal(grant.Until) || entry.Caller.ID != gpCaller.ID || grant.Sequence != 1 {
		t.Errorf("entry is %+v", entry)
	}
	if held := grant.Until.Sub(o.now); held > time.Hour || held < 59*time.Minute {
		t.Errorf("the grant holds for %s", held)
	}
	if strings.Contains(grant.Text, amina) || grant.Words == "" {
		t.Errorf("grant is %+v", grant)
	}
}

func TestAGrantHoldsForOneCallerOnePersonAndItsTime(t *testing.T) {
	o := newOffice(t)
	text := breakGlass(t, o, gpCaller, amina, 5).Text
	otherRole, otherDoor, other := gpCaller, gpCaller, gpCaller
	otherRole.Role, otherDoor.Organisation, other.ID = "R1730", "R1H", "u9"
	for name, held := range map[string]bool{
		"another user":         gate.Granted(o.gate, other, number(t, amina), text),
		"another role":         gate.Granted(o.gate, otherRole, number(t, amina), text),
		"another organisation": gate.Granted(o.gate, otherDoor, number(t, amina), text),
		"another person":       gate.Granted(o.gate, gpCaller, number(t, another), text),
		"an altered text":      gate.Granted(o.gate, gpCaller, number(t, amina), text[:len(text)-2]+"AA"),
		"no text":              gate.Granted(o.gate, gpCaller, number(t, amina), ""),
		"a very long text":     gate.Granted(o.gate, gpCaller, number(t, amina), strings.Repeat(text, 100)),
	} {
		if held {
			t.Errorf("%s: the grant holds", name)
		}
	}
	if !gate.Granted(o.gate, gpCaller, number(t, amina), text) {
		t.Error("the grant does not hold for whom it was given")
	}
	o.now = o.now.Add(5 * time.Minute)
	if gate.Granted(o.gate, gpCaller, number(t, amina), text) {
		t.Error("the grant outlives its time")
	}
}

func TestNobodyHoldsAGrantForLongerThanThePolicySays(t *testing.T) {
	o := newOffice(t)
	if grant := breakGlass(t, o, gpCaller, amina, 100_000); grant.Until.After(o.now.Add(time.Hour)) {
		t.Errorf("the grant holds until %s, an hour after %s at most", grant.Until, o.now)
	}
}

func TestBreakingTheGlassSaysNothingOfThePerson(t *testing.T) {
	o := newOffice(t)
	known, unknown, flagged := breakGlass(t, o, gpCaller, amina, 0), breakGlass(t, o, gpCaller, nobody, 0), breakGlass(t, o, gpCaller, hidden, 0)
	for _, grant := range []gate.Grant{unknown, flagged} {
		if len(grant.Text) != len(known.Text) || grant.Words != known.Words || !grant.Until.Equal(known.Until) {
			t.Errorf("%+v differs from %+v", grant, known)
		}
	}
}

func TestWhoMayNotBreakTheGlassIsRefusedAndKept(t *testing.T) {
	o := newOffice(t)
	if _, err := o.gate.BreakGlass(context.Background(), receptionist, number(t, amina), unconscious, 0); !errors.Is(err, gate.ErrNotPermitted) {
		t.Fatalf("error is %v", err)
	}
	if entry := o.newest(t, 1)[0]; entry.Outcome != audit.OutcomeRefused || entry.Event != audit.EventBreakGlass || entry.Alert {
		t.Errorf("entry is %+v", entry)
	}
}

func TestAGrantNeedsAReason(t *testing.T) {
	o := newOffice(t)
	for _, reason := range []string{"", "          x          ", "emergency", strings.Repeat("x", 2001)} {
		if _, err := o.gate.BreakGlass(context.Background(), gpCaller, number(t, amina), reason, 0); !errors.Is(err, gate.ErrReason) {
			t.Errorf("%d characters: error is %v", len(reason), err)
		}
	}
	if _, err := o.gate.BreakGlass(context.Background(), gpCaller, number(t, amina), unconscious, -1); !errors.Is(err, gate.ErrReason) {
		t.Errorf("less than no time: error is %v", err)
	}
	if _, err := o.gate.BreakGlass(context.Background(), auth.Caller{}, number(t, amina), unconscious, 0); !errors.Is(err, gate.ErrUnauthenticated) {
		t.Errorf("nobody: error is %v", err)
	}
}

func TestWithoutALedgerThereIsNoGrant(t *testing.T) {
	o := newOffice(t)
	_ = o.ledger.Close()
	if grant, err := o.gate.BreakGlass(context.Background(), gpCaller, number(t, amina), unconscious, 0); !errors.Is(err, gate.ErrLedger) || grant.Text != "" {
		t.Errorf("got %+v, error %v", grant, err)
	}
}

func TestWithoutARuleThereIsNoGrant(t *testing.T) {
	o := newOffice(t)
	o.policy.err = errors.New("broken")
	if _, err := o.gate.BreakGlass(context.Background(), gpCaller, number(t, amina), unconscious, 0); !errors.Is(err, gate.ErrPolicy) {
		t.Errorf("error is %v", err)
	}
}
