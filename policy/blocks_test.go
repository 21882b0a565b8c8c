package policy_test

import (
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// A block of a classification stands for every code beneath it, however a system writes it, and for no other.
func TestABlockStandsForEveryCodeBeneathIt(t *testing.T) {
	engine := open(t, policy.Embedded())
	denied := gp
	denied.Organisation = "R1H"
	denied.Relationship = policy.RelationshipRecord
	denied.Person.Preferences = []policy.Preference{{Effect: "deny", Category: "mental_health", Party: "anyone"}}
	decision, err := engine.Decide(t.Context(), denied)
	if err != nil {
		t.Fatal(err)
	}
	for code, released := range map[clinical.Text]bool{
		"F20": false, "F20.0": false, "F209": false, "F69": false, "F69X": false, "F32.9": false, "F99": false,
		"F19.2": true, "F70": true, "I10": true, "S52.5": true, "F2": false, "f20": false, "": false,
		"F20.00": false, "F329D": false, "I489A": false, "S52.50": false,
	} {
		record := &clinical.Condition{Meta: clinical.Meta{Organisation: clinical.Organisation{Code: "F84010"}}}
		record.Code.System, record.Code.Code = clinical.ICD10, code
		record.Labels.Put(clinical.LabelSealed, false)
		if got := decision.Release(clinical.KindCondition).Condition.Match(record); got != released {
			t.Errorf("%q is released: %v", code, got)
		}
	}
}

func TestABlockThatIsNoneIsRefusedWithItsPlace(t *testing.T) {
	for block, want := range map[string]string{
		"X84-X60": "does not run forwards", "A50-B24": "does not run forwards", "F1": "F1", "F10-": "F10-",
	} {
		const table = "data/categories.yaml"
		files := changed(t, map[string]string{table: edited(t, table, "X60-X84:", block+":")})
		_, err := policy.Open(t.Context(), files, policy.Options{})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "data/categories") {
			t.Errorf("%s: %v", block, err)
		}
	}
}
