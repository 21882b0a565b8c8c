package bench_test

import (
	"fmt"
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/audit"
	"onelondon/internal/gate"
	"onelondon/internal/testkit"
	"onelondon/sources"
)

// tower is OneLondons one over the other, the one that has the record systems first: each asks the one before it alone, over
// HTTP/2 with certificates on both sides, on the loopback.
func tower(t testing.TB, entries []sources.Entry, levels int, ledger func(*audit.Ledger) gate.Ledger) []*house {
	t.Helper()
	authority := testkit.NewAuthority(t)
	houses := []*house{houseWith(t, trial.Options{Entries: entries, Ledger: ledger})}
	for level := 1; level < levels; level++ {
		asker, asked := fmt.Sprintf("level-%d", level), fmt.Sprintf("level-%d", level-1)
		certificate := authority.Issue(asker)
		trusted := trial.Trusted(asker, certificate)
		for above := level + 1; above < levels; above++ {
			trusted.For = append(trusted.For, fmt.Sprintf("level-%d", above))
		}
		below := houses[level-1].whole.Answers(t, authority, asked, trusted)
		houses = append(houses, houseWith(t, trial.Options{Ledger: ledger,
			Entries: []sources.Entry{below.Asks(t, asker, certificate, "below")}}))
	}
	return houses
}

// BenchmarkLevels asks for the same charts of a OneLondon that has the record systems, and of one and two OneLondons over it, in turns;
// then the same with ledgers that keep nothing.
func BenchmarkLevels(b *testing.B) {
	for _, e := range engines()[:2] {
		for name, ledger := range map[string]func(*audit.Ledger) gate.Ledger{"kept": nil,
			"forgotten": func(l *audit.Ledger) gate.Ledger { return forgetful{l} }} {
			b.Run(e.name+"/"+name, func(b *testing.B) {
				s := build(b, e, people)
				var runners []*runner
				for _, house := range tower(b, s.entries, 3, ledger) {
					runners = append(runners, newRunner(b, people, house.chart))
				}
				for b.Loop() {
					for _, r := range runners {
						r.round(b)
					}
				}
				b.ReportMetric(0, "ns/op")
				var before result
				for level, r := range runners {
					now := r.result()
					added := time.Duration(0)
					if level > 0 {
						added = now.p50 - before.p50
						b.ReportMetric(float64(added.Microseconds()), fmt.Sprintf("level-%d-added-µs", level))
					}
					b.Logf("| %s | %d | %s | %s | %s | %s | %s |", e.name, level, micro(now.p50), micro(added), micro(now.p99), micro(now.cpu),
						micro(now.cpu-before.cpu))
					before = now
				}
			})
		}
	}
}
