package consent_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/testkit"
)

const (
	innerFile     = "INNER_REGISTER"
	innerDatabase = "INNER_DATABASE"
	writers       = 200
)

// rounds is how often something is killed: a few times, and fifty to prove it.
func rounds() int {
	if os.Getenv("ONELONDON_PROVE") == "1" {
		return 50
	}
	return 5
}

// Each round's people choose by way of a process that is killed; whoever it acknowledged must be known afterwards.
func TestEveryAcknowledgedChoiceOutlivesAKilledProcess(t *testing.T) {
	file := path(t)
	outliveKilledProcesses(t, consent.Options{Path: file}, innerFile+"="+file)
}

func TestEveryAcknowledgedChoiceInADatabaseOutlivesAKilledProcess(t *testing.T) {
	dsn := testkit.PostgreSQL(t).Database(t)
	outliveKilledProcesses(t, consent.Options{PostgreSQL: dsn, Create: true}, innerDatabase+"="+dsn)
}

func outliveKilledProcesses(t *testing.T, options consent.Options, inner string) {
	options.Key, options.Log = key, nobodySay
	last, total := consent.Revision(0), 0
	for round := range rounds() {
		acknowledged := runUntilKilled(t, inner, round, 30+round*23)
		register, err := consent.New(t.Context(), options)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		expectChoices(t, register, acknowledged)
		for _, revision := range acknowledged {
			if revision <= last {
				t.Errorf("round %d: revision %d came again after %d", round, revision, last)
			}
		}
		if report, err := register.Verify(t.Context()); err != nil || !report.Intact() {
			t.Errorf("round %d: report %+v (%v)", round, report, err)
		}
		last, total = register.Revision(), total+len(acknowledged)
		closeNow(t, register)
	}
	t.Logf("%d rounds, %d choices acknowledged, none lost; the register is at revision %d", rounds(), total, last)
}

func expectChoices(t *testing.T, register *consent.Register, acknowledged map[int]consent.Revision) {
	t.Helper()
	for n, revision := range acknowledged {
		state, at, err := register.State(person(t, n))
		// On a machine that is busy a replica may refuse for a while, which loses nothing.
		for began := time.Now(); errors.Is(err, consent.ErrUnavailable) && time.Since(began) < 10*time.Second; time.Sleep(time.Millisecond) {
			state, at, err = register.State(person(t, n))
		}
		if err != nil || len(state.Preferences) != 1 || at < revision {
			t.Fatalf("%v at revision %d (%v), acknowledged at %d", state.Preferences, at, err, revision)
		}
	}
}

// chosen is what each of these people decides.
func chosen(who clinical.NHSNumber) consent.Directive {
	return about(who, choice(consent.Deny, clinical.LabelHIV, consent.Anyone, ""))
}

// This is no test of its own: it is the process that is killed.
func TestChoosingForever(t *testing.T) {
	options := consent.Options{Path: os.Getenv(innerFile), PostgreSQL: os.Getenv(innerDatabase), Create: true, Key: key, Log: nobodySay}
	if options.Path == "" && options.PostgreSQL == "" {
		return
	}
	var round int
	if _, err := fmt.Sscan(os.Getenv("ROUND"), &round); err != nil {
		t.Fatal(err)
	}
	register, err := consent.New(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	var mutex sync.Mutex
	for writer := range writers {
		go func() {
			for i := 0; ; i++ {
				n := round*100_000 + i*writers + writer
				revision, err := register.Record(context.Background(), chosen(person(t, n)))
				if err != nil {
					panic(err)
				}
				if state, _, err := register.State(person(t, n)); err != nil || len(state.Preferences) != 1 {
					panic(fmt.Sprint("what was acknowledged is not answered by: ", err))
				}
				mutex.Lock()
				fmt.Println("RECORDED", n, uint64(revision), "end")
				mutex.Unlock()
			}
		}()
	}
	select {}
}

// runUntilKilled kills the inner process, by SIGKILL, once it has acknowledged so many people, and returns all it did.
func runUntilKilled(t *testing.T, inner string, round, people int) map[int]consent.Revision {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^TestChoosingForever$")
	command.Env = append(os.Environ(), inner, fmt.Sprint("ROUND=", round))
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[int]consent.Revision{}
	for lines := bufio.NewScanner(output); lines.Scan(); {
		var n int
		var revision consent.Revision
		if _, err := fmt.Sscanf(lines.Text(), "RECORDED %d %d end", &n, &revision); err != nil {
			continue // the test's own output, or the line that the kill cut short
		}
		if acknowledged[n] = revision; len(acknowledged) == people {
			_ = command.Process.Kill()
		}
	}
	_ = command.Wait()
	if len(acknowledged) < people {
		t.Fatalf("the inner process ended after %d people", len(acknowledged))
	}
	return acknowledged
}

// tally is what was acknowledged, by several goroutines.
type tally struct {
	mutex sync.Mutex
	all   map[int]consent.Revision
}

func (a *tally) add(n int, revision consent.Revision) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.all[n] = revision
}

func (a *tally) copied() map[int]consent.Revision {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return maps.Clone(a.all)
}

// One process of the server is killed, by SIGKILL, whereupon it ends all others and recovers from its write-ahead log.
func TestEveryAcknowledgedChoiceOutlivesAKilledDatabase(t *testing.T) {
	dsn := testkit.PostgreSQL(t).Database(t)
	register := replica(t, dsn, nil)
	acknowledged := &tally{all: map[int]consent.Revision{}}
	ctx, leave := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	for writer := range writers {
		writing.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				n := i*writers + writer
				revision, err := register.Record(ctx, chosen(person(t, n)))
				switch {
				case err == nil:
					acknowledged.add(n, revision)
				case !errors.Is(err, consent.ErrUnavailable):
					t.Error(err)
				}
			}
		})
	}
	for kill := range rounds() {
		enough := len(acknowledged.copied()) + 50
		for began := time.Now(); len(acknowledged.copied()) < enough; time.Sleep(5 * time.Millisecond) {
			if time.Since(began) > 30*time.Second {
				t.Fatalf("nothing was recorded any more after %d kills", kill)
			}
		}
		killBackend(t, dsn)
	}
	leave()
	writing.Wait()
	// The server recovers and the register goes on by itself.
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if _, err := register.Record(t.Context(), chosen(person(t, 9_000_000))); err == nil {
			break
		} else if time.Since(began) > 30*time.Second {
			t.Fatal(err)
		}
	}
	all := acknowledged.copied()
	expectChoices(t, register, all)
	again := replicaOnceUp(t, dsn)
	expectChoices(t, again, all)
	if report, err := again.Verify(t.Context()); err != nil || !report.Intact() {
		t.Errorf("report %+v (%v)", report, err)
	}
	t.Logf("%d kills, %d choices acknowledged, none lost; the register is at revision %d", rounds(), len(all), again.Revision())
}

// replicaOnceUp opens a replica on a server that may still be recovering.
func replicaOnceUp(t *testing.T, dsn string) *consent.Register {
	t.Helper()
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		register, err := consent.New(t.Context(), consent.Options{PostgreSQL: dsn, Key: key, Log: nobodySay})
		if err == nil {
			t.Cleanup(func() { _ = register.Close() })
			return register
		}
		if time.Since(began) > 30*time.Second {
			t.Fatal(err)
		}
	}
}

// killBackend kills a process of this test's own server that serves the register.
func killBackend(t *testing.T, dsn string) {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var pid int
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		err := db.QueryRow("SELECT pid FROM pg_stat_activity WHERE application_name = 'onelondon' AND datname = current_database() LIMIT 1").Scan(&pid)
		if err == nil {
			break
		}
		if time.Since(began) > 30*time.Second {
			t.Fatal(err)
		}
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		t.Fatal(err)
	}
}
