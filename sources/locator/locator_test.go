package locator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/locator"
)

// list is a source's list, or the error it fails with after listing.
type list struct {
	people []sources.Membership
	err    error
}

func (l list) People(_ context.Context, yield func(sources.Membership) error) error {
	for _, m := range l.people {
		if err := yield(m); err != nil {
			return err
		}
	}
	return l.err
}

// number makes the n-th valid NHS number.
func number(n int) clinical.NHSNumber {
	for start := 900000000 + n*3; ; start++ {
		for check := range 10 {
			if parsed, err := clinical.ParseNHSNumber(fmt.Sprintf("%d%d", start, check)); err == nil {
				return parsed
			}
		}
	}
}

func members(organisation clinical.Text, numbers ...int) []sources.Membership {
	var all []sources.Membership
	for _, n := range numbers {
		all = append(all, sources.Membership{Person: number(n), Organisation: organisation})
	}
	return all
}

func fill(t testing.TB, l *locator.Locator, id clinical.SourceID, people []sources.Membership) {
	t.Helper()
	if err := l.Refresh(t.Context(), id, list{people: people}); err != nil {
		t.Fatal(err)
	}
}

func TestAPersonIsFoundWhereTheyAreKnownAndNowhereElse(t *testing.T) {
	l := locator.New([32]byte{1}, nil)
	fill(t, l, "barts", append(members("R1H", 1, 2, 2, 3), sources.Membership{}))
	fill(t, l, "emis", []sources.Membership{
		{Person: number(2), Organisation: "F84003", Registered: true}, {Person: number(2), Organisation: "F84001", Sensitive: true}})
	want := locator.Located{Sources: []clinical.SourceID{"barts", "emis"}, Holdings: []locator.Holding{
		{Source: "barts", Organisation: "R1H"}, {Source: "emis", Organisation: "F84001", Sensitive: true},
		{Source: "emis", Organisation: "F84003", Registered: true}}, Uncertain: []clinical.SourceID{}}
	if diff := cmp.Diff(want, l.Locate(number(2))); diff != "" {
		t.Error(diff)
	}
	if located := l.Locate(number(9)); len(located.Sources)+len(located.Holdings)+len(located.Uncertain) != 0 {
		t.Errorf("somebody unknown was located: %+v", located)
	}
}

func TestAListSaysHowManyPeopleASourceKnows(t *testing.T) {
	l := locator.New([32]byte{1}, nil)
	if people, ok := l.Listed("emis"); ok || people != 0 {
		t.Errorf("%d people of a source that was never listed", people)
	}
	fill(t, l, "emis", append(members("F84001", 1, 2, 2), members("F84003", 2, 3)...))
	if people, ok := l.Listed("emis"); !ok || people != 3 {
		t.Errorf("%d people, listed %v; want 3", people, ok)
	}
	fill(t, l, "emis", members("F84001", 4))
	if people, _ := l.Listed("emis"); people != 1 {
		t.Errorf("%d people after another list; want 1", people)
	}
}

func TestNoNumberFindsNobody(t *testing.T) {
	l := locator.New([32]byte{1}, nil)
	fill(t, l, "barts", members("R1H", 1))
	l.Always("emis")
	for range 100 { // what the last lookup left behind must not matter
		l.Locate(number(1))
		if located := l.Locate(clinical.NHSNumber{}); len(located.Sources)+len(located.Holdings) != 0 || len(located.Uncertain) != 1 {
			t.Fatalf("no number was located: %+v", located)
		}
	}
}

func TestANewListTakesThePlaceOfTheOld(t *testing.T) {
	l := locator.New([32]byte{1}, nil)
	fill(t, l, "barts", members("R1H", 1, 2))
	fill(t, l, "homerton", members("RQX", 1, 2))
	fill(t, l, "barts", members("R1H", 2, 3))
	var got []string
	for n := 1; n <= 3; n++ {
		got = append(got, fmt.Sprint(l.Locate(number(n)).Sources))
	}
	if diff := cmp.Diff([]string{"[homerton]", "[barts homerton]", "[barts]"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestASourceWhoseListIsNotKnownIsAlwaysAsked(t *testing.T) {
	var log bytes.Buffer
	l := locator.New([32]byte{1}, slog.New(slog.NewTextHandler(&log, nil)))
	l.Always("fhir")
	fill(t, l, "barts", members("R1H", 1))
	fill(t, l, "pas", members("RF4", 1))
	gone := errors.New("9000000009 is gone")
	if err := l.Refresh(t.Context(), "barts", list{people: members("R1H", 5), err: gone}); !errors.Is(err, gone) {
		t.Errorf("got %v", err)
	}
	check := func(n int, sourcesKnown, uncertain string) {
		t.Helper()
		located := l.Locate(number(n))
		if got := fmt.Sprint(located.Sources, located.Uncertain); got != sourcesKnown+" "+uncertain {
			t.Errorf("person %d: got %s, want %s %s", n, got, sourcesKnown, uncertain)
		}
	}
	check(1, "[barts pas]", "[fhir]") // what barts listed before is kept
	check(5, "[]", "[barts fhir]")    // a list that broke off proves nothing
	fill(t, l, "barts", members("R1H", 5))
	check(1, "[pas]", "[fhir]")
	check(5, "[barts]", "[fhir]")
	if strings.Contains(log.String(), "9000000009") || !strings.Contains(log.String(), "source=barts") {
		t.Error("the log must name the source and nothing of its words")
	}
}

// slow lists one person once it is let go.
type slow struct{ begun, goOn chan struct{} }

func (s slow) People(_ context.Context, yield func(sources.Membership) error) error {
	close(s.begun)
	<-s.goOn
	return yield(sources.Membership{Person: number(1)})
}

func TestASourceIsUncertainWhileItIsListedForTheFirstTime(t *testing.T) {
	l := locator.New([32]byte{1}, nil)
	lister := slow{make(chan struct{}), make(chan struct{})}
	done := make(chan error)
	go func() { done <- l.Refresh(context.Background(), "barts", lister) }()
	<-lister.begun
	if located := l.Locate(number(1)); len(located.Uncertain) != 1 {
		t.Errorf("got %+v, want barts uncertain", located)
	}
	if _, ok := l.Age("barts"); ok {
		t.Error("an age before the first list")
	}
	close(lister.goOn)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if located := l.Locate(number(1)); len(located.Uncertain) != 0 || len(located.Sources) != 1 {
		t.Errorf("got %+v, want barts", located)
	}
	if listed, ok := l.Age("barts"); !ok || time.Since(listed) > time.Minute {
		t.Errorf("got %v %v", listed, ok)
	}
}

func TestNobodyIsEverMissedWhileListsChange(t *testing.T) {
	l := locator.New([32]byte{1}, nil)
	ids := []clinical.SourceID{"a", "b", "c", "d"}
	stop := make(chan struct{})
	var writers, readers sync.WaitGroup
	for _, id := range ids {
		l.Always(id)
		writers.Go(func() {
			for round := range 60 {
				fill(t, l, id, members("R1H", 1, 100+round, 200+round)) // person 1 is in every list
			}
		})
	}
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if located := l.Locate(number(1)); len(located.Sources)+len(located.Uncertain) != len(ids) {
					t.Errorf("got %+v, want all of %v", located, ids)
					return
				}
			}
		})
	}
	writers.Wait()
	close(stop)
	readers.Wait()
}

func TestTheIndexIsASetOfWhoIsWhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := locator.New([32]byte{7}, nil)
		truth := map[clinical.SourceID]map[int]bool{}
		for range rapid.IntRange(1, 12).Draw(t, "lists") {
			id := rapid.SampledFrom([]clinical.SourceID{"a", "b", "c"}).Draw(t, "source")
			numbers := rapid.SliceOfN(rapid.IntRange(0, 40), 0, 30).Draw(t, "people")
			truth[id] = map[int]bool{}
			for _, n := range numbers {
				truth[id][n] = true
			}
			if err := l.Refresh(context.Background(), id, list{people: members("R1H", numbers...)}); err != nil {
				t.Fatal(err)
			}
		}
		for n := range 41 {
			for _, id := range []clinical.SourceID{"a", "b", "c"} {
				if got := strings.Contains(fmt.Sprint(l.Locate(number(n)).Sources), string(id)); got != truth[id][n] {
					t.Fatalf("person %d at %s: %v", n, id, got)
				}
			}
		}
	})
}

func TestRetiredNumbersResolve(t *testing.T) {
	l := locator.New([32]byte{1}, nil)
	for _, step := range [][2]int{{1, 2}, {2, 3}, {4, 3}} {
		if err := l.Supersede(number(step[0]), number(step[1])); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range []int{1, 2, 4} {
		if current, retired := l.Current(number(n)); current != number(3) || !retired {
			t.Errorf("number %d does not lead to 3", n)
		}
	}
	if current, retired := l.Current(number(3)); current != number(3) || retired {
		t.Error("a number in use was taken for a retired one")
	}
	for _, step := range [][2]int{{3, 1}, {3, 3}, {5, 5}} {
		if err := l.Supersede(number(step[0]), number(step[1])); !errors.Is(err, locator.ErrCircle) {
			t.Errorf("%v: got %v, want a refusal", step, err)
		}
	}
}

func TestManySourcesAreListedTogether(t *testing.T) {
	l := locator.New([32]byte{1}, nil)
	broken := errors.New("broken")
	listers := map[clinical.SourceID]sources.Lister{"broken": list{err: broken}}
	for n := range 50 {
		listers[clinical.SourceID(fmt.Sprintf("source-%02d", n))] = list{people: members("R1H", 1, 100+n)}
	}
	if err := l.RefreshAll(t.Context(), listers, 4); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if located := l.Locate(number(1)); len(located.Sources) != 50 || fmt.Sprint(located.Uncertain) != "[broken]" {
		t.Errorf("found at %d sources, uncertain %v", len(located.Sources), located.Uncertain)
	}
	if located := l.Locate(number(107)); fmt.Sprint(located.Sources) != "[source-07]" {
		t.Errorf("got %v", located.Sources)
	}
}
