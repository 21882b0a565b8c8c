package consent_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"onelondon/internal/consent"
)

// A register of 100,000 objections: a look-up, and what a person costs in memory.
func BenchmarkState(b *testing.B) {
	const people = 100_000
	register := open(b, path(b))
	var text strings.Builder
	text.WriteString(header)
	for n := range people {
		fmt.Fprintf(&text, "%s,upheld,,clerk,2026-01-02\n", person(b, n).Reveal())
	}
	file := text.String()
	before := heap()
	if _, err := register.Import(b.Context(), objections(file)); err != nil {
		b.Fatal(err)
	}
	perPerson := float64(heap()-before) / people
	who := person(b, 77)
	b.ReportAllocs()
	for b.Loop() {
		if state, _, err := register.State(who); err != nil || state.Objection != consent.ObjectionUpheld {
			b.Fatal(state, err)
		}
	}
	b.ReportMetric(perPerson, "B/person")
	runtime.KeepAlive(file)
}

func heap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
