package sources_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// tally is a source that counts as the test says.
type tally struct {
	*fake
	events func(ctx context.Context, each func(int, sources.Event) error) error
}

var _ sources.Counter = (*tally)(nil)

func (c *tally) Events(ctx context.Context, _ sources.EventQuery, each func(int, sources.Event) error) error {
	return c.events(ctx, each)
}

func (c *tally) Facts(ctx context.Context, _ sources.FactQuery, each func(sources.Facts) error) error {
	return c.events(ctx, func(int, sources.Event) error { return each(sources.Facts{}) })
}

// giving hands over one event after each wait, heeding the context where it is not deaf.
func giving(events int, wait time.Duration, deaf bool) *tally {
	return &tally{answering("barts", 0), func(ctx context.Context, each func(int, sources.Event) error) error {
		for range events {
			time.Sleep(wait)
			if !deaf && ctx.Err() != nil {
				return ctx.Err()
			}
			if err := each(0, sources.Event{}); err != nil && !deaf {
				return err
			}
		}
		return nil
	}}
}

func breaking(err error) *tally {
	return &tally{answering("barts", 0), func(context.Context, func(int, sources.Event) error) error { return err }}
}

func counting(t *testing.T, source *tally, spec sources.Spec) *sources.Catalogue {
	t.Helper()
	spec.ID = "barts"
	catalogue, err := sources.NewCatalogue(nil, sources.Entry{Spec: spec, Source: source})
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

// everyEvent is a question for the events of one set, which counts those it was given.
func everyEvent(given *int) func(context.Context, sources.Counter) error {
	return func(ctx context.Context, counter sources.Counter) error {
		query := sources.EventQuery{Sets: make([]sources.RecordedSet, 1)}
		return counter.Events(ctx, query, func(int, sources.Event) error { *given++; return nil })
	}
}

func TestWhatBecomesOfASourceThatCounts(t *testing.T) {
	own := errors.New("enough")
	for name, test := range map[string]struct {
		source  *tally
		outcome sources.Outcome
		class   sources.Class
		rows    int64
	}{
		"answers":                  {giving(3, time.Second, false), sources.OutcomeAnswered, sources.ClassNone, 3},
		"takes too long":           {giving(300, time.Second, false), sources.OutcomeTimedOut, sources.ClassTimeout, 59},
		"does not heed the time":   {giving(300, time.Second, true), sources.OutcomeTimedOut, sources.ClassTimeout, 59},
		"is not there":             {breaking(sources.ErrUnavailable), sources.OutcomeFailed, sources.ClassUnavailable, 0},
		"is not what was mapped":   {breaking(sources.ErrSchema), sources.OutcomeFailed, sources.ClassSchema, 0},
		"fails":                    {breaking(errors.New("no")), sources.OutcomeFailed, sources.ClassError, 0},
		"is asked by one who left": {breaking(context.Canceled), sources.OutcomeFailed, sources.ClassError, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				given := 0
				reply := counting(t, test.source, sources.Spec{}).Count(t.Context(), "barts", everyEvent(&given))
				if reply.Outcome != test.outcome || reply.Class != test.class || (reply.Err == nil) != (test.class == sources.ClassNone) {
					t.Errorf("got %+v", reply)
				}
				if given != int(reply.Rows) || reply.Rows < test.rows || reply.Rows > test.rows+1 || reply.Elapsed > time.Minute {
					t.Errorf("%d rows in %v, %d given, want %d", reply.Rows, reply.Elapsed, given, test.rows)
				}
				time.Sleep(time.Hour)
				if given != int(reply.Rows) {
					t.Error("rows came after the reply")
				}
			})
		})
	}
	reply := counting(t, giving(3, 0, false), sources.Spec{}).Count(t.Context(), "barts", func(ctx context.Context, counter sources.Counter) error {
		return counter.Facts(ctx, sources.FactQuery{}, func(sources.Facts) error { return own })
	})
	if reply.Err != own || reply.Rows != 1 || reply.Class != sources.ClassCancelled {
		t.Errorf("got %+v, want the question's own error", reply)
	}
}

func TestADriverThatBreaksAmongItsRowsIsAnErrorOfItsOwn(t *testing.T) {
	for name, test := range map[string]struct {
		events func(context.Context, func(int, sources.Event) error) error
		class  sources.Class
	}{
		"panics":                    {func(context.Context, func(int, sources.Event) error) error { panic("9990000018") }, sources.ClassPanic},
		"speaks of a set not asked": {func(_ context.Context, each func(int, sources.Event) error) error { return each(1, sources.Event{}) }, sources.ClassMalformed},
	} {
		given := 0
		reply := counting(t, &tally{answering("barts", 0), test.events}, sources.Spec{}).Count(t.Context(), "barts", everyEvent(&given))
		if reply.Class != test.class || reply.Outcome != sources.OutcomeFailed || given != 0 {
			t.Errorf("%s: got %+v", name, reply)
		}
	}
}

func TestASourceThatCannotBeAskedToCountIsNotAsked(t *testing.T) {
	asked := func(context.Context, sources.Counter) error { t.Error("the question was put"); return nil }
	catalogue := counting(t, giving(1, 0, false), sources.Spec{})
	if reply := catalogue.Count(t.Context(), "nobody", asked); reply.Outcome != sources.OutcomeNotAsked || reply.Class != sources.ClassUnknown {
		t.Errorf("got %+v", reply)
	}
	plain, err := sources.NewCatalogue(nil, sources.Entry{Spec: sources.Spec{ID: "plain"}, Source: answering("plain", 0)})
	if err != nil {
		t.Fatal(err)
	}
	if reply := plain.Count(t.Context(), "plain", asked); reply.Outcome != sources.OutcomeNotAsked || reply.Err == nil {
		t.Errorf("got %+v", reply)
	}
	if err := catalogue.Close(); err != nil {
		t.Fatal(err)
	}
	if reply := catalogue.Count(t.Context(), "barts", asked); reply.Outcome != sources.OutcomeNotAsked {
		t.Errorf("got %+v", reply)
	}
}

func TestFailuresToCountOpenTheCircuitAndSlownessDoesNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		given := 0
		slow := counting(t, giving(1000, time.Second, false), sources.Spec{Breaker: sources.BreakerSpec{Failures: 2}})
		for range 4 {
			if reply := slow.Count(t.Context(), "barts", everyEvent(&given)); reply.Class != sources.ClassTimeout {
				t.Errorf("got %+v", reply)
			}
		}
		gone := counting(t, breaking(sources.ErrUnavailable), sources.Spec{Breaker: sources.BreakerSpec{Failures: 2}})
		for range 2 {
			gone.Count(t.Context(), "barts", everyEvent(&given))
		}
		if reply := gone.Count(t.Context(), "barts", everyEvent(&given)); reply.Class != sources.ClassCircuit {
			t.Errorf("got %+v", reply)
		}
		time.Sleep(time.Minute) // half open: left to a question about one person
		if reply := gone.Count(t.Context(), "barts", everyEvent(&given)); reply.Class != sources.ClassCircuit {
			t.Errorf("got %+v", reply)
		}
	})
}

func TestOneQuestionCountsAtATimeAndAnAbandonedOneKeepsItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		catalogue := counting(t, giving(90, time.Second, true), sources.Spec{})
		given := 0
		if reply := catalogue.Count(t.Context(), "barts", everyEvent(&given)); reply.Class != sources.ClassTimeout {
			t.Errorf("got %+v", reply)
		}
		begun := time.Now()
		reply := catalogue.Count(t.Context(), "barts", everyEvent(&given))
		if waited := time.Since(begun); reply.Class != sources.ClassTimeout || waited != time.Minute || reply.Rows > 31 {
			t.Errorf("got %+v after %v: the first call took half of the time", reply, waited)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if reply := catalogue.Count(short, "barts", everyEvent(&given)); reply.Class != sources.ClassBusy || reply.Outcome != sources.OutcomeNotAsked {
			t.Errorf("got %+v", reply)
		}
		time.Sleep(time.Hour)
	})
}

func TestCloseEndsWhatCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		catalogue := counting(t, giving(100, time.Second, false), sources.Spec{})
		ended := make(chan sources.CountReply)
		go func() {
			given := 0
			ended <- catalogue.Count(t.Context(), "barts", everyEvent(&given))
		}()
		time.Sleep(5 * time.Second)
		begun := time.Now()
		if err := catalogue.Close(); err != nil || time.Since(begun) > 2*time.Second {
			t.Errorf("closed after %v, %v", time.Since(begun), err)
		}
		if reply := <-ended; reply.Class != sources.ClassCancelled {
			t.Errorf("got %+v", reply)
		}
	})
}

func TestTheLimitsOfAStudyHaveDefaults(t *testing.T) {
	spec, ok := counting(t, giving(1, 0, false), sources.Spec{}).Spec(clinical.SourceID("barts"))
	if !ok || spec.Study.Deadline != time.Minute || spec.Study.Concurrency != 1 {
		t.Errorf("got %+v", spec.Study)
	}
}
