package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"onelondon/internal/embedded"
	"onelondon/internal/embedded/postgres"
	"onelondon/internal/testkit"
)

func TestADatabaseWithoutALogIsNotTakenForAnEmptyOne(t *testing.T) {
	dsn := testkit.PostgreSQL(t).Database(t)
	_, err := postgres.Open(t.Context(), postgres.Options{DSN: dsn, Log: slog.New(slog.DiscardHandler)})
	if !errors.Is(err, embedded.ErrMissing) {
		t.Errorf("opening it gave %v", err)
	}
	if err := reach(t, dsn).Close(); err != nil {
		t.Fatal(err)
	}
	store, err := postgres.Open(t.Context(), postgres.Options{DSN: dsn, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	_ = store.Close()
	execute(t, "pgx", dsn, []string{"INSERT INTO log_version (version_id, is_applied) VALUES (99, true)"})
	if _, err := postgres.Open(t.Context(), postgres.Options{DSN: dsn, Log: slog.New(slog.DiscardHandler)}); !errors.Is(err, embedded.ErrNewer) {
		t.Errorf("a newer one gave %v", err)
	}
}

func TestReplicasThatWriteAtOnceMakeOneChainThatAllFollow(t *testing.T) {
	const replicas, callers, each = 3, 4, 25
	dsn := testkit.PostgreSQL(t).Database(t)
	logs, followers := make([]*embedded.Log, replicas), make([]*listener, replicas)
	var starting sync.WaitGroup
	for i := range logs {
		followers[i] = &listener{}
		starting.Go(func() {
			var err error
			if logs[i], err = opened(t, embedded.Options{Store: reach(t, dsn), Key: ours, Follower: followers[i]}); err != nil {
				t.Error(err)
			}
		})
	}
	if starting.Wait(); t.Failed() {
		return
	}
	var group sync.WaitGroup
	for i, log := range logs {
		for caller := range callers {
			group.Go(func() {
				for n := range each {
					if _, err := log.Append(context.Background(), item(1, fmt.Sprintf("%d-%d-%d", i, caller, n))); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	group.Wait()
	for i, follower := range followers {
		await(t, func() bool { return follower.at() == replicas*callers*each })
		if follower.gap || !follower.believed || fmt.Sprint(follower.bodies) != fmt.Sprint(followers[0].bodies) {
			t.Errorf("replica %d: gap %v, believed %v", i, follower.gap, follower.believed)
		}
	}
	if report, err := logs[2].Verify(t.Context()); err != nil || !report.Intact() || report.Entries != replicas*callers*each {
		t.Errorf("report %+v (%v)", report, err)
	}
}

func (l *listener) at() uint64 {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.last
}

func await(t *testing.T, true func() bool) {
	t.Helper()
	for began := time.Now(); !true(); time.Sleep(time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatal("it did not come true in 20 s")
		}
	}
}

// wire is a connection to a server that can be cut.
type wire struct {
	listener net.Listener
	server   string
	mutex    sync.Mutex
	cut      bool
	open     []net.Conn
}

// through returns a DSN that leads through a wire to the server of another.
func through(t *testing.T, dsn string) (string, *wire) {
	t.Helper()
	address, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: listener, server: address.Host}
	t.Cleanup(func() { _ = listener.Close(); w.set(true) })
	go w.serve()
	address.Host = listener.Addr().String()
	return address.String(), w
}

func (w *wire) serve() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", w.server)
		w.mutex.Lock()
		if err != nil || w.cut {
			_ = near.Close()
		} else {
			w.open = append(w.open, near, far)
			go func() { _, _ = io.Copy(near, far) }()
			go func() { _, _ = io.Copy(far, near) }()
		}
		w.mutex.Unlock()
	}
}

func (w *wire) set(cut bool) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.cut = cut; cut {
		for _, conn := range w.open {
			_ = conn.Close()
		}
		w.open = nil
	}
}

func TestAReplicaThatCannotSeeTheDatabaseIsNotBelievedUntilItCan(t *testing.T) {
	dsn := testkit.PostgreSQL(t).Database(t)
	far, wire := through(t, dsn)
	follower := &listener{}
	replica, err := opened(t, embedded.Options{Store: reach(t, far), Key: ours, Follower: follower, Staleness: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	other, err := opened(t, embedded.Options{Store: reach(t, dsn), Key: ours, Follower: &listener{}})
	if err != nil {
		t.Fatal(err)
	}
	add(t, other, item(1, "seen"))
	await(t, func() bool { return follower.at() == 1 && replica.Fresh() == nil })
	wire.set(true)
	cut := time.Now()
	await(t, func() bool { return errors.Is(replica.Fresh(), embedded.ErrUnavailable) })
	if took := time.Since(cut); took > time.Second {
		t.Errorf("it was believed for %v", took)
	}
	if _, err := replica.Append(t.Context(), item(1, "lost")); !errors.Is(err, embedded.ErrUnavailable) {
		t.Errorf("appending gave %v", err)
	}
	add(t, other, item(1, "missed"))
	wire.set(false)
	await(t, func() bool { return replica.Fresh() == nil && follower.at() == 2 })
	add(t, replica, item(1, "again"))
	await(t, func() bool { return follower.at() == 3 })
	if got := fmt.Sprint(follower.bodies); got != "[seen missed again]" || follower.gap {
		t.Errorf("it saw %s", got)
	}
}
