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
	got, err := register.Tally(t.Context(), nil)
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

func TestAPersonWithTwoNumbersIsTalliedOnceByWhatTheySaidLast(t *testing.T) {
	file, former, current := path(t), person(t, 1), person(t, 2)
	register := open(t, file)
	for _, directive := range []consent.Directive{
		about(former, choice(consent.Deny, clinical.LabelHIV, consent.Anyone, "")), about(former, choice(consent.Deny, clinical.LabelDrugs, consent.Anyone, "")),
		about(current, consent.Choice{Preference: choice("", clinical.LabelHIV, consent.Anyone, "").Preference, Withdrawn: true}),
	} {
		record(t, register, directive)
	}
	closeNow(t, register)
	reader, err := consent.OpenReader(t.Context(), consent.Options{Path: file, Key: key, Log: nobodySay})
	if err != nil {
		t.Fatal(err)
	}
	defer closeNow(t, reader)
	got, err := reader.Tally(t.Context(), map[clinical.NHSNumber]clinical.NHSNumber{former: current})
	if err != nil {
		t.Fatal(err)
	}
	want := []consent.Tallied{{Preferences: []consent.Preference{{Effect: consent.Deny, Category: clinical.LabelDrugs, Party: consent.Anyone}},
		Capacity: consent.CapacityPresumed, People: 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
