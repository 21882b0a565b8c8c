package sources_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

func TestEachSourceCostsItsOwnLineAndNothingElse(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c, log := catalogue(t, nil,
			answering("prompt", 10*time.Millisecond),
			answering("slow", time.Minute),
			deaf("deaf", time.Minute),
			failing("down", fmt.Errorf("dial 10.0.0.1 for 9990000018: %w", sources.ErrUnavailable)),
			failing("changed", fmt.Errorf("column gone: %w", sources.ErrSchema)),
			failing("odd", errors.New("9990000018")),
			&fake{id: "panicking", fetch: func(context.Context, sources.Query) (sources.Answer, error) { panic("9990000018") }},
			&fake{id: "ending", fetch: func(context.Context, sources.Query) (sources.Answer, error) {
				runtime.Goexit()
				return sources.Answer{}, nil
			}},
			&fake{id: "short", fetch: func(context.Context, sources.Query) (sources.Answer, error) { return sources.Answer{}, nil }})
		begun := time.Now()
		replies := c.Ask(t.Context(), asks(t, "slow", "prompt", "deaf", "down", "changed", "odd", "panicking", "ending", "short", "nobody", "prompt"))
		if took := time.Since(begun); took != 2*time.Second {
			t.Errorf("took %v, want the deadline of 2s", took)
		}
		want := []string{"slow TIMED_OUT timeout", "prompt ANSWERED ", "deaf TIMED_OUT timeout", "down FAILED unavailable",
			"changed FAILED schema", "odd FAILED error", "panicking FAILED panic", "ending FAILED panic", "short FAILED malformed",
			"nobody NOT_ASKED unknown", "prompt ANSWERED "}
		if diff := cmp.Diff(want, outcomes(replies)); diff != "" {
			t.Error(diff)
		}
		if got := replies[1].Elapsed; got != 10*time.Millisecond {
			t.Errorf("prompt took %v, want 10ms", got)
		}
		if strings.Contains(log.String(), "999") || strings.Contains(log.String(), "dial") {
			t.Error("the log holds what a driver said")
		}
		if got := strings.Count(log.String(), "request_id=request-7"); got != 9 {
			t.Errorf("%d lines in the log, want 9", got)
		}
	})
}

func TestASlowSourceDoesNotDelayTheReplyBeyondItsOwnDeadline(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		deadline := map[clinical.SourceID]time.Duration{"a": 300 * time.Millisecond, "b": 700 * time.Millisecond, "c": 300 * time.Millisecond}
		c, _ := catalogue(t, func(spec *sources.Spec) { spec.Deadline = deadline[spec.ID] },
			deaf("a", time.Hour), answering("b", 500*time.Millisecond), answering("c", 100*time.Millisecond))
		replies := c.Ask(t.Context(), asks(t, "a", "b", "c"))
		var got []time.Duration
		for _, reply := range replies {
			got = append(got, reply.Elapsed.Truncate(time.Millisecond))
		}
		want := []time.Duration{300 * time.Millisecond, 500 * time.Millisecond, 100 * time.Millisecond}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheQuestionsOwnDeadlineComesFirst(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c, _ := catalogue(t, nil, deaf("deaf", time.Hour), answering("prompt", 0))
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		begun := time.Now()
		got := outcomes(c.Ask(ctx, asks(t, "deaf", "prompt")))
		if took := time.Since(begun); took != 50*time.Millisecond {
			t.Errorf("took %v, want 50ms", took)
		}
		if diff := cmp.Diff([]string{"deaf TIMED_OUT timeout", "prompt ANSWERED "}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheCircuitOpensAfterFailuresInARowAndLetsOneQuestionTry(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		source := failing("barts", sources.ErrUnavailable)
		c, _ := catalogue(t, func(spec *sources.Spec) { spec.Breaker = sources.BreakerSpec{Failures: 3, Open: time.Second} }, source)
		ask := func() string { return outcomes(c.Ask(t.Context(), asks(t, "barts")))[0] }
		var got []string
		for range 4 {
			got = append(got, ask())
		}
		time.Sleep(1100 * time.Millisecond)
		got = append(got, ask(), ask()) // one try, and open again
		time.Sleep(1100 * time.Millisecond)
		source.later.Store(answering("barts", 0))
		got = append(got, ask(), ask())
		want := []string{"barts FAILED unavailable", "barts FAILED unavailable", "barts FAILED unavailable", "barts NOT_ASKED circuit",
			"barts FAILED unavailable", "barts NOT_ASKED circuit", "barts ANSWERED ", "barts ANSWERED "}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if calls := source.calls.Load(); calls != 6 {
			t.Errorf("the source was called %d times, want 6", calls)
		}
	})
}

func TestWhatOpensACircuit(t *testing.T) {
	for _, test := range []struct {
		name   string
		source *fake
		within time.Duration // the question's own deadline
		cancel bool
		want   sources.Circuit
	}{
		{"a source that is late", answering("s", time.Hour), time.Hour, false, sources.CircuitOpen},
		{"a source that never returns", deaf("s", time.Hour), time.Hour, false, sources.CircuitOpen},
		{"a source that was hardly given time", answering("s", time.Hour), time.Millisecond, false, sources.CircuitClosed},
		{"a caller who went away", answering("s", time.Hour), time.Hour, true, sources.CircuitClosed},
		{"a mapping that does not fit", failing("s", sources.ErrSchema), time.Hour, false, sources.CircuitClosed},
		{"an error", failing("s", errors.New("no")), time.Hour, false, sources.CircuitOpen},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				c, _ := catalogue(t, func(spec *sources.Spec) {
					spec.Breaker = sources.BreakerSpec{Failures: 2, Open: time.Hour}
				}, test.source)
				for range 2 {
					ctx, cancel := context.WithTimeout(t.Context(), test.within)
					if test.cancel {
						time.AfterFunc(1900*time.Millisecond, cancel)
					}
					c.Ask(ctx, asks(t, "s"))
					cancel()
				}
				if health, _ := c.Known("s"); health.Circuit != test.want {
					t.Errorf("circuit %s, want %s", health.Circuit, test.want)
				}
			})
		})
	}
}

func TestNoMoreQuestionsAreUnderWayThanTheSourceAllows(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		source := answering("barts", 900*time.Millisecond)
		c, _ := catalogue(t, func(spec *sources.Spec) { spec.Concurrency = 2 }, source)
		replies := c.Ask(t.Context(), asks(t, "barts", "barts", "barts", "barts", "barts", "barts"))
		counts := map[string]int{}
		for _, line := range outcomes(replies) {
			counts[line]++
		}
		// Two at a time for 900 ms each: two rounds end within 2 s, the third begins and is cut off.
		want := map[string]int{"barts ANSWERED ": 4, "barts TIMED_OUT timeout": 2}
		if diff := cmp.Diff(want, counts); diff != "" {
			t.Error(diff)
		}
		if health, _ := c.Known("barts"); health.Circuit != sources.CircuitClosed {
			t.Errorf("waiting for a slot opened the circuit: %s", health.Circuit)
		}
	})
}

func TestAnAbandonedCallKeepsItsPlaceUntilItReturns(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		source := deaf("barts", 5*time.Second)
		c, _ := catalogue(t, func(spec *sources.Spec) { spec.Concurrency = 1 }, source)
		ask := func() string { return outcomes(c.Ask(t.Context(), asks(t, "barts")))[0] }
		got := []string{ask(), ask()} // until 2 s, until 4 s
		source.later.Store(answering("barts", 0))
		got = append(got, ask()) // the slot is free at 5 s
		want := []string{"barts TIMED_OUT timeout", "barts NOT_ASKED busy", "barts ANSWERED "}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if calls := source.calls.Load(); calls != 2 {
			t.Errorf("the source was called %d times, want 2", calls)
		}
	})
}

func TestACatalogueRefusesWhatItCannotHold(t *testing.T) {
	source := answering("a", 0)
	for name, entries := range map[string][]sources.Entry{
		"the same id twice": {{Spec: sources.Spec{ID: "a"}, Source: source}, {Spec: sources.Spec{ID: "a"}, Source: source}},
		"no id":             {{Source: source}},
		"no source":         {{Spec: sources.Spec{ID: "a"}}},
	} {
		if _, err := sources.NewCatalogue(nil, entries...); !errors.Is(err, sources.ErrCatalogue) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestTheCatalogueListsItsSourcesInOrderWithTheirDefaults(t *testing.T) {
	c, _ := catalogue(t, nil, answering("b", 0), answering("a", 0))
	want := sources.Spec{ID: "a", Deadline: 2 * time.Second, Concurrency: 8, Limits: sources.Limits{Rows: 5000, Bytes: 8 << 20},
		Breaker: sources.BreakerSpec{Failures: 5, Open: 10 * time.Second}, Study: sources.StudySpec{Deadline: time.Minute, Concurrency: 1}, Kinds: clinical.Kinds()}
	if diff := cmp.Diff(want, c.Specs()[0]); diff != "" {
		t.Error(diff)
	}
}

func TestCloseWaitsForQuestionsUnderWayAndRefusesOthers(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		source, stuck := answering("barts", time.Second), deaf("stuck", time.Hour)
		c, _ := catalogue(t, nil, source, stuck)
		replies := make(chan []sources.Reply)
		go func() { replies <- c.Ask(t.Context(), asks(t, "barts", "stuck")) }()
		synctest.Wait()
		closed := make(chan error)
		go func() { closed <- c.Close() }()
		synctest.Wait()
		if source.closed.Load() != 0 {
			t.Error("closed while a question was under way")
		}
		if diff := cmp.Diff([]string{"barts NOT_ASKED unknown"}, outcomes(c.Ask(t.Context(), asks(t, "barts")))); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"barts ANSWERED ", "stuck TIMED_OUT timeout"}, outcomes(<-replies)); diff != "" {
			t.Error(diff)
		}
		if err := <-closed; err != nil || source.closed.Load() != 1 || stuck.closed.Load() != 1 {
			t.Errorf("close: %v, %d and %d times", err, source.closed.Load(), stuck.closed.Load())
		}
	})
}

func TestWhoHasLittlePatienceDoesNotWaitForASourceThatUsuallyIsQuicker(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		usual := map[clinical.SourceID]time.Duration{"quick": 20 * time.Millisecond, "slow": 700 * time.Millisecond, "slowest": 1500 * time.Millisecond}
		var fakes []*fake
		for id, wait := range usual {
			fakes = append(fakes, answering(id, wait))
		}
		fakes = append(fakes, deaf("never", time.Hour))
		c, _ := catalogue(t, nil, fakes...)
		ids := []clinical.SourceID{"quick", "slow", "slowest"}
		c.Ask(t.Context(), asks(t, ids...))
		for _, f := range fakes {
			f.later.Store(deaf(f.id, time.Hour))
		}
		hurried := asks(t, append(ids, "never")...)
		for i := range hurried {
			hurried[i].Patience = 800 * time.Millisecond
		}
		waited := map[clinical.SourceID]time.Duration{}
		for _, reply := range c.Ask(t.Context(), hurried) {
			waited[reply.Source] = reply.Elapsed.Truncate(time.Millisecond)
			if reply.Outcome != sources.OutcomeTimedOut {
				t.Errorf("%s: %s", reply.Source, reply.Outcome)
			}
		}
		want := map[clinical.SourceID]time.Duration{"quick": 800 * time.Millisecond, "slow": 1400 * time.Millisecond,
			"slowest": 2 * time.Second, "never": 2 * time.Second}
		if diff := cmp.Diff(want, waited); diff != "" {
			t.Error(diff)
		}
	})
}

func TestASourceThatNeverAnsweredHasItsWholeDeadlineOnce(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		hangs, slow := deaf("hangs", time.Hour), answering("slow", 1500*time.Millisecond)
		c, _ := catalogue(t, nil, hangs, slow)
		ask := func(id clinical.SourceID) string {
			hurried := asks(t, id)
			hurried[0].Patience = 800 * time.Millisecond
			reply := c.Ask(t.Context(), hurried)[0]
			return fmt.Sprint(reply.Outcome, " ", reply.Elapsed.Truncate(time.Millisecond))
		}
		for i, want := range []string{"TIMED_OUT 2s", "TIMED_OUT 800ms", "TIMED_OUT 800ms"} {
			if got := ask("hangs"); got != want {
				t.Errorf("question %d of one that hangs: %s, want %s", i, got, want)
			}
		}
		for i := range 3 {
			if got := ask("slow"); got != "ANSWERED 1.5s" {
				t.Errorf("question %d of one that is slow: %s", i, got)
			}
		}
		hangs.later.Store(answering("hangs", 1500*time.Millisecond))
		c.Ask(t.Context(), asks(t, "hangs"))
		if got := ask("hangs"); got != "ANSWERED 1.5s" {
			t.Errorf("since it answered: %s", got)
		}
	})
}

func TestAShortPatienceOpensNoCircuit(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := answering("a", 20*time.Millisecond)
		c, _ := catalogue(t, nil, f)
		c.Ask(t.Context(), asks(t, "a"))
		f.later.Store(answering("a", 900*time.Millisecond))
		for range 10 {
			hurried := asks(t, "a")
			hurried[0].Patience = 800 * time.Millisecond
			if outcome := c.Ask(t.Context(), hurried)[0].Outcome; outcome != sources.OutcomeTimedOut {
				t.Fatal(outcome)
			}
		}
		if outcome := c.Ask(t.Context(), asks(t, "a"))[0].Outcome; outcome != sources.OutcomeAnswered {
			t.Errorf("who waits as long as the source may take gets %s", outcome)
		}
	})
}
