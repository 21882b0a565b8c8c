package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// seen is an event in comparable form: NaN equals itself.
type seen struct {
	set int
	sources.Event
	value uint64
}

func (s *suite) counters(t *testing.T) (source, reference sources.Counter) {
	t.Helper()
	counter, ok := s.source.(sources.Counter)
	if !ok {
		t.Fatal("the source cannot count")
	}
	return counter, s.data.Memory()
}

// events asks for events, each of which may be repeated.
func events(t *testing.T, of sources.Counter, sets []sources.RecordedSet, stand sources.Stand) map[seen]bool {
	t.Helper()
	all, last := map[seen]bool{}, 0
	query := sources.EventQuery{Caller: sources.Caller{ID: "u", Purpose: "HRESCH"}, Sets: sets, Stand: stand, Organisation: numbered}
	err := of.Events(t.Context(), query, func(set int, event sources.Event) error {
		if set < last {
			t.Errorf("set %d comes after %d", set, last)
		}
		last = set
		one := seen{set: set, Event: event}
		one.value, one.Value = math.Float64bits(event.Value), 0
		if event.Value != event.Value {
			one.value = math.Float64bits(math.NaN())
		}
		all[one] = true
		return nil
	})
	if err != nil {
		t.Fatalf("count events: %v", err)
	}
	return all
}

// numbered maps organisations to numbers by their letters.
func numbered(code clinical.Text) uint32 {
	number := uint32(1)
	for _, c := range []byte(code) {
		number = number*31 + uint32(c)
	}
	return number
}

// superseded is a study in which two numbers belong to one person.
func superseded(number clinical.NHSNumber) (clinical.Pseudonym, bool) {
	if number.Reveal() == "9990000034" {
		return clinical.Pseudonym(9990000018), true
	}
	var person clinical.Pseudonym
	for _, c := range []byte(number.Reveal()) {
		person = person*10 + clinical.Pseudonym(c-'0')
	}
	return person, true
}

// anySet is the set of all records of a kind.
func anySet(kind clinical.Kind, wanted sources.EventFields) sources.RecordedSet {
	return sources.RecordedSet{Kind: kind, Condition: condition.Always(), From: clinical.NoDay, Until: clinical.NoDay, Wanted: wanted}
}

const everyField = sources.WantDay | sources.WantEnd | sources.WantValue | sources.WantMark | sources.WantOrganisation

func (s *suite) sameEvents(t *testing.T, sets ...sources.RecordedSet) int {
	t.Helper()
	source, reference := s.counters(t)
	return SameEvents(t, source, reference, sets...)
}

// SameEvents asks both source and reference for the sets and compares the results, as far as the reductions determine
// them. It returns the number of events in the reference.
func SameEvents(t *testing.T, source, reference sources.Counter, sets ...sources.RecordedSet) int {
	t.Helper()
	got := events(t, source, sets, superseded)
	all := events(t, reference, sets, superseded)
	for one := range got {
		if !all[one] {
			t.Fatalf("%+v of %+v: there is no such event", one, sets[one.set])
		}
	}
	for one := range demanded(t, reference, sets) {
		if !got[one] && !(sets[one.set].Reduce == sources.ReduceToAny && hasAny(got, one)) {
			t.Fatalf("%+v of %+v is missing", one, sets[one.set])
		}
	}
	return len(all)
}

func hasAny(events map[seen]bool, like seen) bool {
	for one := range events {
		if one.set == like.set && one.Person == like.Person {
			return true
		}
	}
	return false
}

// demanded are the events that no reduction may drop.
func demanded(t *testing.T, reference sources.Counter, sets []sources.RecordedSet) map[seen]bool {
	t.Helper()
	dated := make([]sources.RecordedSet, len(sets))
	for i := range sets {
		dated[i] = sets[i]
		dated[i].Wanted |= sources.WantDay
	}
	type whose struct {
		set    int
		person clinical.Pseudonym
	}
	all, ends := events(t, reference, dated, superseded), map[whose]clinical.Day{}
	for one := range all {
		end, known := ends[whose{one.set, one.Person}]
		later := known && one.Day > end
		if one.Day != clinical.NoDay && (!known || later == (sets[one.set].Reduce == sources.ReduceToLast)) {
			ends[whose{one.set, one.Person}] = one.Day
		}
	}
	demanded := map[seen]bool{}
	for one := range all {
		set := &sets[one.set]
		end, known := ends[whose{one.set, one.Person}]
		reduced := set.Reduce == sources.ReduceToFirst || set.Reduce == sources.ReduceToLast
		if reduced && (!known || one.Day != end) {
			continue
		}
		if set.Wanted&sources.WantDay == 0 {
			one.Day = 0
		}
		demanded[one] = true
	}
	return demanded
}

func (s *suite) countKinds(t *testing.T) {
	total := 0
	var sets []sources.RecordedSet
	for _, kind := range clinical.Kinds() {
		sets = append(sets, anySet(kind, everyField))
		total += s.sameEvents(t, anySet(kind, everyField))
	}
	if together := s.sameEvents(t, sets...); together != total || total < 100 {
		t.Errorf("%d events together, %d by themselves", together, total)
	}
	never := anySet(clinical.KindObservation, everyField)
	never.Condition = condition.Never()
	if s.sameEvents(t, never) != 0 || s.sameEvents(t) != 0 {
		t.Error("something was released")
	}
}

// countTogether counts every kind in one question.
func (s *suite) countTogether(t *testing.T) {
	var sets []sources.RecordedSet
	for _, kind := range clinical.Kinds() {
		sets = append(sets, anySet(kind, everyField))
	}
	if total := s.sameEvents(t, sets...); total < 100 {
		t.Errorf("%d events", total)
	}
}

func (s *suite) countFields(t *testing.T) {
	bound := 0.0
	for _, kind := range []clinical.Kind{clinical.KindObservation, clinical.KindEncounter} {
		for wanted := range everyField + 1 {
			for reduce := sources.ReduceNothing; reduce <= sources.ReduceToLast; reduce++ {
				set := anySet(kind, wanted)
				set.Reduce = reduce
				s.sameEvents(t, set)
				set.From = day("1931-11-05")
				s.sameEvents(t, set)
				set.Until = day("2020-02-28")
				s.sameEvents(t, set)
				set.Undated = true
				s.sameEvents(t, set)
				set.Value.AtLeast = &bound
				s.sameEvents(t, set)
			}
		}
	}
}

func day(text string) clinical.Day {
	of, err := clinical.ParseDay(text)
	if err != nil {
		return clinical.NoDay
	}
	return of
}

func (s *suite) countDrawn(t *testing.T) {
	q := newQuestioner(5, s.data)
	total, some := 0, 0
	for range 400 {
		sets := []sources.RecordedSet{q.set()}
		if q.random.IntN(4) == 0 {
			sets = append(sets, q.set())
		}
		total++
		if s.sameEvents(t, sets...) > 0 {
			some++
		}
	}
	if some < total/4 {
		t.Errorf("only %d of %d questions find anything", some, total)
	}
}

func (s *suite) facts(t *testing.T) {
	source, reference := s.counters(t)
	q, most := newQuestioner(6, s.data), 0
	for i := range 60 {
		released := condition.Always()
		if i > 0 {
			released = q.condition()
		}
		all := func(of sources.Counter) map[sources.Facts]bool {
			found := map[sources.Facts]bool{}
			query := sources.FactQuery{Stand: superseded, Condition: released}
			if err := of.Facts(t.Context(), query, func(f sources.Facts) error { found[f] = true; return nil }); err != nil {
				t.Fatalf("count facts: %v", err)
			}
			return found
		}
		want := all(reference)
		most = max(most, len(want))
		if diff := cmp.Diff(want, all(source)); diff != "" {
			t.Fatalf("(-want +got) %s", diff)
		}
	}
	if most < 3 {
		t.Errorf("the sample has facts of %d registrations", most)
	}
}

func (s *suite) standIns(t *testing.T) {
	source, reference := s.counters(t)
	left := func(number clinical.NHSNumber) (clinical.Pseudonym, bool) {
		person, _ := superseded(number)
		return person, number.Reveal() != "9990000018"
	}
	sets := []sources.RecordedSet{anySet(clinical.KindObservation, everyField), anySet(clinical.KindContact, 0)}
	want, got := events(t, reference, sets, left), events(t, source, sets, left)
	if len(want) == 0 || fmt.Sprint(len(want)) != fmt.Sprint(len(got)) {
		t.Errorf("%d events, want %d", len(got), len(want))
	}
	for one := range want {
		if !got[one] || one.Person != 9990000018 { // the one that is left is the person whose number is superseded
			t.Errorf("%+v is missing, or of somebody else", one)
		}
	}
}

// stopCounting stops repeatedly, and asks something else each time.
func (s *suite) stopCounting(t *testing.T) {
	source, _ := s.counters(t)
	stop := errors.New("enough")
	query := sources.EventQuery{Sets: []sources.RecordedSet{anySet(clinical.KindObservation, everyField)}, Stand: superseded, Organisation: numbered}
	for range 5 {
		calls := 0
		err := source.Events(t.Context(), query, func(int, sources.Event) error { calls++; return stop })
		if err != stop || calls != 1 {
			t.Fatalf("got %v after %d, want the caller's own error after 1", err, calls)
		}
		err = source.Facts(t.Context(), sources.FactQuery{Stand: superseded, Condition: condition.Always()}, func(sources.Facts) error { calls++; return stop })
		if err != stop || calls != 2 {
			t.Fatalf("got %v after %d, want the caller's own error after 1", err, calls-1)
		}
		s.same(t, everything(s.data.Numbers()[0], clinical.KindAlert))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := source.Events(ctx, query, func(int, sources.Event) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v from a caller who has gone", err)
	}
	s.sameEvents(t, query.Sets...) // the source must still work
}
