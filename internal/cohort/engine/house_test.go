package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/engine"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/memory"
)

// parse reads a definition as people write it.
func parse(t testing.TB, text string) cohort.Definition {
	t.Helper()
	definition, err := cohort.Parse("test.yaml", []byte("name: test\nversion: 1\ntitle: A test\nasAt: 2026-03-01\n"+text))
	if err != nil {
		t.Fatal(err)
	}
	return *definition
}

// house is practices and a trust that know the same people, and can be told not to answer.
type house struct {
	sources map[clinical.SourceID]*memory.Source
	specs   []sources.Spec
	numbers map[clinical.NHSNumber]clinical.Pseudonym
	down    map[clinical.SourceID]bool
	asked   atomic.Int64
	before  func() // is called before each source is asked
}

var errDown = errors.New("down")

// Count asks without any guard.
func (h *house) Count(ctx context.Context, id clinical.SourceID, read func(context.Context, sources.Counter) error) sources.CountReply {
	h.asked.Add(1)
	if h.before != nil {
		h.before()
	}
	err := ctx.Err()
	if h.down[id] {
		err = errDown
	}
	if err == nil {
		err = read(ctx, h.sources[id])
	}
	if err != nil {
		return sources.CountReply{Source: id, Outcome: sources.OutcomeFailed, Class: sources.ClassError}
	}
	return sources.CountReply{Source: id, Outcome: sources.OutcomeAnswered}
}

// newHouse has people of whom everybody has diabetes, recorded by their practice, and every second went to A&E three times.
func newHouse(t testing.TB, people int) *house {
	t.Helper()
	h := &house{sources: map[clinical.SourceID]*memory.Source{}, numbers: map[clinical.NHSNumber]clinical.Pseudonym{}, down: map[clinical.SourceID]bool{}}
	held := map[clinical.SourceID][]memory.Person{}
	for i := range people {
		number := numberOf(t, i)
		h.numbers[number] = clinical.Pseudonym(uint64(i+1) * 0x9e3779b97f4a7c15)
		practice := clinical.SourceID(fmt.Sprintf("practice-%d", i%2))
		held[practice] = append(held[practice], memory.Person{NHSNumber: number, Registered: true, Records: []clinical.Record{
			&clinical.Registration{Meta: clinical.Meta{ID: "r"}, BirthDate: date(t, "1980-05"), Gender: clinical.GenderFemale, Practice: clinical.Text(fmt.Sprintf("F8400%d", i%2))},
			&clinical.Condition{Meta: clinical.Meta{ID: "c", Date: date(t, "2020"), Code: clinical.Concept{Coding: clinical.Coding{System: clinical.SNOMED, Code: "73211009"}}}}}})
		attended := memory.Person{NHSNumber: number, Records: []clinical.Record{&clinical.Registration{Meta: clinical.Meta{ID: "r"}, Gender: clinical.GenderMale}}}
		for visit := range 3 * (i % 2) {
			attended.Records = append(attended.Records, &clinical.Encounter{Class: clinical.ClassEmergency,
				Meta: clinical.Meta{ID: clinical.Text(rune('a' + visit)), Date: date(t, fmt.Sprintf("2026-02-0%dT10:30", visit+1)), Organisation: clinical.Organisation{Code: "R1H"}}})
		}
		held["trust"] = append(held["trust"], attended)
	}
	for _, id := range []clinical.SourceID{"practice-0", "practice-1", "trust"} {
		h.sources[id] = memory.New(id, held[id]...)
		h.specs = append(h.specs, sources.Spec{ID: id, Kinds: []clinical.Kind{clinical.KindRegistration, clinical.KindCondition}})
	}
	h.specs[2].Kinds, h.specs[2].Organisation = []clinical.Kind{clinical.KindRegistration, clinical.KindEncounter}, "R1H"
	return h
}

func (h *house) stand(number clinical.NHSNumber) (clinical.Pseudonym, bool) {
	person, known := h.numbers[number]
	return person, known
}

// options ask for a definition of everybody.
func (h *house) options(t testing.TB, definition cohort.Definition) engine.Options {
	t.Helper()
	plan, err := engine.NewPlan(definition, h.specs)
	if err != nil {
		t.Fatal(err)
	}
	return engine.Options{Plan: plan, Catalogue: h, Stand: h.stand, Condition: func(clinical.Kind) condition.Condition { return condition.Always() },
		Size: func(id clinical.SourceID) int {
			return map[clinical.SourceID]int{"practice-0": 50, "practice-1": 50, "trust": 70}[id]
		}}
}

func numberOf(t testing.TB, index int) clinical.NHSNumber {
	t.Helper()
	for check := range 10 {
		if number, err := clinical.ParseNHSNumber(fmt.Sprintf("%09d%d", 999_000_000+index+index/10, check)); err == nil {
			return number
		}
	}
	return numberOf(t, index+100_000)
}

func date(t testing.TB, text string) clinical.DateTime {
	t.Helper()
	date, err := clinical.ParseDateTime(text)
	if err != nil {
		t.Fatal(err)
	}
	return date
}

const joined = `
codelists: [{name: diabetes, codes: [{system: SNOMED_CT, code: "73211009"}]}]
events:
  - {name: diabetes, kind: Condition, codes: [diabetes]}
  - {name: emergencies, kind: Encounter, classes: [EMERGENCY], from: -90 days}
people: {all: [{has: {events: diabetes}}, {has: {events: emergencies}}]}
measures: [{kind: PEOPLE}, {kind: EVENTS, events: emergencies}]
`

func run(t testing.TB, options engine.Options) *engine.Outcome {
	t.Helper()
	outcome, err := engine.Run(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

// exact are the figures of the first cell of a key.
func exact(outcome *engine.Outcome, key ...string) []cohort.Measured {
	for _, cell := range outcome.Counted.Cells {
		if slices.Equal(cell.Key, key) {
			return cell.Exact
		}
	}
	return nil
}
