package bench_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// BenchmarkSourcesConfigured asks for the same charts with 4, 40 and 400 sources configured, four of which know the person.
// The sizes take turns, so that a noisy neighbour meets all of them.
func BenchmarkSourcesConfigured(b *testing.B) {
	for _, e := range engines()[:2] {
		b.Run(e.name, func(b *testing.B) {
			sizes, runners := []int{4, 40, 400}, []*runner{}
			for _, size := range sizes {
				s := build(b, e, 200)
				s.strangers(b, size-len(places()))
				r := newRunner(b, 200, newHouse(b, s.entries).chart)
				for id, probe := range s.probes {
					if known := s.readers[id] != ""; known != (probe.calls > 0) {
						b.Fatalf("%s, which knows the person: %t, was asked %d times", id, known, probe.calls)
					}
				}
				runners = append(runners, r)
			}
			turn := 0
			for b.Loop() {
				for i := range runners { // whoever is first in a turn is so by turns
					runners[(turn+i)%len(runners)].round(b)
				}
				turn++
			}
			var p50 []time.Duration
			line := "| " + e.name
			for i, r := range runners {
				result := r.result()
				p50 = append(p50, result.p50)
				line += fmt.Sprintf(" | %s | %s", micro(result.p50), micro(result.cpu))
				b.ReportMetric(float64(result.p50.Microseconds()), fmt.Sprintf("p50-%d-µs", sizes[i]))
			}
			growth := float64(p50[2])/float64(p50[0]) - 1
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(100*growth, "growth-%")
			b.Logf("%s | **%+.0f %%** |", line, 100*growth)
		})
	}
}

// trips is what a question cost the databases.
type trips struct{ statements, waits int }

// cost asks a question that was asked before, so that statements are prepared, and counts.
func (s *site) cost(t testing.TB, q *question) trips {
	t.Helper()
	// A source has two connections; each prepares for itself, and which of them is used is the pool's choice.
	for range 8 {
		q.ask(t)
	}
	for _, probe := range s.probes {
		probe.calls, probe.trips = 0, 0
	}
	q.ask(t)
	var c trips
	for _, probe := range s.probes {
		c.statements += probe.calls
		c.waits += probe.trips
	}
	return c
}

func TestAQuestionCostsEachSourceOneRoundTrip(t *testing.T) {
	const lists = `query Q($number: NHSNumber!, $after: Cursor) { patient(nhsNumber: $number) {
		observations(first: 5, after: $after) { nodes { id code { code } value } pageInfo { hasNextPage endCursor } } } }`
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			s := build(t, e, 10)
			h := newHouse(t, s.entries)
			first := h.question(t, lists, map[string]any{"number": nhsNumber(1)})
			_, rest, _ := strings.Cut(string(first.ask(t)), `"endCursor":"`)
			cursor, _, found := strings.Cut(rest, `"`)
			if !found {
				t.Fatal("the first page has no cursor")
			}
			twoPeople := trips{4, 4}
			if e.name == "SQLite" {
				twoPeople.waits = 5 // one source's codes are more look-ups than SQLite takes in a statement; it is no round trip there
			}
			for _, c := range []struct {
				what     string
				question *question
				want     trips
			}{
				{"a chart of eight lists", h.chart(t, 1), trips{4, 4}},
				{"one list", first, trips{4, 4}},
				{"its second page", h.question(t, lists, map[string]any{"number": nhsNumber(1), "after": cursor}), trips{4, 4}},
				{"a timeline of every kind", h.question(t, `query Q($number: NHSNumber!) { patient(nhsNumber: $number) {
					timeline(first: 50) { nodes { id date } } } }`, map[string]any{"number": nhsNumber(1)}), trips{4, 4}},
				{"who the person is", h.question(t, `query Q($number: NHSNumber!) { patient(nhsNumber: $number) {
					demographics { familyName } } }`, map[string]any{"number": nhsNumber(1)}), trips{4, 4}},
				{"the charts of two people", h.question(t, twoCharts(), map[string]any{"number": nhsNumber(1), "other": nhsNumber(2)}), twoPeople},
				{"nobody", h.chart(t, 5000), trips{0, 0}},
			} {
				got := s.cost(t, c.question)
				t.Logf("| %s | %d | %d |", c.what, got.statements, got.waits)
				if got != c.want {
					t.Errorf("%s costs %d statements and %d waits, want %d and %d", c.what, got.statements, got.waits, c.want.statements, c.want.waits)
				}
			}
		})
	}
}

// twoCharts asks for two people in one document.
func twoCharts() string {
	lists := ""
	for _, list := range []string{"allergies", "conditions", "medications", "observations", "encounters", "procedures",
		"immunisations", "referrals"} {
		lists += list + "(first: 20) { nodes { id date } } "
	}
	return "query Q($number: NHSNumber!, $other: NHSNumber!) { a: patient(nhsNumber: $number) { " + lists +
		"} b: patient(nhsNumber: $other) { " + lists + "} }"
}
