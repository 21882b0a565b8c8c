package gate_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/policy"
)

// heedingPolicy withholds what a person denied to the caller's role or organisation, unless the glass is broken. Everybody but
// reception sees conditions and medicines.
type heedingPolicy struct{ deskPolicy }

func (p *heedingPolicy) Decide(_ context.Context, input policy.Input) (*policy.Decision, error) {
	clause := condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelSealed), Op: condition.Equal, Values: []condition.Value{condition.Bool(false)}}}
	for _, each := range input.Person.Preferences {
		if each.Effect == "deny" && (each.Party == "anyone" || each.Code == input.Role || each.Code == input.Organisation) && !input.Emergency {
			clause = append(clause, condition.Atom{Attribute: condition.LabelAttribute(clinical.Label(each.Category)), Op: condition.Equal,
				Values: []condition.Value{condition.Bool(false)}})
		}
	}
	decision := &policy.Decision{Revision: "test", Permitted: true}
	for _, kind := range []clinical.Kind{clinical.KindCondition, clinical.KindMedication} {
		if input.Role != "R1730" {
			decision.SetRelease(kind, policy.Release{Condition: condition.Where(clause)})
		}
	}
	return decision, nil
}

func newHeedingOffice(t testing.TB) *office {
	o := newOffice(t)
	return o.under(t, &heedingPolicy{})
}

func (o *office) preview(t testing.TB, caller auth.Caller, input gate.PreferenceInput) *gate.PreferencePreview {
	t.Helper()
	preview, err := o.gate.PreviewPreference(context.Background(), caller, caller.Person, input)
	if err != nil {
		t.Fatal(err)
	}
	return preview
}

func hivDeniedTo(kind gate.PartyKind, code clinical.Text) gate.PreferenceInput {
	return gate.PreferenceInput{Effect: gate.Deny, Category: clinical.LabelHIV, Party: gate.PartyInput{Kind: kind, Code: code}}
}

func TestAPreviewTellsForWhomWhatWouldChange(t *testing.T) {
	o, me := newHeedingOffice(t), citizen(t, amina)
	got := o.preview(t, me, hivDeniedTo(gate.ARole, "R0260"))
	lost := []gate.PreviewedRecords{{Category: clinical.LabelHIV, Kinds: []clinical.Kind{clinical.KindCondition, clinical.KindMedication},
		Words: "Records about HIV: conditions and medicines."}}
	want := []gate.PreviewedChange{
		{Who: "a doctor at your GP practice", Stops: lost, Starts: []gate.PreviewedRecords{}},
		{Who: "anybody in the role General Medical Practitioner (R0260) who cares for you", Stops: lost, Starts: []gate.PreviewedRecords{}},
	}
	if diff := cmp.Diff(want, got.Changes); diff != "" {
		t.Error(diff)
	}
	if want := "A doctor at your GP practice would no longer see records about HIV. Anybody in the role General Medical " +
		"Practitioner (R0260) who cares for you would no longer see records about HIV."; got.Words != want {
		t.Errorf("words are %q", got.Words)
	}
	if _, revision, _ := o.register.State(me.Person); revision != 0 {
		t.Errorf("a preview was recorded: the register is at %d", revision)
	}
}

func TestAPreviewOfTakingBackADenialTellsWhatWouldBeSeenAgain(t *testing.T) {
	o, me := newHeedingOffice(t), citizen(t, amina)
	o.choose(t, me, me.Person, denied(clinical.LabelHIV, gate.AnOrganisation, "R1H"))
	allow := hivDeniedTo(gate.AnOrganisation, "R1H")
	allow.Effect = gate.Allow
	got := o.preview(t, me, allow)
	if len(got.Changes) != 1 || len(got.Changes[0].Starts) != 1 || len(got.Changes[0].Stops) != 0 ||
		got.Changes[0].Who != "a doctor among the staff of Source barts (R1H)" {
		t.Errorf("changes are %+v", got.Changes)
	}
}

func TestAPreviewOfWhatHoldsAlreadyChangesNothing(t *testing.T) {
	o, me := newHeedingOffice(t), citizen(t, amina)
	o.choose(t, me, me.Person, denied(clinical.LabelHIV, gate.Anyone, ""))
	if got := o.preview(t, me, hivDeniedTo(gate.Anyone, "")); len(got.Changes) != 0 || !strings.HasPrefix(got.Words, "Nothing would change") {
		t.Errorf("got %+v", got)
	}
}

func TestAnEmergencyOpensWhatAPreviewCloses(t *testing.T) {
	o := newHeedingOffice(t)
	got := o.preview(t, citizen(t, amina), hivDeniedTo(gate.Anyone, ""))
	if len(got.Changes) != 5 || slices.ContainsFunc(got.Changes, func(c gate.PreviewedChange) bool {
		return strings.Contains(c.Who, "breaks the glass") || strings.Contains(c.Who, "receptionist")
	}) {
		t.Errorf("changes are %+v", got.Changes)
	}
}

func TestAPreviewOfNoPreferenceIsRefused(t *testing.T) {
	o := newHeedingOffice(t)
	for _, input := range []gate.PreferenceInput{{}, hivDeniedTo(gate.Anyone, "R1H"), hivDeniedTo(gate.ARole, "")} {
		if _, err := o.gate.PreviewPreference(context.Background(), citizen(t, amina), number(t, amina), input); !errors.Is(err, gate.ErrPreference) {
			t.Errorf("error is %v", err)
		}
	}
	if _, err := o.gate.PreviewPreference(context.Background(), gpCaller, number(t, amina), hivDeniedTo(gate.Anyone, "")); !errors.Is(err, gate.ErrNotPermitted) {
		t.Errorf("a doctor: error is %v", err)
	}
	var none consent.State
	if state, _, _ := o.register.State(number(t, amina)); !cmp.Equal(state.Preferences, none.Preferences) {
		t.Errorf("preferences are %v", state.Preferences)
	}
}
