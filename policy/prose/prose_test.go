package prose_test

import (
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/policy"
	"onelondon/policy/prose"
)

func teller() *prose.Teller {
	return prose.New(map[string]any{
		"roles": map[string]any{"doctor": map[string]any{"roles": map[string]any{"R0260": "General Medical Practitioner"}},
			"nurse": map[string]any{"roles": map[string]any{"R0620": "Staff Nurse"}}},
		"categories": map[string]any{"hiv": map[string]any{"title": "HIV and AIDS"}},
	})
}

func TestAQuestionIsToldInSentences(t *testing.T) {
	for _, test := range []struct {
		name  string
		input policy.Input
		want  string
	}{
		{"a doctor", policy.Input{Role: "R0260", Organisation: "F84010", Purpose: policy.Treatment, Relationship: policy.RelationshipRegistered,
			Person: policy.Person{Objection: "none"}},
			"A General Medical Practitioner (R0260) of F84010 asks for treatment (TREAT). The person is registered at the caller's practice."},
		{"a citizen", policy.Input{Citizen: true, Purpose: policy.PatientRequest, Relationship: policy.RelationshipSelf, Person: policy.Person{Objection: "none"}},
			"A citizen asks at the person's own request (PATRQT). The caller is the person."},
		{"nobody known", policy.Input{}, "Somebody without a role asks without saying why. How the caller stands to the person is not known. " +
			"The register does not say whether the person objects to the shared record."},
		{"a role in no group", policy.Input{Role: "R9999", Purpose: "FUN", Relationship: policy.RelationshipNone, Person: policy.Person{Objection: "none"}},
			"Somebody in the role R9999, which no group lists, asks for FUN. Nothing connects the caller with the person."},
		{"an emergency", policy.Input{Role: "R0620", Activities: []string{"B0082"}, Purpose: policy.EmergencyTreatment, Emergency: true,
			Relationship: policy.RelationshipClaimed, Person: policy.Person{Objection: "upheld",
				Preferences: []policy.Preference{{Effect: "deny", Category: "hiv", Party: "role", Code: "R0620"}}, Deceased: true}},
			"A Staff Nurse (R0620) asks for emergency treatment (ETREAT). The caller says that they care for the person, and gives a reason. " +
				"The caller's role has the activities B0082. The caller has broken the glass. The person's objection to the shared record was upheld. " +
				"The person denies records about HIV and AIDS to the role Staff Nurse (R0620). The person has died."},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := prose.Joined(teller().Question(test.input)); got != test.want {
				t.Errorf("%s", got)
			}
		})
	}
}

func TestAConditionIsToldInClauses(t *testing.T) {
	label := func(label clinical.Label, set bool) condition.Atom {
		return condition.Atom{Attribute: condition.LabelAttribute(label), Op: condition.Equal, Values: []condition.Value{condition.Bool(set)}}
	}
	text := func(attribute condition.Attribute, op condition.Op, values ...string) condition.Atom {
		atom := condition.Atom{Attribute: attribute, Op: op}
		for _, value := range values {
			atom.Values = append(atom.Values, condition.Text(value))
		}
		return atom
	}
	var categories condition.Clause
	for _, category := range clinical.Categories() {
		categories = append(categories, label(category, false))
	}
	got := teller().Condition(condition.Where(
		condition.Clause{label(clinical.LabelSealed, false), label(clinical.LabelHIV, false), label(clinical.LabelDrugs, false)},
		condition.Clause{text(condition.Organisation, condition.Equal, "R1H")},
		condition.Clause{text(condition.Code, condition.NotIn, "1", "2", "3")},
		categories))
	want := []string{"it is known not to be sealed and it is known not to be about HIV and AIDS or drugs", "it is R1H's own",
		"its code is there and is none of 1, 2 or 3", "it is known not to be of any sensitive category"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
}

func TestEveryWordOfTheVocabularyIsSaidDifferently(t *testing.T) {
	said := map[string]bool{}
	count := 0
	say := func(words string) { said[words], count = true, count+1 }
	for _, each := range policy.Purposes() {
		say(prose.Purpose(each))
	}
	for _, each := range policy.Relationships() {
		say(prose.Relationship(each))
	}
	for _, each := range policy.Objections() {
		say(prose.Objection(each))
	}
	for _, each := range policy.Ages() {
		say(prose.Age(each))
	}
	for _, each := range policy.Capacities() {
		say(prose.Capacity(each))
	}
	for _, each := range policy.Authorities() {
		say(prose.Authority(each))
	}
	if len(said) != count {
		t.Errorf("%d words are said in %d ways", count, len(said))
	}
}
