package attacks_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/remote"
	"onelondon/internal/testkit"
)

// The attackers ask the product over GraphQL as well, which reads two databases: it must say word for word what the evaluator says,
// of which the other tests show that it gives nobody away.
func TestTheProductTellsAttackersWhatTheEvaluatorTells(t *testing.T) {
	w := newWorld(11)
	open := whole
	open.served = serve(t, w)
	for _, a := range attackers() {
		t.Run(a.name, func(t *testing.T) { learnsNothing(t, w, open, a, testkit.Size(20, 400), 1) })
	}
}

// compare puts a question to the product too, and demands the same.
func (p *project) compare(d *cohort.Definition, want outcome) {
	p.t.Helper()
	asked := p.worded(d)
	run, err := p.served.Start(p.t.Context(), asked, "example-diabetes")
	if err == nil && !run.State.Ended() {
		run, err = p.served.Follow(p.t.Context(), run, func(*remote.Run) {})
	}
	if err != nil {
		p.t.Fatalf("%v\n%s", err, text(asked))
	}
	got := outcome{}
	switch {
	case run.Refusal != nil:
		got.code = refusedFor(run.Refusal.Reasons[0], run.Refusal.Words)
	case run.Answer == nil || !run.Answer.Complete():
		p.t.Fatalf("the run ended as %s: %s", run.State, run.Fault)
	default:
		got.result = run.Answer.Result
	}
	if difference := cmp.Diff(told(want), told(got)); difference != "" {
		p.t.Errorf("the product says something else (-evaluator +product):\n%s\n%s", difference, text(asked))
	}
}

// told is what an outcome says.
func told(o outcome) map[string]cohort.Row {
	all := map[string]cohort.Row{"refused: " + o.code: {}}
	for _, row := range o.result.Rows {
		all[strings.Join(row.Key, "|")] = row
	}
	if o.result.Total != nil {
		all["all"] = *o.result.Total
	}
	return all
}

// worded is a question as the product takes it: sets of events are records with codes, practices are boroughs.
func (p *project) worded(d *cohort.Definition) *cohort.Definition {
	asked := cohort.Definition{Name: "asked", Version: 1, Title: "Asked by an attacker", AsAt: clinical.DayOf(today), People: placed(d.People),
		Codelists: []cohort.Codelist{{Name: "diabetes"}, {Name: "hba1c"}}}
	asked.By, asked.Measures = d.By, d.Measures
	named := map[string]bool{}
	add := func(set cohort.EventSet) {
		if !named[set.Name] {
			named[set.Name] = true
			asked.Events = append(asked.Events, set)
		}
	}
	for _, set := range d.Events { // values are of the one measurement that everybody has
		add(cohort.EventSet{Name: set.Name, Kind: kind(clinical.KindObservation), Codes: []string{"hba1c"}, Value: set.Value})
	}
	for _, measure := range d.Measures {
		switch measure.Events {
		case "visits":
			add(cohort.EventSet{Name: "visits", Kind: kind(clinical.KindEncounter)})
		case "pressure":
			add(cohort.EventSet{Name: "pressure", Kind: kind(clinical.KindObservation), Codes: []string{"hba1c"}})
		}
	}
	for _, name := range setsOf(asked.People) {
		set := cohort.EventSet{Name: name, Kind: kind(clinical.KindCondition), Codes: []string{"diabetes"}}
		if name != "sick" {
			last := cohort.On(clinical.DayOf(time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)))
			set.Until = &last // nobody has
		}
		add(set)
	}
	if err := asked.Check(); err != nil {
		p.t.Fatalf("%v\n%s", err, text(asked))
	}
	return &asked
}

func kind(of clinical.Kind) *clinical.Kind { return &of }

// placed is a criterion in which practices are boroughs, and the evaluator's boroughs three of them.
func placed(of *cohort.Criterion) *cohort.Criterion {
	if of == nil {
		return nil
	}
	made := *of
	each := func(several []cohort.Criterion) (all []cohort.Criterion) {
		for i := range several {
			all = append(all, *placed(&several[i]))
		}
		return all
	}
	made.All, made.Any, made.Not = each(of.All), each(of.Any), placed(of.Not)
	if of.Has != nil {
		made.Has = &cohort.Has{Events: strings.ReplaceAll(of.Has.Events, " ", "-")}
	}
	if of.Borough != nil || of.Practice != nil {
		made.Borough, made.Practice = nil, nil
	}
	for _, practice := range of.Practice {
		made.Borough = append(made.Borough, boroughOf(practice))
	}
	for _, borough := range of.Borough {
		for number := range 12 {
			if borough == fmt.Sprint("Borough ", number/3) {
				made.Borough = append(made.Borough, boroughOf(clinical.Text(fmt.Sprintf("Y%05d", number))))
			}
		}
	}
	return &made
}

// setsOf names the sets that a criterion asks about.
func setsOf(of *cohort.Criterion) (names []string) {
	if of == nil {
		return nil
	}
	if of.Has != nil {
		names = append(names, of.Has.Events)
	}
	for _, several := range [][]cohort.Criterion{of.All, of.Any} {
		for i := range several {
			names = append(names, setsOf(&several[i])...)
		}
	}
	return append(names, setsOf(of.Not)...)
}
