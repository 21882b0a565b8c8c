package policy_test

import (
	"testing"

	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/policy/casebook"
)

func inspect(t testing.TB) *policy.Inspection {
	t.Helper()
	inspection, err := policy.Inspect(t.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return inspection
}

// Whatever a decision gives as a reason can be followed to the line that said it.
func TestEveryReasonOfEveryCaseHasItsPassage(t *testing.T) {
	inspection := inspect(t)
	cases, err := casebook.Read(policy.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for i := range cases {
		decision, err := inspection.Decide(t.Context(), cases[i].Input())
		if err != nil {
			t.Fatal(err)
		}
		said, err := inspection.Saying(t.Context(), cases[i].Input())
		if err != nil {
			t.Fatal(err)
		}
		for _, reason := range decision.Reasons {
			if len(said[reason]) == 0 || said[reason][0].Line == 0 {
				t.Errorf("%s: nothing says %s", cases[i].Title, reason)
			}
		}
	}
}

// The bounds taken together are the whole rule: what each lets through, the decision releases.
func TestBoundsTogetherAreTheCondition(t *testing.T) {
	inspection := inspect(t)
	for _, objection := range []string{"none", "upheld"} {
		input := policy.Input{Role: "R0260", Organisation: "F84010", Purpose: policy.Treatment,
			Relationship: policy.RelationshipRegistered, Person: policy.Person{Objection: objection, Age: policy.Age16AndUp}}
		decision, err := inspection.Decide(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		bounds, err := inspection.Bounds(t.Context(), input)
		if err != nil || len(bounds) < 2 {
			t.Fatalf("%d bounds: %v", len(bounds), err)
		}
		for seed := range uint64(2000) {
			record := recordFrom(seed * 0x9e3779b97f4a7c15)
			want := true
			for i := range bounds {
				want = want && bounds[i].Condition(record.Kind()).Match(record)
			}
			if got := decision.Release(record.Kind()).Condition.Match(record); got != want {
				t.Fatalf("%s: %s is released: %v, all bounds let it through: %v", objection, clinical.Kind(record.Kind()), got, want)
			}
		}
	}
}
