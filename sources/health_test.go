package sources_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// fresh is a fake that knows how fresh it is.
type fresh struct {
	*fake
	watermark func(ctx context.Context) (clinical.DateTime, error)
	probes    atomic.Int64
}

func (f *fresh) Watermark(ctx context.Context) (clinical.DateTime, error) {
	f.probes.Add(1)
	return f.watermark(ctx)
}

func TestHealthTellsFreshnessAndAsksOnlyNowAndThen(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		newest, _ := clinical.ParseDateTime("2026-11-20T09:30")
		source := &fresh{fake: answering("a", 0), watermark: func(context.Context) (clinical.DateTime, error) { return newest, nil }}
		stuck := &fresh{fake: answering("b", 0), watermark: func(context.Context) (clinical.DateTime, error) {
			time.Sleep(time.Hour)
			return clinical.DateTime{}, nil
		}}
		c, err := sources.NewCatalogue(nil, sources.Entry{Spec: sources.Spec{ID: "a"}, Source: source}, sources.Entry{Spec: sources.Spec{ID: "b"}, Source: stuck})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		health := c.Health(t.Context())
		if took := time.Since(begun); took != 2*time.Second {
			t.Errorf("took %v, want the deadline of the stuck source", took)
		}
		if health[0].Watermark != newest || health[0].Circuit != sources.CircuitClosed || !health[1].Watermark.IsZero() {
			t.Errorf("got %+v", health)
		}
		begun = time.Now()
		time.Sleep(time.Second)
		c.Health(t.Context())
		if took := time.Since(begun); took > time.Second+2*time.Second || source.probes.Load() != 1 {
			t.Errorf("took %v and %d probes, want an answer from before", took, source.probes.Load())
		}
		time.Sleep(10 * time.Second)
		begun = time.Now()
		c.Health(t.Context())
		if took := time.Since(begun); took != 0 || source.probes.Load() != 2 || stuck.probes.Load() != 1 {
			t.Errorf("took %v, %d and %d probes: an overdue probe must not be waited for nor asked twice", took, source.probes.Load(), stuck.probes.Load())
		}
	})
}

func TestHealthRemembersSuccessAndFailure(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c, _ := catalogue(t, nil, answering("a", 0), failing("b", sources.ErrUnavailable))
		c.Ask(t.Context(), asks(t, "a", "b"))
		a, _ := c.Known("a")
		b, _ := c.Known("b")
		if a.LastSuccess.IsZero() || !a.LastFailure.IsZero() || b.FailureClass != sources.ClassUnavailable || !b.LastSuccess.IsZero() {
			t.Errorf("got %+v and %+v", a, b)
		}
		if _, known := c.Known("nobody"); known {
			t.Error("knows a source that is not there")
		}
	})
}
