package bench_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
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
			if ours.answer != floor.answer || ours.answer == 0 {
				b.Fatalf("the engine counts %d people, the program %d", ours.answer, floor.answer)
			}
			held, heldByHand := town.mostHeld(func() { town.byEngine(b) }), town.mostHeld(func() { town.byHand(b) })
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ours.median().Seconds()*1000, "ms")
			b.ReportMetric(floor.median().Seconds()*1000, "by-hand-ms")
			b.ReportMetric(ours.median().Seconds()/floor.median().Seconds(), "times")
			b.ReportMetric(ours.cpu.Seconds()/floor.cpu.Seconds(), "times-cpu")
			b.ReportMetric(float64(held)/float64(town.involved), "B/person")
			b.ReportMetric(float64(heldByHand)/float64(town.involved), "by-hand-B/person")
			b.Logf("%d people involved, %d counted; held %d kB, by hand %d kB; columns %d kB; allocated %d kB, by hand %d kB", town.involved,
				ours.answer, held>>10, heldByHand>>10, town.columns>>10, ours.allocated>>10, floor.allocated>>10)
		})
	}
}

// measuredRuns are one program's runs: how long they took, and how much memory the last of them asked for, one piece after another.
type measuredRuns struct {
	walls     []time.Duration
	cpu       time.Duration
	allocated uint64
	answer    int
}

func (m *measuredRuns) add(b *testing.B, run func() int) {
	b.Helper()
	runtime.GC()
	before := bytesOf("/gc/heap/allocs:bytes")
	begun, used := time.Now(), cpu(b)
	m.answer = run()
	m.walls, m.cpu = append(m.walls, time.Since(begun)), m.cpu+cpu(b)-used
	m.allocated = bytesOf("/gc/heap/allocs:bytes") - before
}

func (m *measuredRuns) median() time.Duration {
	slices.Sort(m.walls)
	return m.walls[len(m.walls)/2]
}

// mostHeld is the most that a program holds on to beyond what was there. It is looked at a hundred times while the program asks for
// stand-ins, and the first 200 times that it says so itself, by a collection that the program waits for; what others of its goroutines allocate
// meanwhile counts as held.
func (t *town) mostHeld(run func()) (most uint64) {
	looking, asked, told, every := sync.Mutex{}, atomic.Int64{}, atomic.Int64{}, int64(1+t.involved/100)
	runtime.GC()
	before := bytesOf(live)
	t.look = func(now bool) {
		if now && told.Add(1) > 200 || !now && asked.Add(1)%every != 0 {
			return
		}
		looking.Lock()
		defer looking.Unlock()
		runtime.GC()
		most = max(most, bytesOf(live))
	}
	run()
	t.look = func(bool) {}
	return max(most, before) - before
}

// live is what the collector found in use.
const live = "/gc/heap/live:bytes"

func bytesOf(metric string) uint64 {
	sample := []metrics.Sample{{Name: metric}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// byEngine answers as the product does, without gate and disclosure control.
func (t *town) byEngine(b *testing.B) int {
	plan := townPlan(b, t.catalogue.Specs())
	outcome, err := cohortengine.Run(context.Background(), cohortengine.Options{Plan: plan, Catalogue: t.catalogue,
		Stand:     func(n clinical.NHSNumber) (clinical.Pseudonym, bool) { return t.pseudonym(n.Reveal()), true },
		Progress:  func(cohortengine.Step) { t.look(true) },
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
