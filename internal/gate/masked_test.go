package gate_test

import (
	"fmt"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// That two records are shown as one tells that they have the same code; that they contradict each other tells what their codes are.
func TestNothingOfAPageRestsOnAFieldThatIsMasked(t *testing.T) {
	none := clinical.Text("716186003") // no known allergy
	allergy, condition := clinical.KindAllergyIntolerance, clinical.KindCondition
	for field, want := range map[string]string{"note": "items 1 and 2, conflicts 1", "code": "items 2 and 2, conflicts 0", "date": "items 2 and 2, conflicts 1",
		"status": "items 1 and 2, conflicts 0"} {
		s := newStage()
		for source, organisation := range map[clinical.SourceID]clinical.Text{"emis": "F84003", "barts": "R1H"} {
			code := clinical.Text("91936005")
			if source == "barts" {
				code = none
			}
			s.holds(source, organisation, number(t, amina),
				&clinical.Condition{Meta: clinical.Meta{ID: "c", Code: snomed("38341003"), Date: date("2020-01-01")}},
				&clinical.AllergyIntolerance{Meta: clinical.Meta{ID: "a", Code: snomed(string(code)), Date: date("2020-01-01")}})
		}
		s.policy.masked = map[clinical.Kind]clinical.FieldSet{condition: condition.Descriptor().Set(field), allergy: allergy.Descriptor().Set(field)}
		person := s.open(t).ask(t, gpCaller, gate.Question{Person: number(t, amina), Lists: []gate.List{listOf(condition, 10), listOf(allergy, 10)}})
		got := fmt.Sprintf("items %d and %d, conflicts %d", len(person.Pages[0].Records), len(person.Pages[1].Records), len(person.Pages[1].Conflicts))
		if got != want {
			t.Errorf("%s is masked: %s, want %s", field, got, want)
		}
	}
}
