package bench_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// asked is whose chart is asked for first: the statements of the hand-written program are taken from it.
const asked = 7

// opponents are the product and the hand-written program over the same databases.
func opponents(t testing.TB, e engine, count int) (*house, *site, *floor) {
	t.Helper()
	s := build(t, e, count)
	h := newHouse(t, s.entries)
	h.chart(t, asked).ask(t)
	return h, s, newFloor(t, e, s, nhsNumber(asked))
}

// floorChart is the question for the n-th person's chart, put to the hand-written program.
func floorChart(t testing.TB, h *house, f *floor, n int) *question {
	t.Helper()
	q := h.chart(t, n)
	q.handler = f
	return q
}

func TestBothProgramsGiveTheSameBytes(t *testing.T) {
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			h, s, f := opponents(t, e, 30)
			for n := range 20 {
				ours, plain := h.chart(t, n).ask(t), floorChart(t, h, f, n).ask(t)
				if !bytes.Equal(ours, plain) {
					t.Fatalf("person %d differs from byte %d:\n%s", n, difference(ours, plain), around(ours, plain))
				}
				if records := strings.Count(string(ours), `"provenance"`); records < 80 || records > 120 {
					t.Fatalf("the chart has %d records, about 100 were meant", records)
				} else if n == 0 {
					t.Logf("%d records in %d bytes", records, len(ours))
				}
			}
			for id, probe := range s.probes {
				if probe.trips > probe.calls+1 {
					t.Errorf("%s: %d round trips for %d questions", id, probe.trips, probe.calls)
				}
			}
		})
	}
}

// difference is the first byte at which two answers differ.
func difference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func around(a, b []byte) string {
	at := difference(a, b)
	part := func(text []byte) string { return string(text[max(0, at-150):min(len(text), at+150)]) }
	return part(a) + "\n" + part(b)
}

// BenchmarkChart compares CPU and time of the product with those of the hand-written program, in turns.
func BenchmarkChart(b *testing.B) {
	for _, e := range engines() {
		b.Run(e.name, func(b *testing.B) {
			h, _, f := opponents(b, e, people)
			product := newRunner(b, people, h.chart)
			plain := newRunner(b, people, func(t testing.TB, n int) *question { return floorChart(t, h, f, n) })
			for b.Loop() {
				product.round(b)
				plain.round(b)
			}
			ours, theirs := product.result(), plain.result()
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ours.cpu.Seconds()*1e6, "product-cpu-µs")
			b.ReportMetric(theirs.cpu.Seconds()*1e6, "floor-cpu-µs")
			b.ReportMetric(float64(ours.cpu)/float64(theirs.cpu), "cpu-ratio")
			b.ReportMetric(float64(ours.p50)/float64(theirs.p50), "p50-ratio")
			b.Logf("| %s | %s | %s | **%.2f** | %s | %s | **%.2f** | %s | %s |", e.name, micro(ours.cpu), micro(theirs.cpu),
				float64(ours.cpu)/float64(theirs.cpu), micro(ours.p50), micro(theirs.p50), float64(ours.p50)/float64(theirs.p50),
				micro(ours.p99), micro(theirs.p99))
		})
	}
}

func micro(d time.Duration) string { return d.Round(time.Microsecond).String() }
