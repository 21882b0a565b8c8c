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
		{"another group of roles", receptionist, "the caller's role is in the group “doctor”"},
		{"another purpose", research, "the question is asked for treatment (TREAT)"},
		{"a role and a relationship together", stranger, "the person is registered at the caller's practice and the caller's role is in the group “doctor”"},
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

// Of one record that is withheld it is said what would release it, in words that can be read aloud.
func TestWhatWouldReleaseOneRecordIsSaid(t *testing.T) {
	inspection := inspect(t)
	record := func(label clinical.Label) clinical.Record {
		made := clinical.KindMedication.Descriptor().New()
		made.About().Source, made.About().Organisation.Code = "specimen", "R1H"
		for _, each := range clinical.Labels() {
			made.About().Labels.Put(each, each == label)
		}
		return made
	}
	denied, objected := gp(), gp()
	denied.Person.Preferences = []policy.Preference{{Effect: "deny", Category: "hiv", Party: "anyone"}}
	objected.Role, objected.Organisation, objected.Purpose, objected.Relationship = "R9102", "RAL", policy.EmergencyTreatment, policy.RelationshipClaimed
	objected.Person.Objection = "upheld"
	for _, test := range []struct {
		input  policy.Input
		record clinical.Record
		says   string
	}{
		{denied, record("hiv"), "It would be released\n    if the person no longer denies records about HIV and AIDS to everybody\n\n"},
		{gp(), record(clinical.LabelSealed), "No single change would release it.\n"},
		{objected, record(""), "It would be released\n    if the caller, whose role has the activity B0082 (Legal Override of Consent), breaks the glass\n" +
			"    or if the person has not objected to the shared record\n    or if the person has objected to the shared record, and nobody has decided about it yet\n" +
			"    or if the person's objection to the shared record was considered and not upheld\n\n"},
		{gp(), record("hiv"), "This Medication is released: every rule about single records lets it through.\n"},
	} {
		var text bytes.Buffer
		if err := explained(t, inspection, explain.Question{Input: test.input, Record: test.record}).Write(&text, ""); err != nil || !strings.Contains(text.String(), test.says) {
			t.Errorf("%v, no %q in\n%s", err, test.says, &text)
		}
	}
}

// What one thing brings is not said once more of it and the broken glass, and a plan is spoken of where there can be one.
func TestNothingIsSaidTwiceOrOfKindsThatItCannotBeOf(t *testing.T) {
	var text bytes.Buffer
	if err := explained(t, inspect(t), explain.Question{Input: gp()}).Write(&text, ""); err != nil {
		t.Fatal(err)
	}
	_, less, _ := strings.Cut(text.String(), "\nWhat would release less\n")
	if !strings.Contains(less, "or if the caller's role has the activity B0370 (View Summary)\n") || strings.Contains(less, "breaks the glass") {
		t.Errorf("what would release less:\n%s", less)
	}
	for paragraph := range strings.SplitSeq(text.String(), "\n      - ") {
		if words := strings.Join(strings.Fields(paragraph), " "); strings.Contains(words, "urgent care plans that there is no consent to share (every kind but UrgentCarePlan") {
			t.Errorf("plans that are none: %s", words)
		}
	}
}
