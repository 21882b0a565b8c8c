package feed_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/audit/feed"
)

var errTorn = errors.New("torn")

// shelf is a ledger that gives two entries at a time, and tears at an entry where it is told to.
type shelf struct {
	entries []audit.Written
	torn    uint64
}

func (s *shelf) Entries(_ context.Context, query audit.Query) (found []audit.Written, err error) {
	for i := range s.entries {
		each := &s.entries[i]
		if each.Sequence <= query.After || query.Organisation != "" && each.Entry.Caller.Organisation != query.Organisation {
			continue
		}
		if each.Sequence == s.torn {
			return nil, errTorn
		}
		if found = append(found, *each); len(found) == 2 {
			break
		}
	}
	return found, nil
}

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func written(sequence uint64, subject string, entry audit.Entry) audit.Written {
	entry.Time, entry.RequestID, entry.Outcome = noon, "r", audit.OutcomeReleased
	w := audit.Written{Subject: subject, Entry: entry}
	w.Sequence = sequence
	return w
}

func aLedger() *shelf {
	gp := audit.Caller{ID: "u1", Name: "Dr Okoye", Role: "R0260", Organisation: "F84003"}
	return &shelf{entries: []audit.Written{
		written(1, "a", audit.Entry{Caller: gp, Notify: true}),
		written(2, "b", audit.Entry{Caller: gp}),
		written(3, "b", audit.Entry{Caller: audit.Caller{ID: "nhs-login-1", Name: "CANARY"}, Decided: &audit.Decided{Objection: "CANARY"}}),
		written(4, "a", audit.Entry{Caller: gp, Notify: true, Emergency: true, Event: audit.EventBreakGlass, ClaimedReason: "CANARY", Evidence: "CANARY"}),
		written(5, "c", audit.Entry{Caller: gp, Notify: true, Automated: true}),
		written(6, "", audit.Entry{Caller: gp, Event: audit.EventReview, Finding: "CANARY"}),
	}}
}

func TestANoticeSaysWhatHappenedAndStandsForWhom(t *testing.T) {
	var out bytes.Buffer
	last, err := feed.Notices(t.Context(), aLedger(), &out, feed.NoticeOptions{After: 1, Lines: map[string]int{"a": 7},
		Roles: func(string) string { return "General Medical Practitioner" }})
	want := `{"sequence":4,"time":"2026-11-26T12:00:00Z","event":"break_glass","organisation":"F84003","roleCode":"R0260",` +
		`"role":"General Medical Practitioner","emergency":true,"automated":false,"requestId":"r","subject":"a","line":7}` + "\n"
	if err != nil || last != 6 || out.String() != want {
		t.Errorf("up to %d, %v\n%s", last, err, out.String())
	}
}

func TestNoticesAreOfThoseWhoAskedToBeTold(t *testing.T) {
	var out bytes.Buffer
	last, err := feed.Notices(t.Context(), aLedger(), &out, feed.NoticeOptions{})
	if err != nil || last != 6 || strings.Count(out.String(), "\n") != 3 || strings.Contains(out.String(), "CANARY") {
		t.Errorf("up to %d, %v\n%s", last, err, out.String())
	}
}

func TestWhatIsOrMayBeAPatientsIsLeftOutOfAnExport(t *testing.T) {
	var out, typed bytes.Buffer
	last, err := feed.Export(t.Context(), aLedger(), &out, feed.ExportOptions{})
	if err != nil || last != 6 || strings.Count(out.String(), "\n") != 6 || strings.Contains(out.String(), "CANARY") ||
		strings.Contains(out.String(), "nhs-login-1") || !strings.Contains(out.String(), `"leftOut":["decided","caller"]`) {
		t.Errorf("up to %d, %v\n%s", last, err, out.String())
	}
	if _, err := feed.Export(t.Context(), aLedger(), &typed, feed.ExportOptions{Typed: true}); err != nil || strings.Count(typed.String(), "CANARY") != 3 {
		t.Errorf("with what was typed: %v\n%s", err, typed.String())
	}
}

func TestAnExportOfOneOrganisationReadsOnWhereItStopped(t *testing.T) {
	var out bytes.Buffer
	last, err := feed.Export(t.Context(), aLedger(), &out, feed.ExportOptions{After: 4, Organisation: "F84003"})
	if err != nil || last != 6 || strings.Count(out.String(), "\n") != 2 {
		t.Errorf("up to %d, %v\n%s", last, err, out.String())
	}
	if last, err := feed.Export(t.Context(), aLedger(), &out, feed.ExportOptions{After: 9}); last != 9 || err != nil {
		t.Errorf("past the end: %d, %v", last, err)
	}
}

func TestALedgerThatTearsLeavesWholeLinesAndSaysHowFarItGot(t *testing.T) {
	ledger := aLedger()
	ledger.torn = 3
	var out bytes.Buffer
	last, err := feed.Export(t.Context(), ledger, &out, feed.ExportOptions{})
	if !errors.Is(err, errTorn) || last != 2 || strings.Count(out.String(), "\n") != 2 || !strings.HasSuffix(out.String(), "}\n") {
		t.Errorf("up to %d, %v\n%s", last, err, out.String())
	}
}
