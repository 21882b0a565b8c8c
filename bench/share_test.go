package bench_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"onelondon/policy"
)

// BenchmarkDecisionShare is how much of a chart's time its decision is: remembered, as in most charts, and evaluated anew.
func BenchmarkDecisionShare(b *testing.B) {
	for _, e := range engines()[:2] {
		b.Run(e.name, func(b *testing.B) {
			inspection, err := policy.Inspect(context.Background(), policy.Embedded(), policy.Options{})
			if err != nil {
				b.Fatal(err)
			}
			charts := newRunner(b, 200, newHouse(b, build(b, e, 200).entries).chart)
			for b.Loop() {
				charts.round(b)
			}
			whole := charts.result().p50
			remembered := decisionTime(b, inspection.Decide, 10_000, func(int) policy.Input { return chartInput() })
			anew := decisionTime(b, inspection.Decide, 50, func(n int) policy.Input {
				input := chartInput()
				input.Organisation = fmt.Sprintf("G%05d", n)
				return input
			})
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(100*float64(remembered)/float64(whole), "remembered-%")
			b.ReportMetric(100*float64(anew)/float64(whole-remembered+anew), "anew-%")
			b.Logf("| %s | %s | %s | %.2f %% | %s | %.0f %% |", e.name, micro(whole), remembered, 100*float64(remembered)/float64(whole),
				micro(anew), 100*float64(anew)/float64(whole-remembered+anew))
		})
	}
}

// decisionTime is the mean time of a decision over count of them.
func decisionTime(b *testing.B, decide func(context.Context, policy.Input) (*policy.Decision, error), count int,
	input func(n int) policy.Input) time.Duration {
	b.Helper()
	begun := time.Now()
	for n := range count {
		if _, err := decide(context.Background(), input(n)); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(begun) / time.Duration(count)
}

// BenchmarkFirstChart is what the first chart after a start takes, with statements to prepare and a decision to evaluate, and
// the second.
func BenchmarkFirstChart(b *testing.B) {
	for _, e := range engines() {
		b.Run(e.name, func(b *testing.B) {
			for b.Loop() {
				q := newHouse(b, build(b, e, 30).entries).chart(b, asked)
				begun := time.Now()
				q.ask(b)
				first := time.Since(begun)
				q.ask(b)
				second := time.Since(begun) - first
				b.Logf("| %s | %s | %s |", e.name, micro(first), micro(second))
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}
