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

	"onelondon/examples/london/trial"
	"onelondon/internal/audit"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
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

// forgetful says at once that it has kept what it was given.
type forgetful struct{ *audit.Ledger }

func (forgetful) Append(_ context.Context, entries ...audit.Entry) ([]audit.Receipt, error) {
	return make([]audit.Receipt, len(entries)), nil
}

// BenchmarkLedgerInAChart is what the ledger adds to the time to a chart: the product against itself with a ledger that keeps
// nothing, in turns.
func BenchmarkLedgerInAChart(b *testing.B) {
	for _, e := range engines()[:2] {
		b.Run(e.name, func(b *testing.B) {
			s := build(b, e, people)
			with := newRunner(b, people, newHouse(b, s.entries).chart)
			without := newRunner(b, people, houseWith(b, trial.Options{Entries: s.entries,
				Ledger: func(l *audit.Ledger) gate.Ledger { return forgetful{l} }}).chart)
			for b.Loop() {
				with.round(b)
				without.round(b)
			}
			kept, forgotten := with.result(), without.result()
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64((kept.p50 - forgotten.p50).Microseconds()), "p50-added-µs")
			b.Logf("| %s | %s | %s | %s | %s | %s |", e.name, micro(forgotten.p50), micro(kept.p50), micro(kept.p50-forgotten.p50),
				micro(forgotten.p99), micro(kept.p99))
		})
	}
}

// BenchmarkLedgerRead reads a page of 100 entries, newest first, of a ledger of 200,000: 500 callers at 150 organisations, one
// alert in a thousand and half of those reviewed.
func BenchmarkLedgerRead(b *testing.B) {
	ledger, begun := newLedger(b), time.Now()
	for n := 0; n < 200_000; {
		var some []audit.Entry
		for ; len(some) < 1000; n++ {
			some = append(some, accessOf(b, n))
		}
		if n%2000 == 0 {
			some[1] = audit.Entry{Event: audit.EventReview, Time: some[0].Time, RequestID: "review", Outcome: audit.OutcomeReleased,
				Reviewed: uint64(n - 1000 + 1)}
		}
		if _, err := ledger.Append(context.Background(), some...); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("filled in %s", time.Since(begun).Round(time.Millisecond))
	for _, c := range []struct {
		name  string
		query audit.Query
	}{
		{"everybody", audit.Query{Everybody: true}},
		{"person", audit.Query{Person: accessOf(b, 7).Person}},
		{"caller", audit.Query{Caller: "doctor-7"}},
		{"organisation", audit.Query{Organisation: "F84007"}},
		{"caller-at-organisation", audit.Query{Caller: "doctor-7", Organisation: "F84007"}},
		{"alerts", audit.Query{Alerts: true}},
		{"unreviewed", audit.Query{Alerts: true, Unreviewed: true}},
	} {
		b.Run(c.name, func(b *testing.B) {
			c.query.NewestFirst, c.query.Limit = true, 100
			found := 0
			for b.Loop() {
				entries, err := ledger.Entries(context.Background(), c.query)
				if err != nil {
					b.Fatal(err)
				}
				found = len(entries)
			}
			b.ReportMetric(float64(found), "entries")
		})
	}
	b.Run("verify", func(b *testing.B) {
		begun := time.Now() // once, whatever -benchtime says: it takes seconds
		if report, err := ledger.Verify(context.Background()); err != nil || !report.Intact() {
			b.Fatal(report, err)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(time.Since(begun).Nanoseconds())/200_000, "ns/entry")
	})
}
