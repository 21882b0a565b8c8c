package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/engine"
	"onelondon/internal/condition"
	"onelondon/sources"
)

func TestAPersonKnownToPracticeAndTrustCountsOnce(t *testing.T) {
	outcome := run(t, newHouse(t, 100).options(t, parse(t, joined)))
	got := exact(outcome)
	if len(got) != 2 || got[0] != (cohort.Measured{Number: 50, People: 50}) || got[1] != (cohort.Measured{Number: 150, People: 50, Events: 150, Most: 3}) {
		t.Errorf("got %+v", got)
	}
	if !outcome.Complete() || outcome.MissingAtMost != 0 || len(outcome.Counted.Everybody) != 50 {
		t.Errorf("%+v", outcome.Sources)
	}
}

func TestWhatIsNotReleasedIsNotCounted(t *testing.T) {
	options := newHouse(t, 20).options(t, parse(t, joined))
	options.Condition = func(kind clinical.Kind) condition.Condition {
		if kind == clinical.KindCondition {
			return condition.Never()
		}
		return condition.Always()
	}
	if outcome := run(t, options); len(outcome.Counted.Everybody) != 0 {
		t.Errorf("%d people", len(outcome.Counted.Everybody))
	}
	options.Condition = nil
	if outcome := run(t, options); len(outcome.Counted.Everybody) != 0 {
		t.Errorf("%d people where nobody said what is released", len(outcome.Counted.Everybody))
	}
}

func TestASourceThatDoesNotAnswerIsMissingAloud(t *testing.T) {
	h := newHouse(t, 100)
	h.down["practice-1"] = true
	outcome := run(t, h.options(t, parse(t, joined)))
	if outcome.Complete() || outcome.MissingAtMost != 50 || len(outcome.Counted.Everybody) != 0 {
		t.Errorf("complete %v, at most %d missing, %d people", outcome.Complete(), outcome.MissingAtMost, len(outcome.Counted.Everybody))
	}
	for _, source := range outcome.Sources {
		if (source.Source == "practice-1") != (source.Outcome != sources.OutcomeAnswered) {
			t.Errorf("%+v", source)
		}
	}
}

func TestARunIsTakenUpWhereItStopped(t *testing.T) {
	h := newHouse(t, 100)
	h.down["trust"] = true
	options := h.options(t, parse(t, joined))
	options.Gathered = engine.NewGathered()
	run(t, options)
	h.down["trust"] = false
	h.asked.Store(0)
	outcome := run(t, options)
	if h.asked.Load() != 1 || len(outcome.Counted.Everybody) != 50 || !outcome.Complete() {
		t.Errorf("%d sources asked again, %d people", h.asked.Load(), len(outcome.Counted.Everybody))
	}
	if !outcome.Sources[0].Resumed || outcome.Sources[2].Resumed || outcome.Sources[0].Rows != 50 {
		t.Errorf("%+v", outcome.Sources)
	}
	options.Revision = "another policy"
	if _, err := engine.Run(t.Context(), options); !errors.Is(err, engine.ErrGathered) {
		t.Errorf("under another policy: %v", err)
	}
	other := h.options(t, parse(t, strings.ReplaceAll(joined, "-90 days", "-30 days")))
	other.Gathered = options.Gathered
	if _, err := engine.Run(t.Context(), other); !errors.Is(err, engine.ErrGathered) {
		t.Errorf("for another question: %v", err)
	}
}

func TestACancelledRunKeepsWhatWasGathered(t *testing.T) {
	h := newHouse(t, 100)
	ctx, cancel := context.WithCancel(t.Context())
	h.before = func() {
		if h.asked.Load() == 2 {
			cancel()
		}
	}
	options := h.options(t, parse(t, joined))
	options.Gathered, options.Workers = engine.NewGathered(), 1
	if _, err := engine.Run(ctx, options); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
	if got := options.Gathered.Sources(); len(got) != 1 || got[0] != "practice-0" {
		t.Errorf("gathered %v", got)
	}
	h.before = nil
	if outcome := run(t, options); len(outcome.Counted.Everybody) != 50 {
		t.Errorf("%d people", len(outcome.Counted.Everybody))
	}
}

func TestAfterTheDeadlineTheAnswerIsMadeWithoutTheMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 10)
		h.before = func() { time.Sleep(time.Minute) }
		options := h.options(t, parse(t, joined))
		options.Workers, options.Deadline = 1, 90*time.Second
		outcome := run(t, options)
		if outcome.Complete() || outcome.Sources[0].Outcome != sources.OutcomeAnswered || outcome.MissingAtMost != 120 {
			t.Errorf("at most %d missing: %+v", outcome.MissingAtMost, outcome.Sources)
		}
	})
}

func TestAQuestionThatDoesNotFitIsStopped(t *testing.T) {
	options := newHouse(t, 2000).options(t, parse(t, joined))
	options.MemoryLimit = 8 << 10
	if _, err := engine.Run(t.Context(), options); !errors.Is(err, engine.ErrTooLarge) {
		t.Errorf("8 KiB for columns: %v", err)
	}
	// Few columns, and twenty cells with everybody in each.
	groups := strings.Repeat("{name: g, where: {has: {events: diabetes}}}, ", 20)
	for i := range 20 {
		groups = strings.Replace(groups, "name: g,", fmt.Sprintf("name: g%d,", i), 1)
	}
	people := strings.Replace(joined[:strings.Index(joined, "people")], "  - {name: emergencies, kind: Encounter, classes: [EMERGENCY], from: -90 days}\n", "", 1)
	options = newHouse(t, 2000).options(t, parse(t, people+"people: {has: {events: diabetes}}\nmeasures: [{kind: PEOPLE}]\nby: [{kind: GROUP, groups: ["+strings.TrimSuffix(groups, ", ")+"]}]"))
	options.MemoryLimit = 100 << 10
	if _, err := engine.Run(t.Context(), options); !errors.Is(err, engine.ErrTooLarge) || !strings.Contains(err.Error(), "cells") {
		t.Errorf("100 KiB: %v", err)
	}
}

func TestProgressIsToldOfEverySourceAndRises(t *testing.T) {
	options := newHouse(t, 100).options(t, parse(t, joined))
	states, last := map[clinical.SourceID]string{}, 0.0
	options.Progress = func(step engine.Step) {
		states[step.Source] += string(step.State) + " "
		if step.Fraction < last || step.Fraction > 1 {
			t.Errorf("from %v to %v", last, step.Fraction)
		}
		last = step.Fraction
	}
	run(t, options)
	if states["trust"] != "WAITING ASKED DONE " || last != 1 {
		t.Errorf("the trust: %s; at the end %v", states["trust"], last)
	}
}

func TestDisagreementsAreSettledByTheRuleAndCounted(t *testing.T) {
	outcome := run(t, newHouse(t, 10).options(t, parse(t, "measures: [{kind: PEOPLE}]\nby: [{kind: SEX}, {kind: AGE_BAND, bands: [18, 65]}]")))
	if got := exact(outcome, "FEMALE", "18 to 64"); len(got) != 1 || got[0].Number != 10 {
		t.Errorf("the practice's own patient is what the practice says: %+v", outcome.Counted.Cells)
	}
	if outcome.Disagreements != (engine.Disagreements{Sex: 10}) {
		t.Errorf("%+v", outcome.Disagreements)
	}
}
