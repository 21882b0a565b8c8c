package explain_test

import (
	"bytes"
	"strings"
	"testing"

	"onelondon/policy"
	"onelondon/policy/explain"
)

func TestAnActionOfOversightIsExplainedAndWhatWouldPermitIt(t *testing.T) {
	inspection, err := policy.Inspect(t.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	refused, err := explain.Permission(t.Context(), inspection, policy.OversightInput{Role: "R0001", Organisation: "R1H", Action: policy.ReadAlerts})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := refused.Write(&text); err != nil || !strings.Contains(text.String(), "Not permitted.") ||
		!strings.HasPrefix(text.String(), "A Privacy Officer (R0001) of R1H wants to read the accesses that should be reviewed.\n") ||
		!strings.Contains(text.String(), "permitted if it is of nothing but what users of their own organisation did.\n") || strings.Contains(text.String(), " and ") {
		t.Errorf("%v\n%s", err, &text)
	}
	study, err := explain.Study(t.Context(), inspection, policy.StudyInput{Analyst: "example-analyst", Purpose: policy.Operations,
		Project: "example-diabetes", Today: "2026-11-26", Lists: map[string]int{"national": 1, "type_one": 1, "london": 1}})
	if err != nil || !study.Permitted || len(study.LeavesOut) != 4 || study.Reasons[0].Words == "" {
		t.Errorf("%v %+v", err, study)
	}
}

func TestWhatStaffRecordOnSomebodysWordIsExplained(t *testing.T) {
	inspection, err := policy.Inspect(t.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	told := policy.OversightInput{Role: "R1730", Organisation: "F84010", Action: policy.SetPreferences, Age: policy.Age16AndUp,
		Capacity: policy.CapacityPresumed, Relationship: policy.RelationshipRegistered, Word: policy.WordSelf,
		Choice: policy.ChoiceMade{Kind: policy.ChoiceObjection, Opens: true}}
	for _, test := range []struct {
		evidence bool
		says     []string
	}{
		{false, []string{"Not permitted.", "evidence_missing", "permitted if there is evidence.", "permitted if it only closes something."}},
		{true, []string{"Permitted.", "recorded_on_word", "A privacy officer should review it."}},
	} {
		told.Evidence = test.evidence
		verdict, err := explain.Permission(t.Context(), inspection, told)
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := verdict.Write(&text); err != nil {
			t.Fatal(err)
		}
		for _, words := range test.says {
			if !strings.Contains(text.String(), words) {
				t.Errorf("with evidence %t, no %q in\n%s", test.evidence, words, &text)
			}
		}
	}
}

func TestWhereOneChangeDoesNotPermitAnActionTwoAreTried(t *testing.T) {
	inspection, err := policy.Inspect(t.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for says, input := range map[string]policy.OversightInput{
		"A General Medical Practitioner (R0260) of F84010 wants to break the glass.\nNot permitted. By policy " + inspection.Revision() + ".\n" +
			"  Your role does not permit this. (not_permitted; CS-2, CS-4)\n" +
			"  It would be permitted if the purpose is emergency treatment and their role has the activity B0082 (Legal Override of Consent).\n": {
			Role: "R0260", Organisation: "F84010", Purpose: policy.Treatment, Action: policy.BreakGlass},
		"A General Medical Practitioner (R0260) of R1H wants to read the accesses that should be reviewed.\nNot permitted. By policy " + inspection.Revision() + ".\n" +
			"  Your role does not permit this. (not_permitted; CS-2, CS-4)\n" +
			"  It would be permitted if it is of nothing but what users of their own organisation did and their role is Privacy Officer (R0001).\n" +
			"  It would be permitted if it is of nothing but what users of their own organisation did and their role is Caldicott Guardian (R5105).\n": {
			Role: "R0260", Organisation: "R1H", Action: policy.ReadAlerts},
		"A citizen wants to break the glass.\nNot permitted. By policy " + inspection.Revision() + ".\n" +
			"  Your role does not permit this. (not_permitted; CS-2, CS-4)\n  No one change would permit it, and no two.\n": {Citizen: true, Action: policy.BreakGlass},
	} {
		verdict, err := explain.Permission(t.Context(), inspection, input)
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := verdict.Write(&text); err != nil || text.String() != says {
			t.Errorf("%v\n%s\nwant\n%s", err, &text, says)
		}
	}
}
