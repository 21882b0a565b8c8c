package bench_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"onelondon/examples/london/seed"
	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
)

// How large the day is. London has 1,153 practices with patients (DOMAIN.md 5).
const (
	dayPeople    = 1000
	dayPractices = 1153
	dayCharts    = 2000
)

// surgery is the practice that the n-th person is registered with.
func surgery(n int) string { return fmt.Sprintf("F8%04d", n*7919%dayPractices) }

// watched is the policy that ships, with a clock on its decisions.
type watched struct {
	*policy.Engine

	mutex     sync.Mutex
	made      int
	seen      map[*policy.Decision]bool // those that are remembered come again
	wall, cpu time.Duration
}

func (w *watched) Decide(ctx context.Context, input policy.Input) (*policy.Decision, error) {
	runtime.LockOSThread() // the clock is the thread's
	defer runtime.UnlockOSThread()
	begun, before := time.Now(), threadCPU()
	decision, err := w.Engine.Decide(ctx, input)
	used, took := threadCPU()-before, time.Since(begun)
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.made++
	w.wall, w.cpu, w.seen[decision] = w.wall+took, w.cpu+used, true
	return decision, err
}

// threadCPU is the processor time of this thread, or nothing where it cannot be told; a share of nothing would be seen.
func threadCPU() time.Duration {
	var usage syscall.Rusage
	const thread = 1 // RUSAGE_THREAD
	_ = syscall.Getrusage(thread, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// asker is somebody who asks for somebody's chart.
type asker struct {
	person auth.Person
	claim  string // where nothing ties them to the person
}

// askers draws who asks for the n-th person's chart: three in ten are staff of the person's practice, four in ten of the hospitals that
// know them, two in ten of another trust or the ambulance service, and one in ten is the person.
func askers(t testing.TB, random *rand.Rand, n int) asker {
	pick := func(codes ...string) string { return codes[random.IntN(len(codes))] }
	staff := func(organisation, role, purpose, claim string, activities ...string) asker {
		return asker{auth.Person{Subject: organisation + "-" + role, Name: "Staff", Role: role, Organisation: organisation, Activities: activities,
			Purpose: purpose}, claim}
	}
	doctor := func() string { return pick("R0260", "R0270", "R0261", "R0262") }
	hospital := func() string { return pick("R0050", "R0110", "R0140", "R0180", "R9102") }
	const seenNow = "Seen in clinic today"
	switch chance := random.IntN(100); {
	case chance < 18:
		return staff(surgery(n), doctor(), "TREAT", "", "B0360", "B0380")
	case chance < 25:
		return staff(surgery(n), pick("R0600", "R0700"), "TREAT", "", "B0360")
	case chance < 30:
		return staff(surgery(n), "R1730", "TREAT", "", "B0370")
	case chance < 60:
		return staff(pick("R1H", "RF4"), hospital(), pick("TREAT", "TREAT", "ETREAT"), "", "B0360", "B0380")
	case chance < 70:
		return staff(pick("R1H", "RF4"), "R0600", "TREAT", "", "B0360")
	case chance < 82:
		return staff(fmt.Sprintf("RX%d", random.IntN(33)), hospital(), "TREAT", seenNow, "B0360", "B0380")
	case chance < 90:
		return staff("RRU", pick("R0050", "R0600"), "ETREAT", "Called to the address", "B0360")
	}
	return asker{person: auth.Person{Subject: "citizen-" + nhsNumber(n), Name: "A Citizen", NHSNumber: nhsNumber(n), Purpose: "PATRQT"}}
}

// dayHouse is the site of the charts, whose people are registered with as many practices as London has and have said as much as
// people have: 24 in 1,000 object to the shared record, 6 keep a category from everybody or from a hospital.
func dayHouse(b *testing.B, e engine) (*house, *watched) {
	b.Helper()
	s := &site{probes: map[clinical.SourceID]*probe{}, readers: map[clinical.SourceID]string{}}
	for _, p := range places() {
		db, reader := e.make(b)
		fillDay(b, p, db, e.dialect)
		s.add(p.open(b, e, p.id, reader))
	}
	engine, err := policy.Open(b.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		b.Fatal(err)
	}
	w := &watched{Engine: engine, seen: map[*policy.Decision]bool{}}
	h := houseWith(b, trial.Options{Entries: s.entries, Policy: w, Pace: time.Millisecond})
	for n := range dayPeople {
		var about consent.About
		switch {
		case n%125 < 3:
			about = consent.SharedRecord{Step: consent.Upheld}
		case n%250 == 10:
			about = consent.Choice{Preference: consent.Preference{Effect: consent.Deny, Category: clinical.LabelMentalHealth, Party: consent.Anyone}}
		case n%500 == 20:
			about = consent.Choice{Preference: consent.Preference{Effect: consent.Deny, Category: clinical.LabelHIV, Party: consent.Organisation, Code: "R1H"}}
		default:
			continue
		}
		if _, err := h.whole.Register.Record(b.Context(), consent.Directive{Person: numberOf(b, n), About: about, Authority: consent.Self,
			RecordedBy: "bench", At: time.Now()}); err != nil {
			b.Fatal(err)
		}
	}
	return h, w
}

// fillDay fills a system with the people of a day.
func fillDay(b *testing.B, p place, db *sql.DB, dialect seed.Dialect) {
	b.Helper()
	writer, err := seed.Open(b.Context(), db, dialect, p.system)
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	must(err)
	for _, other := range places() {
		must(writer.Organisation(b.Context(), other.organisation))
	}
	known := map[string]bool{}
	for n := range dayPeople {
		who := p.person(n)
		who.Practice = surgery(n)
		if !known[who.Practice] {
			must(writer.Organisation(b.Context(), seed.Organisation{Code: who.Practice, Name: "PRACTICE " + who.Practice}))
			known[who.Practice] = true
		}
		if p.system == seed.EMIS {
			who.Holder = who.Practice // its central store holds many practices
		}
		must(writer.Person(b.Context(), who))
	}
	must(writer.Close(b.Context()))
	if dialect == seed.PostgreSQL {
		_, err := db.ExecContext(b.Context(), "ANALYZE")
		must(err)
	}
}

// BenchmarkDay asks for 2,000 charts as a day in London brings them, of a house that remembers nothing yet: how many decisions are
// made for the first time, and what share of the time and of the processor all decisions have.
//
//	go test -run '^$' -v -bench 'Day$' -benchtime 1x ./bench
func BenchmarkDay(b *testing.B) {
	document := strings.Replace(strings.Replace(chart, "$number: NHSNumber!", "$number: NHSNumber!, $claim: String", 1),
		"patient(nhsNumber: $number)", "patient(nhsNumber: $number, claimedRelationship: $claim)", 1)
	for _, e := range engines()[:2] {
		b.Run(e.name, func(b *testing.B) {
			for b.Loop() {
				h, w := dayHouse(b, e)
				random, tokens := rand.New(rand.NewPCG(1, 2)), map[string]string{}
				var walls, used time.Duration
				shown := 0
				for asked := range dayCharts {
					n := random.IntN(dayPeople)
					who := askers(b, random, n)
					variables := map[string]any{"number": nhsNumber(n)}
					if who.claim != "" {
						variables["claim"] = who.claim
					}
					id := who.person.Subject + who.person.Purpose
					if tokens[id] == "" {
						tokens[id] = h.whole.Token(b, who.person)
					}
					h.token = tokens[id]
					q := h.question(b, document, variables)
					before, begun := cpu(b), time.Now()
					answer := q.ask(b)
					walls, used = walls+time.Since(begun), used+cpu(b)-before
					if strings.Contains(string(answer), `"provenance"`) {
						shown++
					}
					if asked+1 == dayCharts/10 || asked+1 == dayCharts {
						b.Logf("| %s | %d | %d | %.1f %% | %s | %.2f %% | %.2f %% |", e.name, asked+1, len(w.seen), 100*float64(w.made-len(w.seen))/float64(w.made),
							micro(w.wall/time.Duration(w.made)), 100*w.wall.Seconds()/walls.Seconds(), 100*w.cpu.Seconds()/used.Seconds())
					}
				}
				if w.made < dayCharts || shown < dayCharts*8/10 || w.cpu == 0 {
					b.Fatalf("%d decisions, %d of %d charts show records, %s of a processor", w.made, shown, dayCharts, w.cpu)
				}
				b.ReportMetric(100*w.wall.Seconds()/walls.Seconds(), "decisions-time-%")
				b.ReportMetric(100*w.cpu.Seconds()/used.Seconds(), "decisions-cpu-%")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}
