package embedded_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"onelondon/internal/embedded"
	"onelondon/internal/embedded/postgres"
	"onelondon/internal/testkit"
)

// site is one place for a log, which every store must keep alike.
type site struct {
	open   func(key embedded.Key, follower embedded.Follower) (*embedded.Log, error)
	meddle func(statements ...string) // on the tables entry, head and origin, past what guards them
}

// everyStore runs a test on each kind of store.
func everyStore(t *testing.T, test func(t *testing.T, s site)) {
	t.Run("SQLite", func(t *testing.T) { test(t, inFile(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, inDatabase(t)) })
}

func inFile(t *testing.T) site {
	path := filepath.Join(t.TempDir(), "log")
	return site{
		open: func(key embedded.Key, follower embedded.Follower) (*embedded.Log, error) {
			return opened(t, embedded.Options{Path: path, Key: key, Follower: follower})
		},
		meddle: func(statements ...string) {
			execute(t, "sqlite", "file:"+path, append([]string{"DROP TRIGGER IF EXISTS entry_stays", "DROP TRIGGER IF EXISTS entry_remains"},
				statements...))
		},
	}
}

func inDatabase(t *testing.T) site {
	dsn := testkit.PostgreSQL(t).Database(t)
	return site{
		open: func(key embedded.Key, follower embedded.Follower) (*embedded.Log, error) {
			return opened(t, embedded.Options{Store: reach(t, dsn), Key: key, Follower: follower})
		},
		meddle: func(statements ...string) {
			all := []string{"DROP TRIGGER IF EXISTS log_entry_stays ON log_entry"}
			for _, statement := range statements {
				for _, table := range []string{"entry", "head", "origin"} {
					statement = strings.ReplaceAll(statement, " "+table, " log_"+table)
				}
				all = append(all, statement)
			}
			execute(t, "pgx", dsn, all)
		},
	}
}

func opened(t *testing.T, options embedded.Options) (*embedded.Log, error) {
	options.Purpose, options.Log = "test", slog.New(slog.DiscardHandler)
	log, err := embedded.Open(t.Context(), options)
	if err == nil {
		t.Cleanup(func() { _ = log.Close() })
	}
	return log, err
}

func reach(t *testing.T, dsn string) embedded.Store {
	t.Helper()
	store, err := postgres.Open(t.Context(), postgres.Options{DSN: dsn, Create: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func execute(t *testing.T, driver, dsn string, statements []string) {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

var ours = embedded.Key{1}

func must(t *testing.T, s site, follower embedded.Follower) *embedded.Log {
	t.Helper()
	log, err := s.open(ours, follower)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func add(t *testing.T, log *embedded.Log, items ...embedded.Item) []embedded.Receipt {
	t.Helper()
	receipts, err := log.Append(t.Context(), items...)
	if err != nil {
		t.Fatal(err)
	}
	return receipts
}

func item(person byte, body string) embedded.Item {
	if person == 0 {
		return embedded.Item{Body: []byte(body)}
	}
	return embedded.Item{Person: embedded.Person{person}, Body: []byte(body)}
}

func TestEveryStoreGivesBackWhatWasAppendedInOrder(t *testing.T) {
	everyStore(t, func(t *testing.T, s site) {
		const callers, each = 8, 50
		live := &listener{}
		log := must(t, s, live)
		var group sync.WaitGroup
		for caller := range callers {
			group.Go(func() {
				for i := range each {
					if _, err := log.Append(context.Background(), item(byte(caller), fmt.Sprintf("%d-%d", caller, i))); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		later := &listener{}
		log = must(t, s, later)
		if got, want := strings.Join(later.bodies, " "), strings.Join(live.bodies, " "); got != want || len(later.bodies) != callers*each ||
			live.gap || later.gap || !later.believed {
			t.Errorf("live %d rows, at opening %d", len(live.bodies), len(later.bodies))
		}
		rows, err := log.Read(t.Context(), embedded.Query{Person: embedded.Person{3}, Limit: 2})
		if err != nil || len(rows) != 2 || string(rows[0].Body) != "3-0" || string(rows[1].Body) != "3-1" {
			t.Errorf("one person's rows: %v (%v)", rows, err)
		}
		rows, err = log.Read(t.Context(), embedded.Query{NewestFirst: true, After: 400})
		if err != nil || len(rows) != 399 || rows[0].Sequence != 399 || string(rows[398].Body) != live.bodies[0] {
			t.Errorf("newest first: %d rows (%v)", len(rows), err)
		}
		rows, err = log.Read(t.Context(), embedded.Query{After: 398})
		if err != nil || len(rows) != 2 || rows[1].Sequence != 400 {
			t.Errorf("the end: %d rows (%v)", len(rows), err)
		}
	})
}

func TestEveryStoreKeepsAStreamWholeOrNotAtAll(t *testing.T) {
	everyStore(t, func(t *testing.T, s site) {
		follower, broken := &listener{}, errors.New("line 2000 is bad")
		log := must(t, s, follower)
		add(t, log, item(1, "before"))
		give := func(count int, end error) embedded.Stream {
			return func(yield func(embedded.Item) error) error {
				for i := range count {
					if err := yield(item(2, fmt.Sprint(i))); err != nil {
						return err
					}
				}
				return end
			}
		}
		if _, _, err := log.AppendStream(t.Context(), give(2000, broken)); err != broken {
			t.Errorf("a stream that broke gave %v", err)
		}
		first, last, err := log.AppendStream(t.Context(), give(2500, nil))
		if err != nil || first.Sequence != 2 || last.Sequence != 2501 {
			t.Errorf("from %d to %d (%v)", first.Sequence, last.Sequence, err)
		}
		if first, last, err := log.AppendStream(t.Context(), give(0, nil)); err != nil || first.Sequence != 0 || last.Sequence != 0 {
			t.Errorf("an empty stream: %v, %v (%v)", first, last, err)
		}
		ended, leave := context.WithCancel(t.Context())
		leave()
		if _, _, err := log.AppendStream(ended, give(10, nil)); !errors.Is(err, embedded.ErrUnavailable) {
			t.Errorf("a stream whose caller has left gave %v", err)
		}
		add(t, log, item(1, "after"))
		if follower.last != 2502 || follower.gap || follower.bodies[2501] != "after" || !follower.believed {
			t.Errorf("the follower is at %d, gap %v", follower.last, follower.gap)
		}
		if report, err := log.Verify(t.Context(), first, last); err != nil || !report.Intact() || report.Entries != 2502 {
			t.Errorf("report %+v (%v)", report, err)
		}
	})
}

func TestNoStoreIsBelievedThatWasMeddledWith(t *testing.T) {
	for _, c := range []struct{ name, do string }{
		{"a row deleted", "DELETE FROM entry WHERE sequence = 2"},
		{"the last row deleted", "DELETE FROM entry WHERE sequence = 3"},
		{"every row deleted", "DELETE FROM entry"},
		{"a row given to nobody", "UPDATE entry SET person = NULL WHERE sequence = 2"},
		{"a row swapped for an older one", "UPDATE entry SET body = (SELECT body FROM entry WHERE sequence = 1) WHERE sequence = 2"},
		{"a row put in", "INSERT INTO entry SELECT 4, person, body, hash FROM entry WHERE sequence = 3"},
		{"the head moved back", "UPDATE head SET sequence = 2, hash = (SELECT hash FROM entry WHERE sequence = 2)"},
		{"the head gone", "DELETE FROM head"},
	} {
		t.Run(c.name, func(t *testing.T) {
			everyStore(t, func(t *testing.T, s site) {
				log := must(t, s, nil)
				for n := range byte(3) {
					add(t, log, item(n+1, fmt.Sprint(n)))
				}
				if err := log.Close(); err != nil {
					t.Fatal(err)
				}
				s.meddle(c.do)
				if _, err := s.open(ours, &listener{}); !errors.Is(err, embedded.ErrBroken) {
					t.Errorf("opening it gave %v", err)
				}
			})
		})
	}
}

func TestEveryStoreOpensForItsOwnKeyAndIsBornOnce(t *testing.T) {
	everyStore(t, func(t *testing.T, s site) {
		log := must(t, s, nil)
		add(t, log, item(1, "kept"))
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := s.open(embedded.Key{9}, nil); !errors.Is(err, embedded.ErrKey) {
			t.Errorf("another key gave %v", err)
		}
		s.meddle("DELETE FROM entry", "DELETE FROM head", "DELETE FROM origin")
		if _, err := s.open(ours, nil); err == nil {
			t.Error("a log that was emptied was born again")
		}
	})
}
