package gate_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/gate"
	"onelondon/sources"
)

func TestARecordThatIsShownDoesNotNameWhatIsNot(t *testing.T) {
	s := newStage()
	s.spreading("F84003", linkable()...)
	s.holds("barts", "R1H", number(t, amina), append(consultation(),
		&clinical.AllergyIntolerance{Meta: clinical.Meta{ID: "open", Code: snomed("5"), Encounter: "other", Problem: "unworried"}})...)
	s.open(t)
	question := gate.Question{Person: number(t, amina), ClaimedRelationship: "x", Lists: []gate.List{listOf(clinical.KindAllergyIntolerance, 5)}}
	names := func(person *gate.Person) map[clinical.Text]clinical.Text {
		named := map[clinical.Text]clinical.Text{}
		for _, record := range person.Pages[0].Records {
			named[record.About().ID] = record.About().Encounter + "," + record.About().Problem
		}
		return named
	}
	if diff := cmp.Diff(map[clinical.Text]clinical.Text{"allergy": ",", "open": "other,unworried"}, names(s.ask(t, gpCaller, question))); diff != "" {
		t.Error(diff)
	}
	own := gpCaller
	own.Organisation = "R1H"
	s.spreading("R1H", linkable()...)
	if diff := cmp.Diff(map[clinical.Text]clinical.Text{"allergy": "visit,worry", "open": "other,unworried"}, names(s.ask(t, own, question))); diff != "" {
		t.Error(diff)
	}
}

func TestARecordThatIsShownNamesNothingOfAKindThatIsWithheld(t *testing.T) {
	for name, test := range map[string]struct {
		withheld []clinical.Kind
		decided  *condition.Condition
		want     string
	}{
		"everything is shown":                {nil, nil, "other worry slot"},
		"no encounters":                      {[]clinical.Kind{clinical.KindEncounter}, nil, " worry slot"},
		"neither problems nor appointments":  {[]clinical.Kind{clinical.KindCondition, clinical.KindAppointment}, nil, "other  "},
		"only that organisation's":           {nil, ofOrganisation("R1H"), "other worry slot"},
		"only of a code, which nobody knows": {nil, ofCode("5"), "  "},
	} {
		s := newStage()
		s.policy.withheld, s.policy.condition = test.withheld, test.decided
		s.holds("barts", "R1H", number(t, amina), &clinical.AllergyIntolerance{Meta: clinical.Meta{ID: "allergy", Code: snomed("5"),
			Encounter: "other", Problem: "worry", Appointment: "slot"}})
		s.open(t)
		got := ""
		for _, record := range s.ask(t, gpCaller, gate.Question{Person: number(t, amina), ClaimedRelationship: "x",
			Lists: []gate.List{listOf(clinical.KindAllergyIntolerance, 5)}}).Pages[0].Records {
			meta := record.About()
			got = fmt.Sprint(meta.Encounter, " ", meta.Problem, " ", meta.Appointment)
		}
		if got != test.want {
			t.Errorf("%s: names %q, want %q", name, got, test.want)
		}
	}
}

func ofOrganisation(code string) *condition.Condition { return only(condition.Organisation, code) }

func ofCode(code string) *condition.Condition { return only(condition.Code, code) }

func only(attribute condition.Attribute, text string) *condition.Condition {
	released := condition.Where(condition.Clause{{Attribute: attribute, Op: condition.Equal, Values: []condition.Value{condition.Text(text)}}})
	return &released
}

// Between the first decision and the last a registration ends, and with it what the records may name.
func TestWhatADecisionNoLongerShowsIsNotNamedEither(t *testing.T) {
	s := newStage()
	s.holds("emis", "F84003", number(t, amina), &clinical.AllergyIntolerance{Meta: clinical.Meta{ID: "allergy", Encounter: "visit"}})
	s.people["emis"][0].Records[0].About().Status = clinical.StatusInactive
	s.wrap = func(source sources.Source) sources.Source {
		return interrupting{source, func() { s.policy.withheld = []clinical.Kind{clinical.KindEncounter} }}
	}
	s.open(t)
	records := s.ask(t, gpCaller, gate.Question{Person: number(t, amina), Lists: []gate.List{listOf(clinical.KindAllergyIntolerance, 5)}}).Pages[0].Records
	if len(records) != 1 || records[0].About().Encounter != "" {
		t.Errorf("records %v", records)
	}
}
