package study_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"onelondon/internal/audit"
	"onelondon/internal/cohort"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/internal/gate/study"
	"onelondon/policy"
)

// governed is the shipped policy, after which governance changes a decision as it likes.
type governed struct {
	*policy.Engine
	change atomic.Pointer[func(*policy.StudyDecision)]
}

func (g *governed) DecideStudy(ctx context.Context, input policy.StudyInput) (*policy.StudyDecision, error) {
	decision, err := g.Engine.DecideStudy(ctx, input)
	if change := g.change.Load(); change != nil && err == nil && decision.Permitted {
		(*change)(decision)
	}
	return decision, err
}

func (g *governed) decides(change func(*policy.StudyDecision)) { g.change.Store(&change) }

// govern makes the town's policy one that changes.
func (w *town) govern(t *testing.T) *governed {
	t.Helper()
	engine, err := shipped()
	must(t, err)
	g := &governed{Engine: engine}
	options := w.options
	options.Policy = func() study.Policy { return g }
	w.studies = study.New(options)
	t.Cleanup(func() { must(t, w.studies.Close()) })
	return g
}

func ended(d *policy.StudyDecision) {
	*d = policy.StudyDecision{Revision: "later", Reasons: []string{"project_not_in_force"}}
}

func dismissed(d *policy.StudyDecision) {
	*d = policy.StudyDecision{Revision: "later", Reasons: []string{"not_in_the_project"}}
}

func tightened(d *policy.StudyDecision) {
	d.Revision, d.Disclosure.RoundTo, d.Disclosure.RedactUpTo = "later", 10, 10
}

func widened(d *policy.StudyDecision) {
	d.Revision, d.Disclosure.RoundTo = "later", 1
}

func others(d *policy.StudyDecision) {
	d.Revision, d.Exclusions = "later", slices.Clone(d.Exclusions[1:])
}

func TestAnAnswerIsGivenAgainByTheRulesOfTheMomentAlone(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*policy.StudyDecision)
		reason string
	}{
		"the project ended":            {ended, "project_not_in_force"},
		"the analyst left the project": {dismissed, "not_in_the_project"},
		"stricter numbers":             {tightened, "numbers_have_changed"},
		"other numbers":                {widened, "numbers_have_changed"},
		"others are left out":          {others, "bounds_have_changed"},
	} {
		w := settle(t, 400, 204, nil)
		rules := w.govern(t)
		run, err := w.studies.Ask(t.Context(), analyst, project, question(t))
		must(t, err)
		if again, err := w.studies.Run(t.Context(), analyst, run.ID); err != nil || again.Answer == nil {
			t.Fatalf("%s: the answer is not there to begin with: %v", name, err)
		}
		rules.decides(test.change)
		for way, read := range map[string]func() (*study.Run, error){
			"run":    func() (*study.Run, error) { return w.studies.Run(t.Context(), analyst, run.ID) },
			"cancel": func() (*study.Run, error) { return w.studies.Cancel(t.Context(), analyst, run.ID) },
		} {
			again, err := read()
			if err != nil || again.Answer != nil || again.State != study.Refused || !slices.Contains(again.Refusal.Reasons, test.reason) ||
				again.Refusal.Words == "" || test.reason == "not_in_the_project" && again.Refusal.Allowed != "" {
				t.Errorf("%s, %s: %+v, %v (%v)", name, way, again, refusalOf(again), err)
			}
		}
		read, err := w.ledger.Entries(t.Context(), audit.Query{Events: []audit.Event{audit.EventOversight}})
		if err != nil || len(read) != 2 || read[0].Entry.Outcome != audit.OutcomeRefused || !slices.Contains(read[0].Entry.Reasons, test.reason) {
			t.Errorf("%s: of the readings the ledger holds %+v (%v)", name, read, err)
		}
		told, err := w.studies.Told(t.Context(), analyst, project)
		switch test.reason {
		case "project_not_in_force", "not_in_the_project":
			if !errors.Is(err, gate.ErrNotPermitted) {
				t.Errorf("%s: %v", name, err)
			}
		default:
			if err != nil || len(told) != 1 || told[0].Withheld == "" || len(told[0].Result.Rows) > 0 {
				t.Errorf("%s: told %+v (%v)", name, told, err)
			}
		}
		rules.decides(func(*policy.StudyDecision) {})
		if again, err := w.studies.Run(t.Context(), analyst, run.ID); err != nil || again.Answer == nil {
			t.Errorf("%s: by the former rules it is not given: %v", name, err)
		}
	}
}

func TestWhatAProjectMayNoLongerAskIsListedWithoutItsFigures(t *testing.T) {
	w := settle(t, 400, 204, nil)
	rules := w.govern(t)
	w.ask(t, question(t))
	rules.decides(func(d *policy.StudyDecision) { d.Codelists = nil })
	told, err := w.studies.Told(t.Context(), analyst, project)
	if err != nil || len(told) != 1 || told[0].Withheld != "" {
		t.Fatalf("%+v, %v", told, err) // the shipped rules let it ask, whatever the decision lists
	}
	narrow := func(d *policy.StudyDecision) {
		*d = policy.StudyDecision{Revision: "later", Reasons: []string{"codelist_not_of_the_project"}}
	}
	asked := 0
	rules.decides(func(d *policy.StudyDecision) {
		if asked++; asked > 1 { // whether the caller is one of the project's people is decided first
			narrow(d)
		}
	})
	told, err = w.studies.Told(t.Context(), analyst, project)
	if err != nil || len(told) != 1 || told[0].Withheld == "" || len(told[0].Result.Rows) > 0 {
		t.Errorf("%+v, %v", told, err)
	}
}

func TestAskedAnewAnAnswerIsProtectedByTheNumbersInForceWithoutCounting(t *testing.T) {
	w := settle(t, 400, 204, nil)
	rules := w.govern(t)
	first := w.ask(t, question(t))
	asked := w.hospital.asked.Load()
	// One of them opts out. Counted anew the question would differ by one from itself, and tell of them.
	w.optOut(t, person(t, 0), consent.ListLondon)
	rules.decides(tightened)
	anew := w.ask(t, question(t))
	if w.hospital.asked.Load() != asked || anew.Digest != first.Digest || anew.PolicyRevision != "later" || anew.ConsentRevision != first.ConsentRevision ||
		!strings.Contains(strings.Join(anew.Warnings, " "), "protected anew") {
		t.Errorf("%+v", anew)
	}
	if got := shown(anew); got["Newham"] != 100 || got["Hackney"] != 100 {
		t.Errorf("%v", got)
	}
	told, err := w.studies.Told(t.Context(), analyst, project)
	if err != nil || len(told) != 1 || told[0].Withheld != "" || told[0].PolicyRevision != "later" {
		t.Errorf("%+v, %v", told, err)
	}
	// Another version is counted, without whoever opted out, and is held against what was told.
	run, err := w.studies.Ask(t.Context(), analyst, project, question(t, func(d *cohort.Definition) { d.Version = 2 }))
	if err != nil || run.State != study.Refused {
		t.Errorf("%+v, %v", run, err)
	}
}

func TestAQuestionUnderWayIsStoppedByRulesThatChange(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*policy.StudyDecision)
		state  study.State
		fault  error
	}{
		"the project ended":   {ended, study.Refused, nil},
		"others are left out": {others, study.Failed, study.ErrRules},
	} {
		w := settle(t, 400, 204, nil)
		rules := w.govern(t)
		w.hospital.hangs.Store(true)
		w.hospital.released = make(chan struct{})
		run, err := w.studies.Start(t.Context(), analyst, project, question(t))
		must(t, err)
		await(t, func() bool { return w.hospital.asked.Load() > 0 })
		rules.decides(test.change)
		if seen, err := w.studies.Run(t.Context(), analyst, run.ID); err != nil || (seen.State == study.Refused) != (test.state == study.Refused) {
			t.Errorf("%s: while it runs: %+v, %v", name, seen, err)
		}
		close(w.hospital.released)
		await(t, func() bool {
			now, err := w.studies.Run(t.Context(), analyst, run.ID)
			must(t, err)
			return !now.Expires.IsZero()
		})
		now, err := w.studies.Run(t.Context(), analyst, run.ID)
		if err != nil || now.State != test.state || now.Answer != nil || !errors.Is(now.Fault, test.fault) {
			t.Errorf("%s: %+v, %v", name, now, err)
		}
		book, err := w.studies.Register(t.Context(), "", 10)
		if err != nil || len(book.Entries) != 1 || book.Entries[0].Answered {
			t.Errorf("%s: the register says %+v (%v)", name, book, err)
		}
	}
}
