package consent_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/testkit"
)

func replica(t testing.TB, dsn string, bitten func(time.Duration)) *consent.Register {
	t.Helper()
	register, err := consent.New(t.Context(), consent.Options{PostgreSQL: dsn, Create: true, Key: key, Log: nobodySay, Bitten: bitten})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = register.Close() })
	return register
}

func TestADatabaseThatHoldsNoRegisterIsNotTakenForAnEmptyOne(t *testing.T) {
	_, err := consent.New(t.Context(), consent.Options{PostgreSQL: testkit.PostgreSQL(t).Database(t), Key: key, Log: nobodySay})
	if !errors.Is(err, consent.ErrMissing) {
		t.Errorf("opening it gave %v", err)
	}
}

// times are how long things took, from several goroutines.
type times struct {
	mutex sync.Mutex
	all   []time.Duration
}

func (t *times) add(took time.Duration) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.all = append(t.all, took)
}

// quantile is the time within which so many in a hundred things were done.
func (t *times) quantile(percent int) time.Duration {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	sorted := slices.Sorted(slices.Values(t.all))
	return sorted[(len(sorted)-1)*percent/100]
}

func (t *times) count() int {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return len(t.all)
}

// sight is what one replica said of an objection: when it was last asked and said that there was none, and when it first said
// that there was. A replica that cannot vouch for what it knows refuses, which is neither.
type sight struct{ lastNone, firstSeen time.Time }

func lookUntilSeen(t *testing.T, register *consent.Register, who clinical.NHSNumber) (s sight) {
	for s.firstSeen.IsZero() {
		asked := time.Now()
		state, _, err := register.State(who)
		switch {
		case err != nil && !errors.Is(err, consent.ErrUnavailable):
			t.Error(err)
			return s
		case err == nil && state.Objection == consent.ObjectionNone:
			s.lastNone = asked
		case err == nil:
			s.firstSeen = time.Now()
		}
		runtime.Gosched()
	}
	return s
}

// From the moment the caller of one replica knows that an objection is recorded to the first look-up on each that sees it.
func TestAChangeBitesOnEveryReplicaWithinASecond(t *testing.T) {
	const replicas, writes = 3, 60
	dsn := testkit.PostgreSQL(t).Database(t)
	var registers [replicas]*consent.Register
	seen, told := &times{}, &times{}
	for i := range registers {
		registers[i] = replica(t, dsn, told.add)
	}
	for n := range writes {
		who := person(t, n)
		sights := make(chan sight, replicas)
		for _, register := range registers {
			go func() { sights <- lookUntilSeen(t, register, who) }()
		}
		if _, err := registers[n%replicas].Record(context.Background(), says(who, consent.Upheld)); err != nil {
			t.Fatal(err)
		}
		acknowledged := time.Now()
		for range registers {
			s := <-sights
			if late := s.lastNone.Sub(acknowledged); late > time.Second {
				t.Errorf("%v after it was acknowledged, a replica knew of no objection", late)
			}
			seen.add(max(0, s.firstSeen.Sub(acknowledged)))
		}
	}
	for began := time.Now(); told.count() < replicas*writes && time.Since(began) < 5*time.Second; time.Sleep(time.Millisecond) {
	}
	if told.count() != replicas*writes {
		t.Errorf("%d of %d changes were told of", told.count(), replicas*writes)
	}
	t.Logf("from acknowledged to seen, %d replicas: p50 %v, p99 %v, slowest %v; from taken to seen: p50 %v, p99 %v",
		replicas, seen.quantile(50), seen.quantile(99), seen.quantile(100), told.quantile(50), told.quantile(99))
}

// follow waits until a replica has come to a revision and vouches for what it knows.
func follow(t *testing.T, register *consent.Register, to consent.Revision, who clinical.NHSNumber) {
	t.Helper()
	for began := time.Now(); ; time.Sleep(time.Millisecond) {
		if _, at, err := register.State(who); err == nil && at >= to {
			return
		} else if time.Since(began) > 10*time.Second {
			t.Fatalf("the replica is at %d, not at %d (%v)", at, to, err)
		}
	}
}

func TestEveryReplicaKnowsWhatAnyRecorded(t *testing.T) {
	dsn := testkit.PostgreSQL(t).Database(t)
	one, two := replica(t, dsn, nil), replica(t, dsn, nil)
	who := person(t, 1)
	for _, directive := range everything(t, who) {
		record(t, one, directive)
	}
	follow(t, two, one.Revision(), who)
	history, err := two.History(t.Context(), who)
	if err != nil || len(history) != 13 {
		t.Errorf("%d directives (%v)", len(history), err)
	}
	if asAt, known := two.Freshness(consent.ListNational); !known || asAt.Day() != 19 {
		t.Errorf("as at %v, known %v", asAt, known)
	}
	if got := record(t, two, says(who, consent.Withdrawn)); got != 16 {
		t.Errorf("revision %d, want 16", got)
	}
	closeNow(t, one)
	if _, _, err := one.State(who); !errors.Is(err, consent.ErrUnavailable) {
		t.Errorf("a closed replica gave %v", err)
	}
}

// The importing process has a register of its own, as the command has.
func TestAnImportWorksBesideTheServersAndBitesOnEach(t *testing.T) {
	dsn := testkit.PostgreSQL(t).Database(t)
	servers := []*consent.Register{replica(t, dsn, nil), replica(t, dsn, nil)}
	record(t, servers[0], says(person(t, 1), consent.Upheld))
	places := make([]int, 3000)
	for n := range places {
		places[n] = n
	}
	imported, err := replica(t, dsn, nil).Import(t.Context(), reply(mesh(t, places...), mesh(t, places[10:]...)))
	if err != nil || imported.Directives != 3001 {
		t.Fatalf("imported %+v (%v)", imported, err)
	}
	for _, server := range servers {
		follow(t, server, imported.Revision, person(t, 3))
		expectOptOut(t, server, person(t, 3), consent.OptedOut)
		expectOptOut(t, server, person(t, 2999), consent.NotOptedOut)
	}
	if got := record(t, servers[1], says(person(t, 1), consent.Withdrawn)); got != imported.Revision+1 {
		t.Errorf("revision %d after %d", got, imported.Revision)
	}
}

func TestNothingOfAPersonIsInTheDatabaseOrTheLog(t *testing.T) {
	dsn, who := testkit.PostgreSQL(t).Database(t), person(t, 1)
	logger, logs := testkit.Logs(t)
	register, err := consent.New(t.Context(), consent.Options{PostgreSQL: dsn, Create: true, Key: key, Log: logger})
	if err != nil {
		t.Fatal(err)
	}
	for _, directive := range everything(t, who) {
		record(t, register, directive)
	}
	closeNow(t, register)
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var kept []byte
	if err := db.QueryRow(`SELECT string_agg(coalesce(person, '') || body || hash, '' ORDER BY sequence) ||
		(SELECT convert_to(string_agg(o::text, ''), 'UTF8') FROM log_origin o) FROM log_entry`).Scan(&kept); err != nil || len(kept) < 2000 {
		t.Fatalf("%d bytes (%v)", len(kept), err)
	}
	for _, mark := range []string{who.Reveal(), person(t, 901).Reveal(), "not_upheld", "555021935107", "R8003", "attorney", "opted_out",
		"lacking", "letter-17", "London Data Service"} {
		if bytes.Contains(kept, []byte(mark)) || logs.Contains(mark) {
			t.Errorf("%q stands in the database or the log", mark)
		}
	}
}

// A proxy whose authority has ended may act nowhere, as soon as a replica knows of the revision that ended it.
func TestAnAuthorityThatEndedHasEndedOnEveryReplica(t *testing.T) {
	dsn := testkit.PostgreSQL(t).Database(t)
	one, two := replica(t, dsn, nil), replica(t, dsn, nil)
	who, proxy := person(t, 1), person(t, 2)
	for _, step := range []struct {
		about consent.About
		want  consent.Authority
	}{
		{consent.Proposed{About: consent.ProxyChoice{Proxy: proxy, As: consent.Attorney}}, ""},
		{consent.ProxyChoice{Proxy: proxy, As: consent.Attorney}, consent.Attorney},
		{consent.ProxyChoice{Proxy: proxy, Withdrawn: true}, ""},
	} {
		follow(t, two, record(t, one, about(who, step.about)), who)
		for _, each := range []*consent.Register{one, two} {
			if state, _, err := each.State(who); err != nil || state.Authority(each.Key(proxy)) != step.want {
				t.Errorf("after %+v: %q (%v)", step.about, state.Authority(each.Key(proxy)), err)
			}
		}
	}
}
