package sqlsource_test

import (
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

func TestAnExplanationNamesWhatIsSentAndWhatComesBack(t *testing.T) {
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			source := clinicOn(t, e)
			person, err := clinical.ParseNHSNumber("9990000018")
			if err != nil {
				t.Fatal(err)
			}
			kind := clinical.KindCondition
			explained := source.Explain(sources.Query{Parts: []sources.Part{{Kind: kind, Person: person, Limit: 7,
				Fields: kind.Descriptor().Set("code", "date"), Condition: condition.Always()}}})
			if len(explained) != 1 || len(explained[0].Branches) == 0 {
				t.Fatalf("explained as %+v", explained)
			}
			one := explained[0]
			for i, branch := range one.Branches {
				if branch.Part != 0 || branch.Kind != kind {
					t.Errorf("branch %d is part %d, %s", i, branch.Part, branch.Kind)
				}
				names := map[string]bool{}
				for _, value := range branch.Values {
					names[value.Name] = true
					if value.Column >= one.Width || value.Column > 0 && value.Column < 2 {
						t.Errorf("branch %d has %s in column %d of %d", i, value.Name, value.Column, one.Width)
					}
				}
				if !names["code.0.code"] || !names["date"] || names["note"] {
					t.Errorf("branch %d gives %v", i, names)
				}
			}
			numbers, limits := 0, 0
			for _, arg := range one.Args {
				switch arg := arg.(type) {
				case string:
					if strings.ReplaceAll(arg, " ", "") == person.Reveal() {
						numbers++
					}
				case int64:
					limits++
				}
			}
			if numbers < len(one.Branches) || limits < len(one.Branches) {
				t.Errorf("%d branches are sent %d numbers and %d limits", len(one.Branches), numbers, limits)
			}
			if one.SQL != source.SQL(sources.Query{Parts: []sources.Part{{Kind: kind, Person: person, Limit: 7,
				Fields: kind.Descriptor().Set("code", "date"), Condition: condition.Always()}}})[0] {
				t.Error("another statement is explained than is sent")
			}
		})
	}
}

func TestAnExplanationNamesTheNumberThatARegistrationIsReadWith(t *testing.T) {
	person, err := clinical.ParseNHSNumber("9990000018")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range engines() {
		explained := clinicOn(t, e).Explain(sources.Query{Parts: []sources.Part{{Kind: clinical.KindRegistration, Person: person, Limit: 1,
			Fields: clinical.KindRegistration.Descriptor().Set("familyName"), Condition: condition.Always()}}})
		for _, value := range explained[0].Branches[0].Values {
			if value.Name == "" {
				t.Errorf("%s: column %d has no name", e.name, value.Column)
			}
		}
		if explained[0].Branches[0].Values[0].Name != "nhsNumber" {
			t.Errorf("%s: the first value is %q", e.name, explained[0].Branches[0].Values[0].Name)
		}
	}
}
