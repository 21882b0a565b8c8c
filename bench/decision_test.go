package bench_test

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// chartInput is a GP's question about a patient of the practice who denied one category, as most decisions are and a little more.
func chartInput() policy.Input {
	return policy.Input{Role: "R0260", Activities: []string{"B0360"}, Organisation: "F84010", Purpose: policy.Treatment,
		Relationship: policy.RelationshipRegistered, Person: policy.Person{Objection: "none", Age: policy.Age16AndUp,
			Capacity: policy.CapacityPresumed, Preferences: []policy.Preference{{Effect: "deny", Category: "hiv", Party: "anyone"}}}}
}

// BenchmarkDecision is the decision for one chart: by the policy in Rego, evaluated anew and remembered, and by the same rules
// written in Go by hand.
func BenchmarkDecision(b *testing.B) {
	ctx := context.Background()
	inspection, err := policy.Inspect(ctx, policy.Embedded(), policy.Options{})
	if err != nil {
		b.Fatal(err)
	}
	hand, input := writtenByHand(b, inspection.Tables()), chartInput()
	b.Run("rego-anew", func(b *testing.B) {
		b.ReportAllocs()
		for n := 0; b.Loop(); n++ {
			input.Organisation = fmt.Sprintf("F%05d", n) // nobody asked from there before
			if _, err := inspection.Decide(ctx, input); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("rego-remembered", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := inspection.Decide(ctx, input); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("by-hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			hand.decide(&input)
		}
	})
}

// The rules by hand are the policy's rules: for whomever and whatever record, they say the same. Were they less, the benchmark
// would compare two different things.
func TestTheRulesByHandSayWhatThePolicySays(t *testing.T) {
	inspection, err := policy.Inspect(t.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	hand := writtenByHand(t, inspection.Tables())
	decided, released := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		input := drawQuestion(t, inspection.Tables())
		decision, err := inspection.Decide(context.Background(), input)
		if err != nil {
			t.Fatal(err)
		}
		by := hand.decide(&input)
		if decision.Permitted != by.permitted || decision.Hide != by.hide || decision.Permitted && (decision.Alert != by.alert || decision.Notify != by.notify) {
			t.Fatalf("%+v: the policy says %v %v %v %v, by hand %+v", input, decision.Permitted, decision.Hide, decision.Alert, decision.Notify, by)
		}
		for range 40 {
			record := drawRecord(t)
			want, got := decision.Release(record.Kind()), hand.releases(by, record)
			if want.Condition.Match(record) != got || got && (masks{want.Masked, want.Untold}) != by.kinds[record.Kind().String()] {
				t.Fatalf("%+v\n%s %+v: the policy releases %v, by hand %v", input, record.Kind(), record.About(), !got, got)
			}
			if decided++; got {
				released++
			}
		}
	})
	t.Logf("%d records decided, %d released", decided, released)
	if decided < 3000 || released < decided/50 {
		t.Errorf("%d records decided, %d released: too few to prove anything", decided, released)
	}
}

func drawQuestion(t *rapid.T, tables map[string]any) policy.Input {
	input := policy.Input{
		Role:         rapid.SampledFrom([]string{"R0260", "R0620", "R1290", "R1070", "R1330", "R1730", "R9999", ""}).Draw(t, "role"),
		Organisation: rapid.SampledFrom([]string{"F84010", "R1H", ""}).Draw(t, "organisation"),
		Purpose:      rapid.SampledFrom(append(policy.Purposes(), policy.Treatment, policy.EmergencyTreatment, "")).Draw(t, "purpose"),
		Relationship: rapid.SampledFrom(policy.Relationships()).Draw(t, "relationship"),
		Emergency:    rapid.Bool().Draw(t, "emergency"),
		Activities:   rapid.SliceOfN(rapid.SampledFrom(policy.Activities(tables)), 0, 2).Draw(t, "activities"),
		Person: policy.Person{
			Objection:   rapid.SampledFrom(append(policy.Objections(), "none", "")).Draw(t, "objection"),
			Preferences: rapid.SliceOfN(rapid.Custom(drawPreference), 0, 3).Draw(t, "preferences"),
			Flagged:     rapid.IntRange(0, 9).Draw(t, "flagged") == 0,
			Deceased:    rapid.IntRange(0, 9).Draw(t, "deceased") == 0,
			Age:         rapid.SampledFrom(policy.Ages()).Draw(t, "age"),
			Capacity:    rapid.SampledFrom(policy.Capacities()).Draw(t, "capacity"),
			Authority:   rapid.SampledFrom(policy.Authorities()).Draw(t, "authority"),
		},
	}
	if rapid.IntRange(0, 3).Draw(t, "citizen") == 0 {
		input.Citizen, input.Role, input.Organisation, input.Activities, input.Purpose = true, "", "", nil, policy.PatientRequest
		input.Relationship = rapid.SampledFrom([]policy.Relationship{policy.RelationshipSelf, policy.RelationshipProxy}).Draw(t, "citizen's relationship")
	}
	return input
}

func drawPreference(t *rapid.T) policy.Preference {
	p := policy.Preference{Effect: rapid.SampledFrom(append(policy.Effects(), "perhaps")).Draw(t, "effect"),
		Category: rapid.SampledFrom([]string{"hiv", "drugs", "gender_recognition", "venereal_disease", "all"}).Draw(t, "category"),
		Party:    rapid.SampledFrom(policy.Parties()).Draw(t, "party")}
	switch p.Party {
	case "organisation":
		p.Code = rapid.SampledFrom([]string{"F84010", "R1H"}).Draw(t, "code")
	case "role":
		p.Code = rapid.SampledFrom([]string{"R0260", "R1330"}).Draw(t, "code")
	}
	return p
}

// drawRecord draws a record without a code: by which codes a record is of a category is not a rule, and no rule by hand.
func drawRecord(t *rapid.T) clinical.Record {
	record := rapid.SampledFrom(clinical.Kinds()).Draw(t, "kind").Descriptor().New()
	meta := record.About()
	meta.Organisation.Code = clinical.Text(rapid.SampledFrom([]string{"F84010", "R1H", ""}).Draw(t, "of"))
	for _, label := range clinical.Labels() {
		if said := rapid.IntRange(0, 19).Draw(t, string(label)); said > 1 {
			meta.Labels.Put(label, said == 2)
		}
	}
	return record
}
