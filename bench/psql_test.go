package bench_test

import (
	"context"
	"database/sql"
	"hash/maphash"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// BenchmarkCountInOneSource compares, in turns, how many people have any observation, or any of 40 codes, as a source tells a study,
// with psql asking the same. A study needs who they are, as stand-ins, and not their number alone: its ledger holds them against other questions.
// psql is given its start, as whoever types the question has to wait for it too; psql-sql is the statement alone.
func BenchmarkCountInOneSource(b *testing.B) {
	program, err := exec.LookPath("psql")
	if err != nil {
		b.Fatal("psql is needed: the package of the PostgreSQL server brings it")
	}
	source, db, dsn := openCounted(b, engines()[0])
	for _, at := range []int{0, 3} {
		one := countedCases()[at]
		one.set.Wanted, one.set.Reduce = 0, sources.ReduceToAny
		b.Run(one.name, func(b *testing.B) { comparePsql(b, source, one, program, dsn, db) })
	}
}

func comparePsql(b *testing.B, source sources.Counter, one countedCase, program, dsn string, db *sql.DB) {
	// Numbers without a check digit, which have eleven characters, are nobody's. Said in a WHERE, that would make the planner expect
	// one patient in 200, and look up each one's observations by themselves.
	statement := "SELECT COUNT(*) FILTER (WHERE LENGTH(nhs_number) = 10)" +
		" FROM (SELECT DISTINCT p.nhs_number" + // faster here than COUNT(DISTINCT), which sorts
		strings.TrimPrefix(one.sql, "SELECT p.nhs_number, o.happened") + ") AS people"
	var ours, typed, alone []time.Duration
	for b.Loop() {
		begun := time.Now()
		found := peopleIn(b, source, one)
		ours = append(ours, time.Since(begun))
		begun = time.Now()
		said, err := exec.Command(program, "-X", "-A", "-t", "-c", statement, dsn).Output()
		typed = append(typed, time.Since(begun))
		if want := strings.TrimSpace(string(said)); err != nil || want != strconv.Itoa(found) {
			b.Fatalf("the source knows %d people, psql %q (%v)", found, want, err)
		}
		begun = time.Now()
		if err := db.QueryRow(statement).Scan(new(int)); err != nil {
			b.Fatal(err)
		}
		alone = append(alone, time.Since(begun))
	}
	middle := func(of []time.Duration) float64 {
		slices.Sort(of)
		return of[len(of)/2].Seconds() * 1000
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(middle(ours), "ms")
	b.ReportMetric(middle(typed), "psql-ms")
	b.ReportMetric(middle(alone), "psql-sql-ms")
	b.ReportMetric(middle(ours)/middle(typed), "times")
	b.ReportMetric(middle(ours)/middle(alone), "times-sql")
}

// peopleIn counts the people that a source hands over.
func peopleIn(b *testing.B, source sources.Counter, one countedCase) int {
	b.Helper()
	stand := cheap(maphash.MakeSeed())
	people := map[clinical.Pseudonym]struct{}{}
	query := sources.EventQuery{Sets: []sources.RecordedSet{one.set},
		Stand: func(n clinical.NHSNumber) (clinical.Pseudonym, bool) { return stand(n.Reveal()), true }}
	if err := source.Events(context.Background(), query, func(_ int, event sources.Event) error {
		people[event.Person] = struct{}{}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	return len(people)
}
