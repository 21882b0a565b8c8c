package audit_test

import (
	"fmt"
	"slices"
	"testing"

	"onelondon/internal/audit"
)

// Each operation is one durable entry; more callers than cores, since callers wait for the disk.
func BenchmarkAppend(b *testing.B) {
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			ledger, entry := open(b, path(b)), access(number(b, "9434765919"), "req")
			work := make(chan struct{}, b.N)
			for range b.N {
				work <- struct{}{}
			}
			close(work)
			b.ReportAllocs()
			b.ResetTimer()
			failures := make(chan error, callers)
			for range callers {
				go func() {
					for range work {
						if _, err := ledger.Append(b.Context(), entry); err != nil {
							failures <- err
							return
						}
					}
					failures <- nil
				}()
			}
			for range callers {
				if err := <-failures; err != nil {
					b.Error(err)
				}
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	const entries = 10_000
	ledger, entry := open(b, path(b)), access(number(b, "9434765919"), "req")
	for range entries / 100 {
		appendAll(b, ledger, slices.Repeat([]audit.Entry{entry}, 100)...)
	}
	b.ResetTimer()
	for b.Loop() {
		if report := verify(b, ledger); report.Entries != entries {
			b.Fatal(report)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/entries, "ns/entry")
}
