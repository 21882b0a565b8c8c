package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onelondon/internal/audit"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
)

var (
	key       = audit.Key{1, 2, 3}
	nobodySay = slog.New(slog.DiscardHandler)
)

func number(t testing.TB, digits string) clinical.NHSNumber {
	t.Helper()
	n, err := clinical.ParseNHSNumber(digits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func open(t testing.TB, path string) *audit.Ledger {
	t.Helper()
	ledger, err := audit.Open(t.Context(), path, key, nobodySay)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ledger.Close() })
	return ledger
}

func closeNow(t testing.TB, ledger *audit.Ledger) {
	t.Helper()
	if err := ledger.Close(); err != nil {
		t.Fatal(err)
	}
}

func appendAll(t testing.TB, ledger *audit.Ledger, entries ...audit.Entry) []audit.Receipt {
	t.Helper()
	receipts, err := ledger.Append(t.Context(), entries...)
	if err != nil {
		t.Fatal(err)
	}
	return receipts
}

func verify(t testing.TB, ledger *audit.Ledger, noted ...audit.Receipt) audit.Report {
	t.Helper()
	report, err := ledger.Verify(t.Context(), noted...)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func path(t testing.TB) string { return filepath.Join(t.TempDir(), "ledger.sqlite") }

// access is an entry with every field filled.
func access(person clinical.NHSNumber, request string) audit.Entry {
	return audit.Entry{
		Time:      time.Date(2026, 11, 22, 3, 0, 0, 5000, time.UTC),
		RequestID: request,
		Caller:    audit.Caller{ID: "555021935107", Name: "Dr A. Example", Role: "R0260", Organisation: "F84004"},
		Purpose:   "TREAT",
		Person:    person,
		Outcome:   audit.OutcomeReleased,
		Kinds:     []string{"AllergyIntolerance", "Medication"},
		Withheld:  []string{"Document"},
		Reasons:   []string{"role_clinician", "objection_not_upheld"}, Relationship: "claimed", ClaimedReason: "unconscious in resus",
		Sources:        []audit.SourceOutcome{{Source: "barts-millennium", Outcome: "answered", Records: 12}, {Source: "bhrut-pas", Outcome: "timed_out"}},
		PolicyRevision: "r7", ConsentRevision: 41, AnswerDigest: []byte{0xde, 0xad}, Alert: true,
	}
}

func TestAnEntryIsReadBackAsItWasWrittenButForThePerson(t *testing.T) {
	ledger, person := open(t, path(t)), number(t, "9434765919")
	written := access(person, "req-1")
	receipts := appendAll(t, ledger, written)
	entries, err := ledger.Entries(t.Context(), audit.Query{Person: person})
	if err != nil {
		t.Fatal(err)
	}
	written.Person = clinical.NHSNumber{}
	want := []audit.Written{{Receipt: receipts[0], Subject: ledger.Person(person), Entry: written}}
	if diff := cmp.Diff(want, entries, cmpopts.EquateComparable(clinical.NHSNumber{})); diff != "" {
		t.Errorf("entry differs (-written +read):\n%s", diff)
	}
}

func TestAPersonsEntriesAreFoundWithoutAnybodyElses(t *testing.T) {
	ledger, ours, other := open(t, path(t)), number(t, "9434765919"), number(t, "9434765870")
	for i := range 6 {
		appendAll(t, ledger, access(ours, fmt.Sprintf("ours-%d", i)), access(other, fmt.Sprintf("other-%d", i)))
	}
	for _, c := range []struct {
		name  string
		query audit.Query
		want  string
	}{
		{"oldest first", audit.Query{Person: ours, Limit: 3}, "ours-0 ours-1 ours-2"},
		{"the page after", audit.Query{Person: ours, After: 5, Limit: 2}, "ours-3 ours-4"},
		{"newest first", audit.Query{Person: ours, NewestFirst: true, Limit: 2}, "ours-5 ours-4"},
		{"the page before", audit.Query{Person: ours, NewestFirst: true, After: 9, Limit: 9}, "ours-3 ours-2 ours-1 ours-0"},
		{"everybody", audit.Query{Everybody: true, Limit: 3}, "ours-0 other-0 ours-1"},
		{"a person never asked for", audit.Query{Person: number(t, "9990548609")}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			entries, err := ledger.Entries(t.Context(), c.query)
			if err != nil {
				t.Fatal(err)
			}
			var requests []string
			for _, entry := range entries {
				requests = append(requests, entry.Entry.RequestID)
			}
			if got := strings.Join(requests, " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if _, err := ledger.Entries(t.Context(), audit.Query{}); err == nil {
		t.Error("a query for no person gave entries: it must not mean everybody")
	}
}

func TestAnEntryThatSaysTooLittleIsRefused(t *testing.T) {
	ledger := open(t, path(t))
	for _, c := range []struct {
		name  string
		spoil func(*audit.Entry)
	}{
		{"no outcome", func(e *audit.Entry) { e.Outcome = "" }},
		{"an outcome nobody knows", func(e *audit.Entry) { e.Outcome = "maybe" }},
		{"no time", func(e *audit.Entry) { e.Time = time.Time{} }},
		{"no request id", func(e *audit.Entry) { e.RequestID = "" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			good, bad := access(number(t, "9434765919"), "good"), access(number(t, "9434765919"), "bad")
			c.spoil(&bad)
			if _, err := ledger.Append(t.Context(), good, bad); err == nil {
				t.Error("it was written")
			}
		})
	}
	if report := verify(t, ledger); report.Entries != 0 {
		t.Errorf("%d entries were kept of calls that failed", report.Entries)
	}
}

func TestConcurrentCallersAreAllWrittenInOneChain(t *testing.T) {
	const callers, each = 64, 50
	file := path(t)
	ledger, person := open(t, file), number(t, "9434765919")
	receipts := make([][]audit.Receipt, callers)
	var group sync.WaitGroup
	for caller := range callers {
		group.Go(func() {
			for i := range each {
				got, err := ledger.Append(context.Background(), access(person, fmt.Sprintf("%d-%d", caller, i)))
				if err != nil {
					t.Error(err)
					return
				}
				receipts[caller] = append(receipts[caller], got...)
			}
		})
	}
	group.Wait()
	closeNow(t, ledger)
	again := open(t, file)
	all, seen := []audit.Receipt{}, map[uint64]bool{}
	for caller, own := range receipts {
		for i, receipt := range own {
			if i > 0 && receipt.Sequence <= own[i-1].Sequence {
				t.Errorf("caller %d: entry %d came before the one it followed", caller, i)
			}
			all, seen[receipt.Sequence] = append(all, receipt), true
		}
	}
	report := verify(t, again, all...)
	if !report.Intact() || report.Entries != callers*each || len(seen) != callers*each {
		t.Errorf("report %+v, %d different sequences, want %d entries", report, len(seen), callers*each)
	}
}

func TestALedgerIsVerifiedByAnotherReaderWhileItIsWritten(t *testing.T) {
	file := path(t)
	ledger, person := open(t, file), number(t, "9434765919")
	appendAll(t, ledger, access(person, "first"))
	reader, err := audit.OpenReader(t.Context(), file, key, nobodySay)
	if err != nil {
		t.Fatal(err)
	}
	defer closeNow(t, reader)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 100 {
			if _, err := ledger.Append(context.Background(), access(person, fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
		}
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		if report := verify(t, reader); !report.Intact() {
			t.Fatalf("a ledger being written was found broken: %+v", report)
		}
	}
	if report := verify(t, reader); report.Entries != 101 {
		t.Errorf("the reader sees %d entries, want 101", report.Entries)
	}
	if _, err := reader.Append(t.Context(), access(person, "no")); !errors.Is(err, audit.ErrUnavailable) {
		t.Errorf("a reader wrote: %v", err)
	}
}

// What callers type may hold anything, so nothing they say may be found in the file either.
func TestNothingOfAPatientIsInTheFilesOrTheLog(t *testing.T) {
	logger, logs := testkit.Logs(t)
	file, person := path(t), number(t, "9434765919")
	ledger, err := audit.Open(t.Context(), file, key, logger)
	if err != nil {
		t.Fatal(err)
	}
	entry := access(person, "req-1")
	entry.ClaimedReason = "Mrs Marmalade, 943 476 5919, collapsed"
	appendAll(t, ledger, entry)
	marks := []string{person.Reveal(), "943 476 5919", "Marmalade", "Medication", "Dr A. Example"}
	search := func(when string) {
		files, err := filepath.Glob(file + "*")
		if err != nil || len(files) < 2 {
			t.Fatalf("%s: found %v (%v)", when, files, err)
		}
		for _, name := range files {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, mark := range marks {
				if bytes.Contains(content, []byte(mark)) {
					t.Errorf("%s: %q stands in %s", when, mark, filepath.Base(name))
				}
			}
		}
	}
	search("while open")
	closeNow(t, ledger)
	search("once closed")
	for _, mark := range marks {
		if logs.Contains(mark) {
			t.Errorf("%q was logged", mark)
		}
	}
}

func TestTheFilesBelongToThisAccountAlone(t *testing.T) {
	file := path(t)
	appendAll(t, open(t, file), access(number(t, "9434765919"), "req-1"))
	files, _ := filepath.Glob(file + "*")
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", filepath.Base(name), info.Mode())
		}
	}
}
