package bench_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/clinical"
)

// newLedger opens a ledger of its own on the disk.
func newLedger(t testing.TB) *audit.Ledger {
	t.Helper()
	ledger, err := audit.Open(context.Background(), filepath.Join(t.TempDir(), "ledger.sqlite"), audit.Key{1}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ledger.Close() })
	return ledger
}

// accessOf is an entry about the n-th person as the gate writes one for a chart: four sources, nine kinds.
func accessOf(t testing.TB, n int) audit.Entry {
	t.Helper()
	person, err := clinical.ParseNHSNumber(nhsNumber(n))
	if err != nil {
		t.Fatal(err)
	}
	entry := audit.Entry{Time: time.Date(2026, 11, 26, 3, 0, n, 0, time.UTC), RequestID: fmt.Sprintf("request-%d", n),
		Caller:  audit.Caller{ID: fmt.Sprintf("doctor-%d", n%500), Name: "Dr Bench", Role: "R0260", Organisation: fmt.Sprintf("F84%03d", n%150)},
		Purpose: "TREAT", Person: person, Outcome: audit.OutcomeReleased, Reasons: []string{"role_clinician"}, Relationship: "registered",
		PolicyRevision: "bench", AnswerDigest: make([]byte, 32), Alert: n%1000 == 0}
	for _, kind := range clinical.Kinds()[:9] {
		entry.Kinds = append(entry.Kinds, kind.String())
	}
	for _, source := range places() {
		entry.Sources = append(entry.Sources, audit.SourceOutcome{Source: source.id, Outcome: "answered", Records: 25})
	}
	return entry
}

// BenchmarkLedger is how many entries a second become durable, and how long a caller waits for its own, from the ledger's
// opening on.
func BenchmarkLedger(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			ledger := newLedger(b)
			entries := make([]audit.Entry, 1000)
			for n := range entries {
				entries[n] = accessOf(b, n)
			}
			waits := make([]time.Duration, b.N)
			var next atomic.Int64
			var all sync.WaitGroup
			b.ResetTimer()
			for range callers {
				all.Go(func() {
					for n := next.Add(1) - 1; n < int64(b.N); n = next.Add(1) - 1 {
						begun := time.Now()
						if _, err := ledger.Append(context.Background(), entries[n%1000]); err != nil {
							b.Error(err)
							return
						}
						waits[n] = time.Since(begun)
					}
				})
			}
			all.Wait()
			b.StopTimer()
			slices.Sort(waits)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
			b.ReportMetric(float64(waits[b.N/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(waits[b.N*99/100].Microseconds()), "p99-µs")
		})
	}
}
