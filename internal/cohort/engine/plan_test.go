package engine_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/engine"
)

// update renews the goldens.
func update() bool {
	renew := flag.Lookup("update")
	return renew != nil && renew.Value.String() == "true"
}

func TestMain(m *testing.M) {
	flag.Bool("update", false, "renew the goldens")
	flag.Parse()
	os.Exit(m.Run())
}

// Each definition asks for as little as will do; what that is stands in testdata.
func TestSourcesAreAskedForAsLittleAsWillDo(t *testing.T) {
	for name, text := range map[string]string{
		"joined":      joined,
		"only-people": strings.Replace(joined, ", {kind: EVENTS, events: emergencies}", "", 1),
		"first-before-first": `
events:
  - {name: asthma, kind: Condition, pick: FIRST}
  - {name: diabetes, kind: Condition, pick: FIRST, where: {has: {events: asthma, until: -365}}}
people: {has: {events: diabetes}}
measures: [{kind: PEOPLE}]`,
		"latest-in-target": `
events:
  - {name: pressure, kind: Observation, from: -12 months}
  - {name: latest, of: [pressure], pick: LATEST}
  - {name: controlled, of: [latest], value: {below: 140, units: [mmHg]}}
people: {has: {events: controlled}}
measures: [{kind: PEOPLE}]
by: [{kind: PRACTICE_SIZE_BAND, bands: [5000, 10000]}]`,
		"none-in-two-years-before": `
events:
  - {name: antidepressant, kind: Medication}
  - {name: new, of: [antidepressant], from: 2025-01-01, where: {not: {has: {events: antidepressant, from: -730, until: -1}}}}
people: {has: {events: new}}
measures: [{kind: EVENTS, events: new}]
by: [{kind: MONTH, events: new}]`,
		"not-on-the-register": `
events: [{name: register, kind: Condition}, {name: forgotten, kind: Observation}]
people: {not: {has: {events: register}}}
measures: [{kind: PEOPLE}]`,
		"during-a-stay": `
events:
  - {name: stay, kind: Encounter, classes: [INPATIENT], organisations: [RYJ]}
  - {name: fall, kind: Condition, where: {has: {events: stay, until: 0, ending: {from: 0}}}}
people: {has: {events: fall, atLeast: 2}}
measures: [{kind: PEOPLE}]`,
	} {
		t.Run(name, func(t *testing.T) {
			plan, err := engine.NewPlan(parse(t, text), newHouse(t, 1).specs)
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name+".golden")
			if update() {
				if err := os.WriteFile(golden, []byte(plan.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if plan.String() != string(want) {
				t.Errorf("got\n%s\nwant\n%s", plan, want)
			}
		})
	}
}

// The file says it for every kind of case; proof/cohorts says that it is enough.
func TestNoMoreAndNoLessIsNeededOfEventsThanBefore(t *testing.T) {
	golden := filepath.Join("testdata", "needs.golden")
	if update() {
		if err := os.WriteFile(golden, []byte(engine.Needs()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(want), "\n")
	for i, line := range strings.Split(engine.Needs(), "\n") {
		if i >= len(lines) || line != lines[i] {
			t.Fatalf("line %d, got\n%s", i+1, line)
		}
	}
}

func TestWhatADefinitionNamesMustBeThere(t *testing.T) {
	for name, change := range map[string]func(*cohort.Definition){
		"a list without codes":          func(d *cohort.Definition) { d.Codelists[0].Codes = nil },
		"a list that is not there":      func(d *cohort.Definition) { d.Events[0].Codes = []string{"other"} },
		"a set neither made nor not":    func(d *cohort.Definition) { d.Events[0].Kind = nil },
		"a set made of a later one":     func(d *cohort.Definition) { d.Events[0].Kind, d.Events[0].Of = nil, []string{"emergencies"} },
		"a criterion of no set":         func(d *cohort.Definition) { d.People.All[0].Has.Events = "other" },
		"a criterion that says nothing": func(d *cohort.Definition) { d.People.All[0].Has = nil },
		"a measure of no set":           func(d *cohort.Definition) { d.Measures[1].Events = "other" },
		"no measure":                    func(d *cohort.Definition) { d.Measures = nil },
		"a dimension of no set": func(d *cohort.Definition) {
			d.By = []cohort.Dimension{{Kind: cohort.ByYear, Events: "other"}}
		},
	} {
		definition := parse(t, joined)
		change(&definition)
		if _, err := engine.NewPlan(definition, newHouse(t, 1).specs); !errors.Is(err, engine.ErrDefinition) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
