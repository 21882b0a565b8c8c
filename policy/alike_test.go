package policy_test

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

func TestAThousandPracticesAreDecidedByOneOutline(t *testing.T) {
	engine := open(t, policy.Embedded())
	input, seen := gp, map[*policy.Decision]bool{}
	for n := range 1000 {
		input.Organisation = fmt.Sprintf("F%05d", n)
		decision, err := engine.Decide(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		seen[decision] = true
		own, other := recordOf(input.Organisation), recordOf("F99999")
		own.Labels.Put(clinical.LabelSealed, true)
		other.Labels.Put(clinical.LabelSealed, true)
		if released := decision.Release(clinical.KindCondition).Condition; !released.Match(own) || released.Match(other) {
			t.Fatalf("%s: what it sealed itself is not released, or what others did is", input.Organisation)
		}
	}
	if known, can := engine.Outlines(); known != 1 || !can || len(seen) != 1000 {
		t.Errorf("%d outlines, of %d decisions", known, len(seen))
	}
}

func recordOf(organisation string) *clinical.Condition {
	record := &clinical.Condition{}
	record.Organisation.Code = clinical.Text(organisation)
	for _, label := range clinical.Labels() {
		record.Labels.Put(label, false)
	}
	return record
}

// A decision by an outline is the decision that evaluating the very input gives, condition by condition.
func TestAnOutlineSaysWhatTheRulesSay(t *testing.T) {
	engine := open(t, policy.Embedded())
	rapid.Check(t, func(t *rapid.T) {
		input := drawInput(t)
		input.Emergency = rapid.Bool().Draw(t, "emergency")
		input.Person.Preferences = rapid.SliceOfN(rapid.Custom(drawPreference), 0, 3).Draw(t, "preferences")
		decided, err := engine.Decide(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		evaluated, err := engine.Evaluate(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range clinical.Kinds() {
			got, want := decided.Release(kind), evaluated.Release(kind)
			if got.Masked != want.Masked || got.Untold != want.Untold || got.Condition.IsAlways() != want.Condition.IsAlways() ||
				!reflect.DeepEqual(got.Condition.Clauses(), want.Condition.Clauses()) {
				t.Fatalf("%+v, %s: %+v, evaluated %+v", input, kind, got, want)
			}
		}
		if decided.Permitted != evaluated.Permitted || decided.Hide != evaluated.Hide || decided.Alert != evaluated.Alert ||
			decided.Notify != evaluated.Notify || !reflect.DeepEqual(decided.Reasons, evaluated.Reasons) {
			t.Fatalf("%+v: %+v, evaluated %+v", input, decided, evaluated)
		}
	})
	if known, _ := engine.Outlines(); known == 0 {
		t.Error("no decision was made by an outline")
	}
}

// drawPreference names organisations that may be the caller's, and texts that mean something else.
func drawPreference(t *rapid.T) policy.Preference {
	return policy.Preference{Effect: rapid.SampledFrom([]string{"allow", "deny"}).Draw(t, "effect"),
		Category: rapid.SampledFrom([]string{"hiv", "drugs", "all"}).Draw(t, "category"),
		Party:    rapid.SampledFrom(policy.Parties()).Draw(t, "party"), Code: rapid.SampledFrom(append(texts, "R0260", "")).Draw(t, "code")}
}

// Rules that could tell organisations apart are asked about each.
func TestOrganisationsThatRulesCouldTellApartAreNotAlike(t *testing.T) {
	for name, test := range map[string]struct {
		rows  string
		alike bool
	}{
		"compared with the record":   {"released if input.record.organisation == input.caller.organisation", true},
		"compared the other way":     {"released if input.caller.organisation == input.record.organisation", true},
		"compared with a name":       {`released if input.caller.organisation == "RYJ"`, true}, // RYJ itself is asked about apart
		"not a name":                 {`released if input.caller.organisation != "RYJ"`, true},
		"the beginning of its name":  {`released if startswith(input.caller.organisation, "R")`, false},
		"by another name":            {"released if {\n\town := input.caller.organisation\n\tinput.record.organisation == own\n}", false},
		"under a name of the caller": {"released if {\n\tcaller := input.caller\n\tinput.record.organisation == caller.organisation\n}", false},
		"any member of the caller":   {"released if {\n\tsome member\n\tinput.record.organisation == input.caller[member]\n}", false},
		"one of several":             {`released if input.caller.organisation in {"RYJ", "RYX"}`, false},
		"a name put together":        {"_own := concat(\"\", [\"RY\", \"J\"])\n\nreleased if input.caller.organisation == _own", false},
		"given to a function":        {"_own(organisation) if organisation == \"RYJ\"\n\nreleased if _own(input.caller.organisation)", false},
		"an import":                  {"import input.caller\n\nreleased if input.record.organisation == caller.organisation", false},
	} {
		t.Run(name, func(t *testing.T) {
			engine := open(t, withRows(t, test.rows))
			for _, organisation := range []string{"RYJ", "RYX", "F84010"} {
				input := gp
				input.Organisation = organisation
				decided, err := engine.Decide(t.Context(), input)
				if err != nil {
					t.Fatal(err)
				}
				evaluated, err := engine.Evaluate(t.Context(), input)
				if err != nil {
					t.Fatal(err)
				}
				for _, of := range []string{"RYJ", "RYX", "F84010"} {
					record := recordOf(of)
					if got, want := decided.Release(record.Kind()).Condition.Match(record), evaluated.Release(record.Kind()).Condition.Match(record); got != want {
						t.Errorf("%s, a record of %s: released %v, the rules say %v", organisation, of, got, want)
					}
				}
			}
			if _, can := engine.Outlines(); can != test.alike {
				t.Errorf("organisations are alike: %v", can)
			}
		})
	}
}
