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
		var looking, ready sync.WaitGroup
		acknowledged := make(chan time.Time)
		for _, register := range registers {
			ready.Add(1)
			looking.Go(func() {
				ready.Done()
				var first time.Time
				for first.IsZero() {
					// A replica that cannot vouch for what it knows refuses, which is no answer by the old state.
					state, _, err := register.State(who)
					if err != nil && !errors.Is(err, consent.ErrUnavailable) {
						t.Error(err)
					}
					if state.Objection == consent.ObjectionUpheld {
						first = time.Now()
					}
					runtime.Gosched()
				}
				seen.add(first.Sub(<-acknowledged))
			})
		}
		ready.Wait()
		if _, err := registers[n%replicas].Record(context.Background(), says(who, consent.Upheld)); err != nil {
			t.Fatal(err)
		}
		at := time.Now()
		for range registers {
			acknowledged <- at
		}
		looking.Wait()
	}
	if slowest := seen.quantile(100); slowest > time.Second {
		t.Errorf("a change took %v to bite", slowest)
	}
	if told.count() != replicas*writes || told.quantile(100) > 2*time.Second {
		t.Errorf("%d of %d changes were told of, the slowest after %v", told.count(), replicas*writes, told.quantile(100))
	}
	t.Logf("from acknowledged to seen, %d replicas: p50 %v, p99 %v, slowest %v; from taken to seen: p50 %v, p99 %v",
		replicas, seen.quantile(50), seen.quantile(99), seen.quantile(100), told.quantile(50), told.quantile(99))
}

func TestEveryReplicaKnowsWhatAnyRecorded(t *testing.T) {
	dsn := testkit.PostgreSQL(t).Database(t)
	one, two := replica(t, dsn, nil), replica(t, dsn, nil)
	who := person(t, 1)
	for _, directive := range everything(t, who) {
		record(t, one, directive)
	}
	for began := time.Now(); two.Revision() < one.Revision(); time.Sleep(time.Millisecond) {
		if time.Since(began) > 5*time.Second {
			t.Fatal("the other replica did not follow")
		}
	}
	history, err := two.History(t.Context(), who)
	if err != nil || len(history) != 11 {
		t.Errorf("%d directives (%v)", len(history), err)
	}
	if asAt, known := two.Freshness(consent.ListNational); !known || asAt.Day() != 19 {
		t.Errorf("as at %v, known %v", asAt, known)
	}
	if got := record(t, two, says(who, consent.Withdrawn)); got != 14 {
		t.Errorf("revision %d, want 14", got)
	}
	closeNow(t, one)
	if _, _, err := one.State(who); !errors.Is(err, consent.ErrUnavailable) {
		t.Errorf("a closed replica gave %v", err)
	}
}

// The importing process has a register of its own, as the command has.
func TestAnImportBesideTheServersBitesOnEach(t *testing.T) {
	dsn := testkit.PostgreSQL(t).Database(t)
	servers := []*consent.Register{replica(t, dsn, nil), replica(t, dsn, nil)}
	record(t, servers[0], says(person(t, 1), consent.Upheld))
	places := make([]int, 3000)
	for n := range places {
		places[n] = n
	}
	imported, err := replica(t, dsn, nil).Import(t.Context(), reply(mesh(t, places...), mesh(t, places[10:]...)))
	acknowledged := time.Now()
	if err != nil || imported.Directives != 3001 {
		t.Fatalf("imported %+v (%v)", imported, err)
	}
	for _, server := range servers {
		for server.Revision() < imported.Revision && time.Since(acknowledged) < 5*time.Second {
			time.Sleep(time.Millisecond)
		}
		expectOptOut(t, server, person(t, 3), consent.OptedOut)
		expectOptOut(t, server, person(t, 2999), consent.NotOptedOut)
	}
	if took := time.Since(acknowledged); took > time.Second {
		t.Errorf("it took %v to bite", took)
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
