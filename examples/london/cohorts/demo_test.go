package cohorts_test

import (
	"context"
	"slices"
	"testing"

	"onelondon/examples/london"
	"onelondon/examples/london/codelists"
	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/codelist"
	"onelondon/internal/cohort/engine"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlsource"
)

// unanswered are those of which the made-up London holds too little: nobody takes valproate or opioids, has a psychosis or is on
// an end of life register, nobody left A&E on the day before the question, and few are as ill as multimorbidity asks.
func unanswered() []string {
	return []string{"frailty-after-emergency.yaml", "multimorbidity-outpatients.yaml", "opioids-around-a-wait.yaml",
		"palliative-by-practice.yaml", "smi-physical-checks.yaml", "valproate.yaml"}
}

// demo is the made-up London's databases, asked without any guard.
type demo struct {
	sources map[clinical.SourceID]*sqlsource.Source
	specs   []sources.Spec
	numbers map[string]clinical.Pseudonym
	fault   error
}

func openDemo(t *testing.T) *demo {
	t.Helper()
	site, err := london.Build(context.Background(), t.TempDir(), london.Options{People: 1_000})
	if err != nil {
		t.Fatal(err)
	}
	d := &demo{sources: map[clinical.SourceID]*sqlsource.Source{}, numbers: map[string]clinical.Pseudonym{}}
	for _, source := range site.Sources {
		opened, err := sqlite.Open(context.Background(), sqlsource.Options{ID: source.ID, DSN: source.File,
			Mapping: trial.Mapping(t, source.Mapping, source.Parameters())})
		if err != nil {
			t.Fatal(err)
		}
		d.sources[source.ID] = opened
		d.specs = append(d.specs, sources.Spec{ID: source.ID, Kinds: clinical.Kinds()})
	}
	return d
}

// stand numbers people as they come.
func (d *demo) stand(number clinical.NHSNumber) (clinical.Pseudonym, bool) {
	person, ok := d.numbers[number.Reveal()]
	if !ok {
		person = clinical.Pseudonym(len(d.numbers) + 1)
		d.numbers[number.Reveal()] = person
	}
	return person, true
}

func (d *demo) Count(ctx context.Context, id clinical.SourceID, read func(context.Context, sources.Counter) error) sources.CountReply {
	if d.fault = read(ctx, d.sources[id]); d.fault != nil {
		return sources.CountReply{Source: id, Outcome: sources.OutcomeFailed}
	}
	return sources.CountReply{Source: id, Outcome: sources.OutcomeAnswered}
}

func TestEveryQuestionIsAskedOfTheMadeUpLondon(t *testing.T) {
	d := openDemo(t)
	registry, err := codelist.Load(codelists.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range questions(t) {
		resolved, _, err := codelist.Resolve(parse(t, name), registry)
		if err != nil {
			t.Fatal(err)
		}
		people := d.ask(t, resolved)
		t.Logf("%s: %d people", name, people)
		if empty := slices.Contains(unanswered(), name); empty != (people == 0) {
			t.Errorf("%s finds %d people", name, people)
		}
	}
}

// ask counts the people of a definition.
func (d *demo) ask(t *testing.T, definition *cohort.Definition) int {
	t.Helper()
	plan, err := engine.NewPlan(*definition, d.specs)
	if err != nil {
		t.Fatal(err)
	}
	outcome, err := engine.Run(t.Context(), engine.Options{Plan: plan, Catalogue: d, Stand: d.stand, Workers: 1,
		Borough:   func(clinical.Text) string { return "Havering" },
		Condition: func(clinical.Kind) condition.Condition { return condition.Always() }})
	if err != nil || !outcome.Complete() {
		t.Fatalf("%s: %v, %v", definition.Name, err, d.fault)
	}
	return len(outcome.Counted.Everybody)
}
