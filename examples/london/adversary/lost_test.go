package adversary_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/examples/london"
	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/policy"
)

// broken is a policy that cannot decide.
type broken struct{}

func (broken) Decide(context.Context, policy.Input) (*policy.Decision, error) {
	return nil, errors.New("evaluate: Canary 999 200 0007 Zqfamily")
}

func (broken) Words(string) string { return "" }

func (broken) Spread() ([]clinical.Label, []clinical.Kind) { return nil, nil }

// refusedWhole finds an answer that says why there is none and holds nothing else.
func refusedWhole(t *testing.T, h *trial.House, cast *london.Cast, code string) {
	t.Helper()
	for _, person := range []string{cast.Heroine.NHSNumber.Reveal(), cast.SFlagged.NHSNumber.Reveal(), unknown(t).Reveal()} {
		reply := h.Ask(t, h.Token(t, trial.GP(heroinesPractice)), chartQuery(20), map[string]any{"n": person})
		if got := codeOf(t, reply); got != code {
			t.Errorf("code %s, want %s: %.300s", got, code, reply.Body)
		}
		if !strings.Contains(reply.Body, `"data":{"patient":null}`) {
			t.Errorf("data leaves: %.300s", reply.Body)
		}
		if found := find(withoutData(t, reply)+h.Logs.String(), append(marks(cast), "canary")); len(found) > 0 {
			t.Errorf("%v", found)
		}
	}
}

func TestWithoutALedgerNothingLeaves(t *testing.T) {
	c := build(t, people(marked))
	h := c.open(t)
	if err := h.Ledger.Close(); err != nil {
		t.Fatal(err)
	}
	refusedWhole(t, h, &c.cast, "LEDGER_UNAVAILABLE")
}

// The disk refuses the write itself: a trigger fails every insertion, as a full or read-only file system would.
func TestWithALedgerThatCannotBeWrittenNothingLeavesAndLaterItGoesOn(t *testing.T) {
	c := build(t, people(marked))
	h := c.open(t)
	meddler, err := sql.Open("sqlite", "file:"+filepath.Join(h.Folder, "ledger.sqlite")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer meddler.Close()
	if _, err := meddler.Exec(`CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'disk full'); END`); err != nil {
		t.Fatal(err)
	}
	refusedWhole(t, h, &c.cast, "LEDGER_UNAVAILABLE")
	if _, err := meddler.Exec(`DROP TRIGGER full`); err != nil {
		t.Fatal(err)
	}
	chart(t, h, h.Token(t, trial.GP(heroinesPractice)), c.cast.Heroine.NHSNumber)
	if report, err := h.Ledger.Verify(t.Context()); err != nil || !report.Intact() || report.Entries != 1 {
		t.Errorf("%d entries (%v), want the one answer that left", report.Entries, err)
	}
}

func TestWithoutARegisterNothingLeaves(t *testing.T) {
	c := build(t, people(marked))
	h := c.open(t)
	if err := h.Register.Close(); err != nil {
		t.Fatal(err)
	}
	refusedWhole(t, h, &c.cast, "CONSENT_UNAVAILABLE")
}

func TestWithoutAPolicyNothingLeaves(t *testing.T) {
	c := build(t, people(marked))
	options := c.options(t)
	options.Policy = broken{}
	refusedWhole(t, trial.Open(t, options), &c.cast, "POLICY_UNAVAILABLE")
}
