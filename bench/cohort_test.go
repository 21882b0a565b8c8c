package bench_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strconv"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	cohortengine "onelondon/internal/cohort/engine"
	conditions "onelondon/internal/condition"
	"onelondon/sources"
)

// peopleVariable asks BenchmarkCohort for so many people instead of its own sizes.
const peopleVariable = "ONELONDON_PEOPLE"

const cohortQuestion = `name: diabetes-emergencies
version: 1
title: People with diabetes who came to A&E within a year
asAt: 2026-03-01
codelists: [{name: diabetes, codes: [{system: SNOMED_CT, code: "73211009"}]}]
events:
  - {name: diabetes, kind: Condition, codes: [diabetes]}
  - {name: emergencies, kind: Encounter, classes: [EMERGENCY], from: -365 days}
people: {all: [{has: {events: diabetes}}, {has: {events: emergencies}}]}
measures: [{kind: PEOPLE}]
`

// BenchmarkCohort joins people with diabetes in 40 practices with who came to A&E in four trusts, by the engine and by a program
// written for this one question, in turns.
func BenchmarkCohort(b *testing.B) {
	sizes := []int{10_000, 100_000}
	if asked, err := strconv.Atoi(os.Getenv(peopleVariable)); err == nil {
		sizes = []int{asked}
	}
	for _, people := range sizes {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			town := buildTown(b, people)
			var ours, floor measuredRuns
			for b.Loop() {
				ours.add(b, func() int { return town.byEngine(b) })
				floor.add(b, func() int { return town.byHand(b) })
			}
			// Once more each, with little garbage left lying about: what remains is what the programs hold.
			defer debug.SetGCPercent(debug.SetGCPercent(2))
			held, heldByHand := measuredRuns{}, measuredRuns{}
			held.add(b, func() int { return town.byEngine(b) })
			heldByHand.add(b, func() int { return town.byHand(b) })
			if ours.answer != floor.answer || ours.answer == 0 {
				b.Fatalf("the engine counts %d people, the program %d", ours.answer, floor.answer)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ours.median().Seconds()*1000, "ms")
			b.ReportMetric(floor.median().Seconds()*1000, "by-hand-ms")
			b.ReportMetric(ours.median().Seconds()/floor.median().Seconds(), "times")
			b.ReportMetric(ours.cpu.Seconds()/floor.cpu.Seconds(), "times-cpu")
			b.ReportMetric(float64(held.peak)/float64(town.involved), "B/person")
			b.ReportMetric(float64(heldByHand.peak)/float64(town.involved), "by-hand-B/person")
			b.Logf("%d people involved, %d counted; peak %d kB, by hand %d kB; columns %d kB", town.involved, ours.answer, held.peak>>10, heldByHand.peak>>10, town.columns>>10)
		})
	}
}

// measuredRuns are one program's runs: how long they took, and the most memory that one of them had beyond what was there.
type measuredRuns struct {
	walls  []time.Duration
	cpu    time.Duration
	peak   uint64
	answer int
}

func (m *measuredRuns) add(b *testing.B, run func() int) {
	b.Helper()
	runtime.GC()
	before, stop, watched := heapObjects(), make(chan struct{}), make(chan uint64)
	go func() {
		most := uint64(0)
		for {
			select {
			case <-stop:
				watched <- most
				return
			case <-time.After(time.Millisecond):
				most = max(most, heapObjects())
			}
		}
	}()
	begun, used := time.Now(), cpu(b)
	m.answer = run()
	m.walls, m.cpu = append(m.walls, time.Since(begun)), m.cpu+cpu(b)-used
	close(stop)
	m.peak = max(m.peak, max(<-watched, before)-before)
}

func (m *measuredRuns) median() time.Duration {
	slices.Sort(m.walls)
	return m.walls[len(m.walls)/2]
}

// heapObjects is how many bytes of memory objects take, garbage that is not collected yet included.
func heapObjects() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// byEngine answers as the product does, without gate and disclosure control.
func (t *town) byEngine(b *testing.B) int {
	plan := townPlan(b, t.catalogue.Specs())
	outcome, err := cohortengine.Run(context.Background(), cohortengine.Options{Plan: plan, Catalogue: t.catalogue,
		Stand:     func(n clinical.NHSNumber) (clinical.Pseudonym, bool) { return t.pseudonym(n.Reveal()), true },
		Condition: func(clinical.Kind) conditions.Condition { return conditions.Always() }})
	if err != nil {
		b.Fatal(err)
	}
	if !outcome.Complete() {
		b.Fatalf("incomplete: %+v", outcome.Sources)
	}
	t.columns = outcome.Bytes
	return len(outcome.Counted.Everybody)
}

func townPlan(b *testing.B, specs []sources.Spec) *cohortengine.Plan {
	b.Helper()
	definition, err := cohort.Parse("diabetes-emergencies.yaml", []byte(cohortQuestion))
	if err != nil {
		b.Fatal(err)
	}
	plan, err := cohortengine.NewPlan(*definition, specs)
	if err != nil {
		b.Fatal(err)
	}
	return plan
}
