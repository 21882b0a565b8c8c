package decisionlog_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/audit"
	"onelondon/internal/audit/decisionlog"
	"onelondon/internal/clinical"
)

// update is a command-line flag, not state: go test ./internal/audit/decisionlog -update writes the golden anew.
var update = flag.Bool("update", false, "write the golden log anew")

const marked = "CANARY"

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// ledger holds an access by a GP, one by a citizen, a refusal and a review; everything that is a patient's or that somebody
// typed is marked.
func ledger(t *testing.T) *audit.Ledger {
	t.Helper()
	opened, err := audit.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.sqlite"), audit.Key{1}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	person, err := clinical.ParseNHSNumber("9990000018")
	if err != nil {
		t.Fatal(err)
	}
	gp := audit.Caller{ID: "u1", Name: "Dr Okoye", Role: "R0260", Organisation: "F84003"}
	entries := []audit.Entry{
		{Time: noon, RequestID: "r1", Caller: gp, Purpose: "TREAT", Person: person, Outcome: audit.OutcomeReleased,
			Kinds: []string{"Condition"}, Withheld: []string{"Document"}, Reasons: []string{"care_relationship"}, Relationship: "claimed",
			ClaimedReason: marked + " typed this", PolicyRevision: "5015cc523572", ConsentRevision: 7, AnswerDigest: []byte{1},
			Decided: &audit.Decided{Activities: []string{marked}, Objection: marked, Age: marked,
				Preferences: []audit.Preference{{Effect: "deny", Category: marked, Party: "anyone"}}},
			Alert: true, Notify: true, Emergency: true, Sources: []audit.SourceOutcome{{Source: "barts", Outcome: "answered", Records: 3}}},
		{Time: noon.Add(time.Minute), RequestID: "r2", Caller: audit.Caller{ID: marked + "-subject", Name: marked}, Purpose: "PATRQT",
			Person: person, Outcome: audit.OutcomeReleased, Kinds: []string{"Condition"}, Reasons: []string{"own_record"}, Relationship: "self",
			PolicyRevision: "aaaaaaaaaaaa"},
		{Time: noon.Add(2 * time.Minute), RequestID: "r3", Caller: gp, Person: person, Outcome: audit.OutcomeRefused},
		{Time: noon.Add(3 * time.Minute), RequestID: "r4", Event: audit.EventReview, Action: "review_alert", Caller: gp, Person: person,
			Outcome: audit.OutcomeReleased, Reviewed: 1, Finding: marked + " was fine", PolicyRevision: "5015cc523572"},
	}
	for _, entry := range entries {
		if _, err := opened.Append(t.Context(), entry); err != nil {
			t.Fatal(err)
		}
	}
	return opened
}

func export(t *testing.T, from decisionlog.Ledger, options decisionlog.Options) (lines []string) {
	t.Helper()
	var out bytes.Buffer
	count, err := decisionlog.Export(t.Context(), from, &out, options)
	if err != nil {
		t.Fatal(err)
	}
	lines = strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if out.Len() == 0 {
		lines = nil
	}
	if count != len(lines) {
		t.Errorf("%d lines and a count of %d", len(lines), count)
	}
	return lines
}

func TestADecisionLogIsInOPAsFormat(t *testing.T) {
	lines := export(t, ledger(t), decisionlog.Options{Version: "1.2.3", Revisions: map[string]string{"5015cc523572": "17-hiv-list"}})
	var pretty bytes.Buffer
	for _, line := range lines {
		if err := json.Indent(&pretty, []byte(line), "", "  "); err != nil {
			t.Fatal(err)
		}
		pretty.WriteByte('\n')
	}
	const golden = "testdata/decisions.golden.json"
	if *update {
		if err := os.WriteFile(golden, pretty.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), pretty.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNothingOfAPatientIsInADecisionLog(t *testing.T) {
	from := ledger(t)
	person, err := clinical.ParseNHSNumber("9990000018")
	if err != nil {
		t.Fatal(err)
	}
	for _, names := range []bool{false, true} {
		for _, line := range export(t, from, decisionlog.Options{Names: names}) {
			for _, secret := range []string{marked, "9990000018", from.Person(person)} {
				if strings.Contains(line, secret) {
					t.Errorf("names %v: %s is in %s", names, secret, line)
				}
			}
			if strings.Contains(line, "Okoye") && !names {
				t.Errorf("a name that was to be masked is in %s", line)
			}
			if masked := strings.Contains(line, `"/input/caller/name"`); masked == strings.Contains(line, "Okoye") {
				t.Errorf("names %v: erased does not say whether the name was: %s", names, line)
			}
		}
	}
}

func TestATimeBoundsADecisionLog(t *testing.T) {
	from := ledger(t)
	for _, test := range []struct {
		since, until time.Time
		want         []string
	}{
		{time.Time{}, time.Time{}, []string{"r1-1", "r2-2", "r3-3", "r4-4"}},
		{noon.Add(time.Minute), time.Time{}, []string{"r2-2", "r3-3", "r4-4"}},
		{time.Time{}, noon.Add(2 * time.Minute), []string{"r1-1", "r2-2"}},
		{noon.Add(time.Minute), noon.Add(2 * time.Minute), []string{"r2-2"}},
		{noon.Add(time.Hour), time.Time{}, nil},
	} {
		var got []string
		for _, line := range export(t, from, decisionlog.Options{Since: test.since, Until: test.until}) {
			var decision struct {
				DecisionID string `json:"decision_id"`
			}
			if err := json.Unmarshal([]byte(line), &decision); err != nil {
				t.Fatal(err)
			}
			got = append(got, decision.DecisionID)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("from %s until %s: %v, want %v", test.since, test.until, got, test.want)
		}
	}
}

func TestALogIsNotEndedEarlyWithoutAWord(t *testing.T) {
	from := ledger(t)
	full := errors.New("disk full")
	if _, err := decisionlog.Export(t.Context(), from, broken{full}, decisionlog.Options{}); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	if err := from.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := decisionlog.Export(t.Context(), from, &bytes.Buffer{}, decisionlog.Options{}); !errors.Is(err, audit.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }
