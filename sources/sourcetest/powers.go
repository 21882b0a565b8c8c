package sourcetest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

func (s *suite) atOnce(t *testing.T) {
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			q := newQuestioner(uint64(worker)+10, s.data)
			for range 25 {
				query := q.query()
				got, err := s.source.Fetch(t.Context(), query)
				want, _ := s.reference.Fetch(t.Context(), query)
				if err != nil || difference(want, got) != "" {
					t.Errorf("%v %s", err, difference(want, got))
					return
				}
			}
		})
	}
	all.Wait()
}

func (s *suite) cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	begun := time.Now()
	_, err := s.source.Fetch(ctx, sources.Query{Parts: []sources.Part{everything(s.data.Numbers()[0], clinical.KindCondition)}})
	if err == nil || time.Since(begun) > time.Second {
		t.Errorf("error %v after %v, want one at once", err, time.Since(begun))
	}
	s.everyKind(t) // the source must still work
}

func (s *suite) people(t *testing.T) {
	list := func(lister sources.Lister) []string {
		var lines []string
		err := lister.People(t.Context(), func(m sources.Membership) error {
			lines = append(lines, m.Person.Reveal()+" "+string(m.Organisation)+map[bool]string{true: " registered"}[m.Registered]+
				map[bool]string{true: " sensitive"}[m.Sensitive])
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(lines)
		return slices.Compact(lines)
	}
	lister, ok := s.source.(sources.Lister)
	if !ok {
		t.Fatal("the source cannot list people")
	}
	if diff := cmp.Diff(list(s.data.Memory()), list(lister)); diff != "" {
		t.Error(diff)
	}
}

// stopListing stops repeatedly, and asks something else each time: a connection whose answer was only partly read must
// not serve the next question.
func (s *suite) stopListing(t *testing.T) {
	for range 20 {
		stop, calls := errors.New("enough"), 0
		err := s.source.(sources.Lister).People(t.Context(), func(sources.Membership) error { calls++; return stop })
		if !errors.Is(err, stop) || calls != 1 {
			t.Fatalf("got %v after %d, want the caller's own error after 1", err, calls)
		}
		s.same(t, everything(s.data.Numbers()[0], clinical.KindAlert))
	}
}

func (s *suite) watermark(t *testing.T) {
	watermarked, ok := s.source.(sources.Watermarked)
	if !ok {
		t.Fatal("the source has no watermark")
	}
	got, err := watermarked.Watermark(t.Context())
	want, _ := s.data.Memory().Watermark(t.Context())
	if err != nil || got.Compare(want) != 0 {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func (s *suite) ping(t *testing.T) {
	if pinger, ok := s.source.(sources.Pinger); ok {
		if err := pinger.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
