package consent_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/testkit"
)

var (
	key       = consent.Key{1, 2, 3}
	nobodySay = slog.New(slog.DiscardHandler)
)

func path(t testing.TB) string { return filepath.Join(t.TempDir(), "register.sqlite") }

func open(t testing.TB, file string) *consent.Register {
	t.Helper()
	register, err := consent.Open(t.Context(), file, key, nobodySay)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = register.Close() })
	return register
}

func closeNow(t testing.TB, register *consent.Register) {
	t.Helper()
	if err := register.Close(); err != nil {
		t.Fatal(err)
	}
}

// person is the nth of many people with valid numbers.
func person(t testing.TB, n int) clinical.NHSNumber {
	t.Helper()
	stem := fmt.Sprintf("9%08d", n)
	for check := range 10 {
		if number, err := clinical.ParseNHSNumber(stem + fmt.Sprint(check)); err == nil {
			return number
		}
	}
	return person(t, n+50_000_000) // a tenth of the stems have no check digit
}

func says(who clinical.NHSNumber, step consent.Step) consent.Directive {
	return consent.Directive{Person: who, About: consent.SharedRecord{Step: step}, Authority: consent.Self, RecordedBy: "555021935107",
		At: time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC), Reason: "needed to treat them"}
}

func record(t testing.TB, register *consent.Register, directive consent.Directive) consent.Revision {
	t.Helper()
	revision, err := register.Record(t.Context(), directive)
	if err != nil {
		t.Fatal(err)
	}
	return revision
}

func expect(t testing.TB, register *consent.Register, who clinical.NHSNumber, want consent.Objection, at consent.Revision) {
	t.Helper()
	state, revision, err := register.State(who)
	if err != nil || state.Objection != want || revision != at {
		t.Errorf("got %v at revision %d (%v), want %v at %d", state.Objection, revision, err, want, at)
	}
}

func TestTheLastThingSaidHoldsNowAndAfterReopening(t *testing.T) {
	for _, c := range []struct {
		name string
		said []consent.Step
		want consent.Objection
	}{
		{"nothing", nil, consent.ObjectionNone},
		{"an objection", []consent.Step{consent.Requested}, consent.ObjectionRequested},
		{"an objection upheld", []consent.Step{consent.Requested, consent.Upheld}, consent.ObjectionUpheld},
		{"an objection not upheld", []consent.Step{consent.Requested, consent.NotUpheld}, consent.ObjectionNotUpheld},
		{"an objection upheld and withdrawn", []consent.Step{consent.Requested, consent.Upheld, consent.Withdrawn}, consent.ObjectionNone},
		{"an objection made again", []consent.Step{consent.Upheld, consent.Withdrawn, consent.Requested}, consent.ObjectionRequested},
		{"a withdrawal of nothing", []consent.Step{consent.Withdrawn}, consent.ObjectionNone},
	} {
		t.Run(c.name, func(t *testing.T) {
			file, ours, other := path(t), person(t, 1), person(t, 2)
			register := open(t, file)
			for i, step := range c.said {
				if got := record(t, register, says(ours, step)); got != consent.Revision(i+1) {
					t.Errorf("revision %d, want %d", got, i+1)
				}
			}
			last := consent.Revision(len(c.said))
			expect(t, register, ours, c.want, last)
			expect(t, register, other, consent.ObjectionNone, last)
			closeNow(t, register)
			register = open(t, file)
			expect(t, register, ours, c.want, last)
			expect(t, register, other, consent.ObjectionNone, last)
			if got := record(t, register, says(other, consent.Upheld)); got != last+1 {
				t.Errorf("revision %d after reopening, want %d", got, last+1)
			}
		})
	}
}

func TestTheWordsOfAnObjectionAreThosePolicySpeaks(t *testing.T) {
	for objection, want := range map[consent.Objection]string{
		consent.ObjectionNone: "none", consent.ObjectionRequested: "requested", consent.ObjectionUpheld: "upheld",
		consent.ObjectionNotUpheld: "not_upheld", 9: "Objection(9)",
	} {
		if got := objection.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestWhatIsRecordedIsAnsweredByBeforeTheCallerKnows(t *testing.T) {
	const callers, each = 32, 25
	file := path(t)
	register := open(t, file)
	revisions := make(chan consent.Revision, callers*each)
	var group sync.WaitGroup
	for caller := range callers {
		group.Go(func() {
			who, last := person(t, 1000+caller), consent.Revision(0)
			for i := range each {
				step, want := consent.Upheld, consent.ObjectionUpheld
				if i%2 == 1 {
					step, want = consent.Withdrawn, consent.ObjectionNone
				}
				revision, err := register.Record(context.Background(), says(who, step))
				if err != nil || revision <= last {
					t.Errorf("revision %d after %d (%v)", revision, last, err)
					return
				}
				state, at, err := register.State(who)
				if err != nil || state.Objection != want || at < revision {
					t.Errorf("%v at %d (%v), recorded %v at %d", state.Objection, at, err, want, revision)
				}
				last = revision
				revisions <- revision
			}
		})
	}
	group.Wait()
	close(revisions)
	seen := map[consent.Revision]bool{}
	for revision := range revisions {
		seen[revision] = true
	}
	closeNow(t, register)
	if len(seen) != callers*each {
		t.Errorf("%d different revisions of %d", len(seen), callers*each)
	}
	register = open(t, file)
	for caller := range callers {
		expect(t, register, person(t, 1000+caller), consent.ObjectionUpheld, callers*each)
	}
}

func TestAClosedRegisterSaysNothing(t *testing.T) {
	register := open(t, path(t))
	record(t, register, says(person(t, 1), consent.Upheld))
	closeNow(t, register)
	if state, _, err := register.State(person(t, 1)); !errors.Is(err, consent.ErrUnavailable) || state.Objection != consent.ObjectionNone {
		t.Errorf("got %v and %v", state, err)
	}
	if _, err := register.Record(t.Context(), says(person(t, 1), consent.Withdrawn)); !errors.Is(err, consent.ErrUnavailable) {
		t.Errorf("recording gave %v", err)
	}
}

func TestNothingOfAPersonIsInTheFilesOrTheLog(t *testing.T) {
	logger, logs := testkit.Logs(t)
	file, who := path(t), person(t, 1)
	register, err := consent.Open(t.Context(), file, key, logger)
	if err != nil {
		t.Fatal(err)
	}
	directive := says(who, consent.NotUpheld)
	directive.Reason = "Mr Marmalade, born 1941, insists"
	record(t, register, directive)
	for _, directive := range everything(t, who) {
		record(t, register, directive)
	}
	marks := []string{who.Reveal(), person(t, 901).Reveal(), "Marmalade", "not_upheld", "555021935107", "R8003", "attorney",
		"opted_out", "lacking", "letter-17", "London Data Service"}
	for _, when := range []string{"while open", "once closed"} {
		files, _ := filepath.Glob(file + "*")
		if len(files) < 2 {
			t.Fatalf("%s: found %v", when, files)
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
		closeNow(t, register)
	}
	for _, mark := range marks {
		if logs.Contains(mark) {
			t.Errorf("%q was logged", mark)
		}
	}
	if !logs.Contains("made a new, empty log") {
		t.Error("an empty register was made without a warning")
	}
}

func TestSeveralDirectivesAreRecordedAllOrNone(t *testing.T) {
	register := open(t, path(t))
	good, bad := says(person(t, 1), consent.Requested), says(person(t, 2), "maybe")
	for name, directives := range map[string][]consent.Directive{"one is wrong": {good, bad}, "there is none": {}} {
		if _, err := register.Record(t.Context(), directives...); !errors.Is(err, consent.ErrDirective) {
			t.Errorf("%s: %v", name, err)
		}
	}
	expect(t, register, good.Person, consent.ObjectionNone, 0)
	if revision, err := register.Record(t.Context(), good, says(person(t, 2), consent.Upheld)); err != nil || revision != 2 {
		t.Errorf("revision %d, %v", revision, err)
	}
	expect(t, register, good.Person, consent.ObjectionRequested, 2)
	expect(t, register, person(t, 2), consent.ObjectionUpheld, 2)
}
