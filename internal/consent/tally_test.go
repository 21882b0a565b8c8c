package consent_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/consent"
)

func TestATallyCountsWhatHoldsAndNamesNobody(t *testing.T) {
	register := open(t, path(t))
	defer closeNow(t, register)
	denies := func(n int, party consent.PartyKind, code clinical.Text) consent.Directive {
		return consent.Directive{Person: person(t, n), Authority: consent.Self, RecordedBy: "clerk", At: time.Now(), About: consent.Choice{
			Preference: consent.Preference{Effect: consent.Deny, Category: clinical.LabelHIV, Party: party, Code: code}}}
	}
	for _, directive := range []consent.Directive{
		denies(1, consent.Organisation, "R1H"), denies(2, consent.Organisation, "RYJ"), denies(2, consent.Organisation, "RAL"),
		denies(3, consent.Anyone, ""), says(person(t, 4), consent.Requested), says(person(t, 4), consent.Upheld),
	} {
		record(t, register, directive)
	}
	got, err := register.Tally(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	hiv := func(party consent.PartyKind) []consent.Preference {
		return []consent.Preference{{Effect: consent.Deny, Category: clinical.LabelHIV, Party: party}}
	}
	if len(got) != 3 || got[0].People != 2 {
		t.Fatalf("%+v", got)
	}
	if diff := cmp.Diff(consent.Tallied{Preferences: hiv(consent.Organisation), Capacity: consent.CapacityPresumed, People: 2}, got[0]); diff != "" {
		t.Error(diff)
	}
	whole := fmt.Sprint(got)
	for _, want := range []consent.Tallied{{Preferences: hiv(consent.Anyone), Capacity: consent.CapacityPresumed, People: 1},
		{Objection: consent.ObjectionUpheld, Capacity: consent.CapacityPresumed, People: 1}} {
		if !cmp.Equal(want, got[1]) && !cmp.Equal(want, got[2]) {
			t.Errorf("no %+v in %s", want, whole)
		}
	}
}
