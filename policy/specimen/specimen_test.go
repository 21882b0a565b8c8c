package specimen_test

import (
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/policy"
	"onelondon/policy/specimen"
)

// tables say one category in words.
func tables() map[string]any {
	return map[string]any{"categories": map[string]any{"hiv": map[string]any{"title": "HIV and AIDS"}, "drugs": map[string]any{"title": "Drug misuse"}}}
}

// decision releases of the kinds given what satisfies a condition.
func decision(c condition.Condition, kinds ...clinical.Kind) *policy.Decision {
	d := &policy.Decision{Permitted: true}
	for _, kind := range kinds {
		d.SetRelease(kind, policy.Release{Condition: c})
	}
	return d
}

func free(label clinical.Label) condition.Condition {
	return condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(label), Op: condition.Equal, Values: []condition.Value{condition.Bool(false)}}})
}

func sentences(shares []specimen.Share) string {
	var all []string
	for _, share := range shares {
		all = append(all, share.Sentence())
	}
	return strings.Join(all, "; ")
}

func TestWhatADecisionReleasesIsSaidInWords(t *testing.T) {
	for _, test := range []struct {
		name, organisation string
		decision           *policy.Decision
		want               string
	}{
		{"nothing", "R1H", &policy.Decision{}, ""},
		{"everything", "R1H", decision(condition.Always(), clinical.Kinds()...), "every record (every kind)"},
		{"one kind", "R1H", decision(condition.Always(), clinical.KindDocument), "every record (Document)"},
		{"most kinds", "R1H", decision(condition.Always(), clinical.Kinds()[2:]...), "every record (every kind but Registration and AllergyIntolerance)"},
		{"what is not about HIV", "", decision(free(clinical.LabelHIV), clinical.Kinds()...),
			"every record but records on which the source is silent and records about HIV and AIDS (every kind)"},
		{"the own organisation's", "R1H", decision(condition.Where(condition.Clause{{Attribute: condition.Organisation, Op: condition.Equal,
			Values: []condition.Value{condition.Text("R1H")}}}), clinical.Kinds()...), "from the caller's own organisation: every record (every kind)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			set := specimen.Set(tables(), test.organisation)
			if got := sentences(set.Released(set.Seen(test.decision))); got != test.want {
				t.Errorf("%s", got)
			}
		})
	}
}

func TestWhatLiesBetweenTwoDecisionsIsGainedOrLost(t *testing.T) {
	set := specimen.Set(tables(), "")
	before := set.Seen(decision(free(clinical.LabelHIV), clinical.KindCondition))
	after := set.Seen(decision(free(clinical.LabelDrugs), clinical.KindCondition))
	d := set.Between(before, after)
	if sentences(d.Gained) != "records about HIV and AIDS (Condition)" || sentences(d.Lost) != "records about drug misuse (Condition)" || !d.More() || !d.Less() {
		t.Errorf("%+v", d)
	}
	if same := set.Between(before, before); !same.Empty() {
		t.Errorf("%+v", same)
	}
}

// A field is gained where the record is released both times; the fields of a record that is not are nobody's gain.
func TestAFieldThatIsNoLongerMaskedIsGained(t *testing.T) {
	set := specimen.Set(tables(), "")
	masking, plain := decision(condition.Always(), clinical.KindContact), decision(condition.Always(), clinical.KindContact, clinical.KindAlert)
	masking.SetRelease(clinical.KindContact, policy.Release{Condition: condition.Always(), Masked: clinical.KindContact.Descriptor().Set("note")})
	masking.SetRelease(clinical.KindAlert, policy.Release{Masked: clinical.KindAlert.Descriptor().Set("note")})
	d := set.Between(set.Seen(masking), set.Seen(plain))
	if strings.Join(d.Unmasked, " ") != "Contact.note" || len(d.Masked) > 0 || sentences(d.Gained) != "every record (Alert)" {
		t.Errorf("%+v", d)
	}
}

func TestNobodyWhoMustNotBeFoundIsSeen(t *testing.T) {
	set := specimen.Set(tables(), "R1H")
	hidden := decision(condition.Always(), clinical.Kinds()...)
	hidden.Hide = true
	if got := set.Released(set.Seen(hidden)); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

// A field that is shown only where the person was told is shown to fewer than before, and to more than where it is masked.
func TestAFieldForThoseWhoWereToldIsBetweenAMaskedOneAndAPlainOne(t *testing.T) {
	set, kind := specimen.Set(tables(), ""), clinical.KindUrgentCarePlan
	estimate := kind.Descriptor().Set("prognosisEstimate")
	plain, untold, masked := decision(condition.Always(), kind), decision(condition.Always(), kind), decision(condition.Always(), kind)
	untold.SetRelease(kind, policy.Release{Condition: condition.Always(), Untold: estimate})
	masked.SetRelease(kind, policy.Release{Condition: condition.Always(), Masked: estimate})
	if d := set.Between(set.Seen(plain), set.Seen(untold)); strings.Join(d.Masked, " ") != "UrgentCarePlan.prognosisEstimate unless the person was told" || !d.Less() {
		t.Errorf("%+v", d)
	}
	if d := set.Between(set.Seen(untold), set.Seen(plain)); strings.Join(d.Unmasked, " ") != "UrgentCarePlan.prognosisEstimate unless the person was told" {
		t.Errorf("%+v", d)
	}
	if d := set.Between(set.Seen(untold), set.Seen(masked)); strings.Join(d.Masked, " ") != "UrgentCarePlan.prognosisEstimate" {
		t.Errorf("%+v", d)
	}
}
