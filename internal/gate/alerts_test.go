package gate_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/gate"
)

func (o *office) alerts(t testing.TB, caller auth.Caller, reviewed bool, paging gate.Paging) *gate.AccessPage {
	t.Helper()
	page, err := o.gate.Alerts(context.Background(), caller, reviewed, paging)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestAnAlertIsReviewedOnceAndStaysInTheLedger(t *testing.T) {
	o, all := newOffice(t), gate.Paging{First: 20}
	breakGlass(t, o, gpCaller, amina, 0)
	o.ask(t, gpCaller, conditionsOf(t, amina))
	open := o.alerts(t, officer, false, all)
	if len(open.Accesses) != 1 || open.Accesses[0].Event != gate.GlassBroken {
		t.Fatalf("to review: %q", summaries(open))
	}
	review, access, err := o.gate.ReviewAlert(context.Background(), officer, open.Accesses[0].Sequence, " The ambulance sheet agrees. ")
	if err != nil {
		t.Fatal(err)
	}
	if review.Finding != "The ambulance sheet agrees." || review.Reviewer != "P. Officer" || len(access.Reviews) != 1 ||
		access.Reviews[0].Sequence != review.Sequence {
		t.Errorf("review %+v of %+v", review, access)
	}
	if left := o.alerts(t, officer, false, all); len(left.Accesses) != 0 {
		t.Errorf("still to review: %q", summaries(left))
	}
	done := o.alerts(t, officer, true, all)
	if len(done.Accesses) != 1 || len(done.Accesses[0].Reviews) != 1 || done.Accesses[0].Reviews[0].Finding != review.Finding {
		t.Errorf("reviewed: %+v", done.Accesses)
	}
	if _, again, err := o.gate.ReviewAlert(context.Background(), officer, access.Sequence, "On second thoughts, no."); err != nil ||
		len(again.Reviews) != 2 || again.Reviews[0].Sequence != review.Sequence {
		t.Errorf("a second review: %+v, error %v", again.Reviews, err)
	}
	page := o.accesses(t, officer, gate.AccessesOf{User: gpCaller.ID})
	if got := page.Accesses[len(page.Accesses)-1]; len(got.Reviews) != 2 {
		t.Errorf("in the user's ledger the alert has %d reviews", len(got.Reviews))
	}
}

func TestAnOfficerReviewsTheirOwnOrganisationAndAGuardianAll(t *testing.T) {
	o, all := newOffice(t), gate.Paging{First: 20}
	elsewhere := gpCaller
	elsewhere.ID, elsewhere.Organisation = "u7", "X99999"
	grant := breakGlass(t, o, elsewhere, amina, 0)
	if page := o.alerts(t, officer, false, all); len(page.Accesses) != 0 {
		t.Errorf("an officer sees %q", summaries(page))
	}
	if page := o.alerts(t, guardian, false, all); len(page.Accesses) != 1 {
		t.Errorf("a guardian sees %q", summaries(page))
	}
	if _, _, err := o.gate.ReviewAlert(context.Background(), officer, grant.Sequence, "All is well."); !errors.Is(err, gate.ErrAlert) {
		t.Errorf("error is %v", err)
	}
}

func TestWhatIsNoAlertIsNotReviewed(t *testing.T) {
	o := newOffice(t)
	o.ask(t, gpCaller, conditionsOf(t, amina))
	for _, sequence := range []uint64{1, 99, 1<<64 - 1} {
		if _, _, err := o.gate.ReviewAlert(context.Background(), guardian, sequence, "All is well."); !errors.Is(err, gate.ErrAlert) {
			t.Errorf("entry %d: error is %v", sequence, err)
		}
	}
	breakGlass(t, o, gpCaller, amina, 0)
	for _, finding := range []string{"", "  ", "ok", strings.Repeat("x", 4001)} {
		if _, _, err := o.gate.ReviewAlert(context.Background(), guardian, 2, finding); !errors.Is(err, gate.ErrReason) {
			t.Errorf("%d characters: error is %v", len(finding), err)
		}
	}
	for _, entry := range o.newest(t, 4) {
		if entry.Event != audit.EventReview || entry.Outcome != audit.OutcomeRefused || entry.Reviewed != 0 || entry.Finding != "" {
			t.Errorf("an entry is %+v", entry)
		}
	}
}

func TestAlertsArePaged(t *testing.T) {
	o := newOffice(t)
	for range 5 {
		breakGlass(t, o, gpCaller, amina, 0)
	}
	first := o.alerts(t, guardian, false, gate.Paging{First: 3})
	rest := o.alerts(t, guardian, false, gate.Paging{First: 3, After: first.Cursor(2)})
	if !first.HasNext || len(first.Accesses) != 3 || rest.HasNext || len(rest.Accesses) != 2 || rest.Accesses[1].Sequence != 1 {
		t.Errorf("pages of %d and %d", len(first.Accesses), len(rest.Accesses))
	}
}
