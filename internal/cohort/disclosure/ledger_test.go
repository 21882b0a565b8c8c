package disclosure_test

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/disclosure"
	"onelondon/internal/embedded"
)

func options(path string) disclosure.Options {
	return disclosure.Options{Path: path, Key: embedded.Key{1}, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC) }}
}

func open(t *testing.T, path string) *disclosure.Ledger {
	t.Helper()
	ledger, err := disclosure.Open(t.Context(), options(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ledger.Close() })
	return ledger
}

// asked is a question of everybody's records, with so many people known of.
func asked(name string, of *cohort.Counted, by ...cohort.Dimension) disclosure.Question {
	definition := asking(by...)
	definition.Name = name
	definition.People = &cohort.Criterion{Has: &cohort.Has{Events: name}}
	everybody := of.Everybody
	if len(everybody) < 400 {
		everybody = people(0, 400)
	}
	known := counted(cohort.Cell{Key: []string{}, People: everybody})
	return disclosure.Question{Definition: definition, Digest: "sha256:" + name, Counted: of, Known: known, Rules: rules()}
}

func commit(t *testing.T, ledger *disclosure.Ledger, q disclosure.Question) *cohort.Answer {
	t.Helper()
	reservation, err := ledger.Reserve(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	answer := &cohort.Answer{Definition: *q.Definition, Digest: q.Digest, Project: "trial"}
	if err := reservation.Commit(t.Context(), answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func refused(t *testing.T, ledger *disclosure.Ledger, q disclosure.Question, code string) *disclosure.Refusal {
	t.Helper()
	_, err := ledger.Reserve(t.Context(), q)
	var refusal *disclosure.Refusal
	if !errors.As(err, &refusal) || refusal.Code != code {
		t.Fatalf("%s: %v, and not %s", q.Digest, err, code)
	}
	return refusal
}

func TestAQuestionThatDiffersByFewIsRefused(t *testing.T) {
	ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
	commit(t, ledger, asked("first", counted(cell(people(1, 100)))))
	refusal := refused(t, ledger, asked("second", counted(cell(people(1, 93)))), disclosure.NearAnother)
	if refusal.Earlier != 1 || !strings.Contains(refusal.Words, "question 1 of this project (first, version 1, 27 November 2026)") {
		t.Error(refusal.Words)
	}
	commit(t, ledger, asked("third", counted(cell(people(1, 92)))))
	commit(t, ledger, asked("fourth", counted(cell(people(1, 100)))))
	refused(t, ledger, asked("second", counted(cell(people(1, 93)))), disclosure.RefusedBefore)
}

func TestTheSameQuestionGetsTheAnswerOfThen(t *testing.T) {
	ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
	first := commit(t, ledger, asked("first", counted(cell(people(1, 100)))))
	again, err := ledger.Reserve(t.Context(), asked("first", counted(cell(people(1, 50)))))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, again.Earlier); diff != "" {
		t.Error(diff)
	}
	if err := again.Commit(t.Context(), &cohort.Answer{}); !errors.Is(err, disclosure.ErrDone) {
		t.Errorf("an answer of then was committed again: %v", err)
	}
}

func TestSumsOfCellsThatDifferByFewAreRefused(t *testing.T) {
	groups := cohort.Dimension{Kind: cohort.ByGroup, Groups: []cohort.Group{{Name: "a"}, {Name: "b"}, {Name: "c"}}}
	ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
	commit(t, ledger, asked("first", counted(cell(people(0, 50), "a"), cell(people(50, 50), "b"), cell(people(100, 50), "c")), groups))
	// Cells that overlap those widely, but of which two together lack three people.
	mixed := slices.Concat(people(0, 25), people(50, 25))
	rest := slices.Concat(people(25, 25), people(75, 22))
	refused(t, ledger, asked("second", counted(cell(mixed, "a"), cell(rest, "b")), groups), disclosure.NearAnother)
	commit(t, ledger, asked("third", counted(cell(mixed, "a"), cell(slices.Concat(people(25, 25), people(75, 25)), "b")), groups))
}

func TestCellsThatOverlapAreHeldAgainstOthersOneByOne(t *testing.T) {
	groups := cohort.Dimension{Kind: cohort.ByGroup, Groups: []cohort.Group{{Name: "a"}, {Name: "b"}}}
	ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
	of := counted(cell(people(0, 100), "a"), cell(people(50, 100), "b"))
	of.Overlapping = true
	commit(t, ledger, asked("first", of, groups))
	refused(t, ledger, asked("second", counted(cell(people(50, 98)))), disclosure.NearAnother)
	twins := counted(cell(people(200, 50), "a"), cell(people(200, 52), "b"))
	twins.Overlapping = true
	answer := commit(t, ledger, asked("third", twins, groups))
	if diff := cmp.Diff(map[string]float64{"/a": -1, "/b": 50}, shownPeople(answer.Result)); diff != "" {
		t.Error(diff)
	}
}

func TestAProjectHasSoManyQuestionsRefusedOnesIncluded(t *testing.T) {
	ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
	few := func(q disclosure.Question) disclosure.Question {
		q.Rules.MostQuestions = 2
		return q
	}
	first := few(asked("first", counted(cell(people(1, 100)))))
	commit(t, ledger, first)
	refused(t, ledger, few(asked("second", counted(cell(people(1, 97))))), disclosure.NearAnother)
	refused(t, ledger, few(asked("third", counted(cell(people(200, 97))))), disclosure.TooManyQuestions)
	if again, err := ledger.Reserve(t.Context(), first); err != nil || again.Earlier == nil {
		t.Errorf("an answer of then is not given: %v", err)
	}
}

func TestALedgerRemembersAfterItWasClosed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	ledger := open(t, path)
	first := commit(t, ledger, asked("first", counted(cell(people(1, 100)))))
	refused(t, ledger, asked("second", counted(cell(people(1, 93)))), disclosure.NearAnother)
	if err := ledger.Close(); err != nil {
		t.Fatal(err)
	}
	ledger = open(t, path)
	again, err := ledger.Again(t.Context(), disclosure.Repeated{Digest: "sha256:first", Rules: rules()})
	if diff := cmp.Diff(first, again); diff != "" || err != nil {
		t.Error(diff, err)
	}
	refused(t, ledger, asked("second", counted(cell(people(1, 93)))), disclosure.RefusedBefore)
	refused(t, ledger, asked("third", counted(cell(people(1, 94)))), disclosure.NearAnother)
}

func TestALedgerThatWasChangedOrHasAnotherKeyIsNotOpened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	ledger := open(t, path)
	commit(t, ledger, asked("first", counted(cell(people(1, 100)))))
	if err := ledger.Close(); err != nil {
		t.Fatal(err)
	}
	other := options(path)
	other.Key = embedded.Key{2}
	if _, err := disclosure.Open(t.Context(), other); !errors.Is(err, embedded.ErrKey) {
		t.Errorf("opened with another key: %v", err)
	}
	meddle(t, path)
	if opened, err := disclosure.Open(t.Context(), options(path)); !errors.Is(err, embedded.ErrBroken) {
		_ = opened.Close()
		t.Errorf("opened though it was changed: %v", err)
	}
}

// meddle changes the answer that is kept, as whoever has the file could.
func meddle(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, statement := range []string{"DROP TRIGGER entry_stays", "UPDATE entry SET body = zeroblob(length(body))"} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAForgottenProjectLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	ledger := open(t, filepath.Join(folder, "ledger"))
	commit(t, ledger, asked("first", counted(cell(people(1, 100)))))
	if err := ledger.Forget(); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}

func TestTwoQuestionsAtOnceDoNotPassEachOther(t *testing.T) {
	ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
	answered := make(chan bool, 8)
	for i := range 8 {
		go func() {
			reservation, err := ledger.Reserve(t.Context(), asked(fmt.Sprint("question-", i), counted(cell(people(i, 100)))))
			if err == nil {
				err = reservation.Commit(t.Context(), &cohort.Answer{})
			}
			answered <- err == nil
		}()
	}
	count := 0
	for range 8 {
		if <-answered {
			count++
		}
	}
	// Those who are one to three people apart on either side differ by two to six.
	if count != 2 && count != 1 {
		t.Errorf("%d of 8 near questions were answered", count)
	}
}

func TestACancelledQuestionIsAsIfNeverAsked(t *testing.T) {
	ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
	reservation, err := ledger.Reserve(t.Context(), asked("first", counted(cell(people(1, 100)))))
	if err != nil {
		t.Fatal(err)
	}
	reservation.Cancel()
	reservation.Cancel()
	commit(t, ledger, asked("second", counted(cell(people(1, 97)))))
}

func TestNothingIsDecidedWithoutKnowingWhoCouldBeCounted(t *testing.T) {
	ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
	q := asked("first", counted(cell(people(1, 100))))
	q.Known = nil
	if _, err := ledger.Reserve(t.Context(), q); !errors.Is(err, disclosure.ErrUnknownPeople) {
		t.Errorf("decided without: %v", err)
	}
	q.Known = counted(cohort.Cell{Key: []string{}, People: people(1, 99)})
	if _, err := ledger.Reserve(t.Context(), q); !errors.Is(err, disclosure.ErrUnknownPeople) {
		t.Errorf("decided about somebody who is not known: %v", err)
	}
}

// thoseOf is a question about the records of those who satisfy a fact, whom the two sets are.
func thoseOf(name string, fact cohort.Criterion, yes, no, counting []clinical.Pseudonym) disclosure.Question {
	q := asked(name, counted(cell(counting)))
	q.Definition.People = &cohort.Criterion{All: []cohort.Criterion{fact, {Has: &cohort.Has{Events: "e"}}}}
	q.Known = counted(cohort.Cell{Key: []string{"yes"}, People: yes}, cohort.Cell{Key: []string{"no"}, People: no})
	return q
}

func TestAQuestionThatWouldTellFewPeopleApartIsRefusedWhateverTheirRecordsSay(t *testing.T) {
	for name, has := range map[string][]clinical.Pseudonym{"has": people(1, 100), "has not": people(2, 99)} {
		ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
		first := asked("first", counted(cell(has)))
		commit(t, ledger, first)
		one := cohort.Criterion{Practice: []clinical.Text{"Y00001"}}
		q := thoseOf("second", cohort.Criterion{Not: &one}, people(1, 1), slices.Concat(people(0, 1), people(2, 398)), people(2, 99))
		if refusal := refused(t, ledger, q, disclosure.FewToldApart); refusal.Earlier != 0 {
			t.Errorf("%s: %v", name, refusal)
		}
	}
}

func TestPeopleWhoAreKnownToBeThereDoNotLiftOthersOverTheThreshold(t *testing.T) {
	ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
	fact := cohort.Criterion{Practice: []clinical.Text{"Y00001"}}
	q := thoseOf("first", fact, people(0, 42), people(42, 358), slices.Concat(people(0, 42), people(50, 6)))
	q.Definition.People.Any, q.Definition.People.All = q.Definition.People.All, nil
	if got := shownPeople(commit(t, ledger, q).Result)[""]; got != 40 {
		t.Errorf("42 who are known to be there and 6 others are shown as %v", got)
	}
}
