package london_test

import (
	"encoding/csv"
	"os"
	"testing"

	"onelondon/examples/london"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
)

func TestEverySourcePassesTheCheckOfSourcesWithoutAWarning(t *testing.T) {
	site := build(t, t.TempDir(), london.Options{People: 100})
	for _, source := range site.Sources {
		for _, finding := range openSQLite(t, nil, source).Check(t.Context(), sources.CheckOptions{}) {
			if finding.Severity != sources.Note {
				t.Errorf("%s: %s: line %d: %s", source.ID, finding.Severity, finding.Line, finding.Message)
			}
		}
	}
}

// names reads codes and names of a list of organisations.
func names(t *testing.T, list string) map[clinical.Text]clinical.Text {
	t.Helper()
	file, err := os.Open(testkit.Shared(t, "data/ods-london/"+list))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	known := map[clinical.Text]clinical.Text{}
	for _, row := range rows {
		known[clinical.Text(row[0])] = clinical.Text(row[1])
	}
	return known
}

func TestOrganisationsHaveTheCodesAndNamesThatTheyReallyHave(t *testing.T) {
	for list, organisations := range map[string][]clinical.Organisation{"london_gp_practices.csv": london.Practices(),
		"london_trusts.csv": london.Trusts()} {
		known := names(t, list)
		for _, organisation := range organisations {
			if known[organisation.Code] != organisation.Name {
				t.Errorf("%s is called %q here and %q in %s", organisation.Code, organisation.Name, known[organisation.Code], list)
			}
		}
	}
	if practices, trusts := len(london.Practices()), len(london.Trusts()); practices < 12 || trusts < 3 {
		t.Errorf("the site has %d practices and %d trusts", practices, trusts)
	}
}

func TestLongTermConditionsAreAboutAsCommonAsInLondon(t *testing.T) {
	population := london.Imagine(london.Options{})
	adults, with := map[string]bool{}, map[string]map[string]bool{}
	for _, held := range population.Held {
		for _, person := range held {
			if person.Birth.At().Year() > 2008 || person.Holder[0] == 'R' {
				continue
			}
			adults[person.NHSNumber] = true
			for _, condition := range person.Conditions {
				if with[condition.Code.Display] == nil {
					with[condition.Code.Display] = map[string]bool{}
				}
				with[condition.Code.Display][person.NHSNumber] = true
			}
		}
	}
	for name, between := range map[string][2]int{"Hypertensive disorder": {8, 25}, "Type 2 diabetes mellitus": {4, 13},
		"Asthma": {4, 14}, "Dementia": {0, 3}, "Depressive disorder": {6, 20}} {
		if share := 100 * len(with[name]) / len(adults); share < between[0] || share > between[1] {
			t.Errorf("%s: %d in a hundred adults, want %d to %d", name, share, between[0], between[1])
		}
	}
}

func TestNothingHappensToThoseWhoHaveDied(t *testing.T) {
	population, died := london.Imagine(london.Options{}), 0
	for _, held := range population.Held {
		for _, person := range held {
			if person.Death.IsZero() {
				continue
			}
			died++
			for _, encounter := range person.Encounters {
				if encounter.Date.At().After(person.Death.Until()) {
					t.Fatalf("an encounter is later than a death, by %v", encounter.Date.At().Sub(person.Death.At()))
				}
			}
		}
	}
	if died == 0 {
		t.Error("nobody has died")
	}
}
