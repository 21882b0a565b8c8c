package explain_test

import (
	"bytes"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/policy/casebook"
	"onelondon/policy/explain"
	"onelondon/policy/specimen"
)

func inspect(t *testing.T) *policy.Inspection {
	t.Helper()
	inspection, err := policy.Inspect(t.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return inspection
}

func explained(t *testing.T, inspection *policy.Inspection, question explain.Question) *explain.Explanation {
	t.Helper()
	explanation, err := explain.Explain(t.Context(), inspection, question)
	if err != nil {
		t.Fatal(err)
	}
	return explanation
}

func gp() policy.Input {
	return policy.Input{Role: "R0260", Organisation: "F84010", Purpose: policy.Treatment, Relationship: policy.RelationshipRegistered,
		Person: policy.Person{Objection: "none", Age: policy.Age16AndUp, Capacity: policy.CapacityPresumed}}
}

// Every case of the policy can be explained: each reason is followed to a line, and what is withheld to a rule with an
// expectation.
func TestEveryCaseIsExplainedDownToItsLines(t *testing.T) {
	inspection := inspect(t)
	cases, err := casebook.Read(policy.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for i := range cases {
		e := explained(t, inspection, explain.Question{Input: cases[i].Input()})
		for _, reason := range e.Reasons {
			if reason.Rule.Line == 0 || reason.Rule.Expectation == "" || reason.Words == "" {
				t.Errorf("%s: %+v", cases[i].Title, reason)
			}
		}
		for _, withheld := range e.Withheld {
			if len(withheld.Rules) == 0 {
				t.Errorf("%s: no rule withholds %s", cases[i].Title, withheld.Sentence())
			}
		}
		var text bytes.Buffer
		if err := e.Write(&text, "policy"); err != nil || text.Len() == 0 {
			t.Errorf("%s: %v", cases[i].Title, err)
		}
	}
}

// What is said of one record is what plain Rego says of it, and a record that is withheld has a rule that withholds it.
func TestTheVerdictOnOneRecordIsPlainRegos(t *testing.T) {
	inspection := inspect(t)
	input := gp()
	input.Person.Objection = "upheld"
	set := specimen.Set(inspection.Tables(), input.Organisation)
	for i, circumstance := range set.Circumstances() {
		record := set.Records(circumstance)[i%len(clinical.Kinds())]
		e := explained(t, inspection, explain.Question{Input: input, Record: record})
		want, err := inspection.Releases(t.Context(), input, record)
		if err != nil || e.Record.Released != want || len(e.Record.Rules) == 0 {
			t.Errorf("%s: %+v, plain Rego says %v, %v", circumstance.Words, e.Record, want, err)
		}
	}
}

func TestWhatWouldHaveToBeDifferentIsFound(t *testing.T) {
	inspection := inspect(t)
	receptionist, research, stranger := gp(), gp(), gp()
	receptionist.Role = "R1730"
	research.Purpose = policy.Research
	stranger.Role, stranger.Relationship = "R9999", policy.RelationshipNone
	for _, test := range []struct {
		name  string
		input policy.Input
		want  string
	}{
		{"another group of roles", receptionist, "the caller's role is in the group doctor"},
		{"another purpose", research, "the question is asked for treatment (TREAT)"},
		{"a role and a relationship together", stranger, "the person is registered at the caller's practice and the caller's role is in the group doctor"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := explained(t, inspection, explain.Question{Input: test.input})
			for _, change := range e.More {
				for _, words := range change.If {
					if words == test.want && change.Then.More() {
						return
					}
				}
			}
			t.Errorf("%q is not among %+v", test.want, e.More)
		})
	}
}

func TestAnObjectionThatIsUpheldWouldReleaseLess(t *testing.T) {
	e := explained(t, inspect(t), explain.Question{Input: gp()})
	for _, change := range e.Less {
		if strings.Contains(strings.Join(change.If, "; "), "objection to the shared record was upheld") && len(change.Then.Lost) > 0 {
			return
		}
	}
	t.Errorf("%+v", e.Less)
}
