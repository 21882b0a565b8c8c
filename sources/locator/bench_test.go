package locator_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/locator"
)

// crowd lists every person for which n%of == 0..3 relative to the source: four sources know each person.
type crowd struct {
	people     []clinical.NHSNumber
	source, of int
}

func (c crowd) People(_ context.Context, yield func(sources.Membership) error) error {
	for n, person := range c.people {
		if (n%c.of-c.source+c.of)%c.of < 4 {
			if err := yield(sources.Membership{Person: person, Organisation: "R1H", Registered: true}); err != nil {
				return err
			}
		}
	}
	return nil
}

const crowdSize = 100_000

func numbers(count int) []clinical.NHSNumber {
	all := make([]clinical.NHSNumber, count)
	for n := range all {
		all[n] = number(n)
	}
	return all
}

func crowded(tb testing.TB, people []clinical.NHSNumber, of int) *locator.Locator {
	tb.Helper()
	l := locator.New([32]byte{1}, nil)
	for source := range of {
		if err := l.Refresh(tb.Context(), clinical.SourceID(fmt.Sprintf("source-%d", source)), crowd{people, source, of}); err != nil {
			tb.Fatal(err)
		}
	}
	return l
}

// BenchmarkLocate looks people up who are each known to four of so many sources.
func BenchmarkLocate(b *testing.B) {
	people := numbers(crowdSize)
	for _, of := range []int{4, 40, 400} {
		b.Run(fmt.Sprintf("%d sources", of), func(b *testing.B) {
			l := crowded(b, people, of)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n = (n + 7919) % len(people)
				if located := l.Locate(people[n]); len(located.Sources) != 4 {
					b.Fatalf("found at %d sources, want 4", len(located.Sources))
				}
			}
		})
	}
}

// BenchmarkRefresh lists one of 40 sources again: as it was, and with one person more or less each time.
func BenchmarkRefresh(b *testing.B) {
	people := numbers(crowdSize)
	for name, change := range map[string]int{"as it was": 0, "one person changed": 1} {
		b.Run(name, func(b *testing.B) {
			l := crowded(b, people, 40)
			round := 0
			for b.Loop() {
				round++
				lister := crowd{people[:len(people)-round%2*change*40], 0, 40}
				if err := l.Refresh(b.Context(), "source-0", lister); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkMemory tells how many bytes the index takes for each person at each source.
func BenchmarkMemory(b *testing.B) {
	people := numbers(crowdSize)
	for b.Loop() {
		before := heap()
		l := crowded(b, people, 40)
		b.ReportMetric(float64(heap()-before)/(4*crowdSize), "bytes/entry")
		runtime.KeepAlive(l)
	}
}

func heap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
