package gate_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"onelondon/internal/audit"
	"onelondon/internal/gate"
)

func TestWhatIsTypedIsKeptWithoutNumbersAndWithoutControlCharacters(t *testing.T) {
	o := newOffice(t)
	for said, want := range map[string]string{
		"Sister of " + amina + ", in A&E.":                            "Sister of (an NHS number), in A&E.",
		"Sister of " + amina[:3] + " " + amina[3:6] + " " + amina[6:]: "Sister of (an NHS number)",
		"Sister of " + amina[:3] + "-" + amina[3:6] + "-" + amina[6:]: "Sister of (an NHS number)",
		"Call back on 02079460000, bed 7.":                            "Call back on 02079460000, bed 7.",
		"Found\x1b[2J\n\u202ein the street":                           "Found [2J  in the street",
	} {
		if _, err := o.gate.BreakGlass(context.Background(), gpCaller, number(t, nobody), said, 0); err != nil {
			t.Fatal(err)
		}
		if got := o.newest(t, 1)[0].ClaimedReason; got != want {
			t.Errorf("%q is kept, want %q", got, want)
		}
	}
	question := conditionsOf(t, amina)
	question.ClaimedRelationship = "Referred with " + another + "." + strings.Repeat("é", 3000)
	o.ask(t, stranger, question)
	if got := o.newest(t, 1)[0].ClaimedReason; strings.Contains(got, another) || len(got) > 2000 || !strings.HasSuffix(got, "é") {
		t.Errorf("%d bytes are kept of a claim", len(got))
	}
	grant := breakGlass(t, o, gpCaller, amina, 0)
	review, _, err := o.gate.ReviewAlert(context.Background(), guardian, grant.Sequence, "Meant\n"+another)
	if err != nil || review.Finding != "Meant (an NHS number)" {
		t.Errorf("the finding is %q, %v", review.Finding, err)
	}
}

func TestAClaimOfNothingIsNoClaim(t *testing.T) {
	o := newOffice(t)
	question := conditionsOf(t, amina)
	question.ClaimedRelationship = " \n\t\u200b"
	if o.ask(t, stranger, question) != nil {
		t.Error("the person is shown")
	}
}

func TestNobodyReviewsWhatTheyDidThemselves(t *testing.T) {
	o := newOffice(t)
	entry := audit.Entry{Time: o.now, RequestID: "r9", Caller: audit.Caller{ID: guardian.ID, Organisation: "F84003"},
		Person: number(t, amina), Outcome: audit.OutcomeReleased, Alert: true}
	receipts, err := o.ledger.Append(context.Background(), entry)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.gate.ReviewAlert(context.Background(), guardian, receipts[0].Sequence, "All is well."); !errors.Is(err, gate.ErrNotPermitted) {
		t.Errorf("error is %v", err)
	}
	if _, _, err := o.gate.ReviewAlert(context.Background(), officer, receipts[0].Sequence, "All is well."); err != nil {
		t.Errorf("somebody else: %v", err)
	}
}

func TestReviewedAlertsArePagedThoughMostAreNot(t *testing.T) {
	o := newOffice(t)
	for i := range 12 {
		grant := breakGlass(t, o, gpCaller, amina, 0)
		if i%3 != 0 {
			continue
		}
		for range 2 {
			if _, _, err := o.gate.ReviewAlert(context.Background(), officer, grant.Sequence, "All is well."); err != nil {
				t.Fatal(err)
			}
		}
	}
	first := o.alerts(t, officer, true, gate.Paging{First: 3})
	rest := o.alerts(t, officer, true, gate.Paging{First: 3, After: first.Cursor(2)})
	if len(first.Accesses) != 3 || !first.HasNext || len(rest.Accesses) != 1 || rest.HasNext {
		t.Fatalf("pages of %d and %d", len(first.Accesses), len(rest.Accesses))
	}
	for _, access := range append(first.Accesses, rest.Accesses...) {
		if len(access.Reviews) != 2 {
			t.Errorf("entry %d has %d reviews", access.Sequence, len(access.Reviews))
		}
	}
}
