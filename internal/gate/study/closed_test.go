package study_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/internal/gate/study"
	"onelondon/sources/locator"
)

// unwritable is a ledger that takes nothing.
type unwritable struct{ *audit.Ledger }

func (unwritable) Append(context.Context, ...audit.Entry) ([]audit.Receipt, error) {
	return nil, audit.ErrUnavailable
}

func TestNothingIsToldThatCannotBeRecorded(t *testing.T) {
	w := settle(t, 400, 204, nil)
	options := w.options
	options.Ledger, options.Folder = unwritable{w.ledger}, t.TempDir()
	studies := study.New(options)
	t.Cleanup(func() { must(t, studies.Close()) })
	run, err := studies.Ask(t.Context(), analyst, project, question(t))
	if !errors.Is(err, gate.ErrLedger) || run.Answer != nil || run.State != study.Failed {
		t.Errorf("%+v, %v", run, err)
	}
}

// mute is a register that cannot be read.
type mute struct{ *consent.Register }

func (mute) State(...clinical.NHSNumber) (consent.State, consent.Revision, error) {
	return consent.State{}, 0, consent.ErrUnavailable
}

func TestNobodyIsCountedWhileNobodyKnowsWhoOptedOut(t *testing.T) {
	w := settle(t, 400, 204, nil)
	options := w.options
	options.Register, options.Folder = mute{w.register}, t.TempDir()
	studies := study.New(options)
	t.Cleanup(func() { must(t, studies.Close()) })
	run, err := studies.Ask(t.Context(), analyst, project, question(t))
	if !errors.Is(err, gate.ErrConsent) || run.Answer != nil {
		t.Errorf("%+v, %v", run, err)
	}
}

func TestNobodyIsCountedBeforeItIsKnownWhoCarriesAnSFlag(t *testing.T) {
	w := settle(t, 40, 20, nil)
	options := w.options
	options.Locator, options.Folder = locator.New([32]byte{2}, nil), t.TempDir()
	studies := study.New(options)
	t.Cleanup(func() { must(t, studies.Close()) })
	if run, err := studies.Ask(t.Context(), analyst, project, question(t)); !errors.Is(err, study.ErrUnlisted) || run.Answer != nil {
		t.Errorf("%+v, %v", run, err)
	}
}

func TestADefinitionWithFaultsIsSentBack(t *testing.T) {
	w := settle(t, 10, 5, nil)
	_, err := w.studies.Start(t.Context(), analyst, project, question(t, func(d *cohort.Definition) { d.People.Has.Events = "nothing" }))
	if !errors.Is(err, study.ErrDefinition) || !strings.Contains(err.Error(), "people.has.events") {
		t.Error(err)
	}
	for want, caller := range map[error]auth.Caller{gate.ErrUnauthenticated: {}, gate.ErrPurpose: {ID: "x"}} {
		if _, err := w.studies.Start(t.Context(), caller, project, question(t)); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

func TestAListOfOptOutsIsTooOldFromTheMomentItIs(t *testing.T) {
	w := settle(t, 40, 20, nil)
	for late, refused := range map[time.Duration]bool{7 * 24 * time.Hour: false, 7*24*time.Hour + time.Minute: true} {
		options := w.options
		options.Now, options.Folder = func() time.Time { return today.Add(late) }, t.TempDir()
		studies := study.New(options)
		t.Cleanup(func() { must(t, studies.Close()) })
		run, err := studies.Start(t.Context(), analyst, project, question(t))
		if err != nil || (run.State == study.Refused) != refused {
			t.Errorf("after %s: %s, refusal %v, %v", late, run.State, refusalOf(run), err)
		}
	}
}
