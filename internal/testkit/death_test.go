package testkit_test

import (
	"bufio"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"onelondon/internal/testkit"
)

// A killed process runs no clean-up of its own, so this holds for every other
// end as well: a failed test, a panic, a time limit, an interrupt.
func TestAServerEndsWithAProcessThatIsKilled(t *testing.T) {
	const inner = "INNER_OF_KILLED"
	for _, kind := range []struct {
		name, driver, folder string
		start                func(testing.TB) *testkit.Server
	}{
		{"PostgreSQL", "pgx", "SHOW data_directory", testkit.PostgreSQL},
		{"MariaDB", "mysql", "SELECT @@datadir", testkit.MariaDB},
	} {
		t.Run(kind.name, func(t *testing.T) {
			kind.start(t) // where it cannot start here, there is nothing to kill
			if os.Getenv(inner) != "" {
				os.Stdout.WriteString("DSN " + kind.start(t).Database(t) + "\n")
				select {}
			}
			process, dsn := startInner(t, t.Name(), inner)
			folder := ask(t, kind.driver, dsn, kind.folder)
			if err := process.Kill(); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the server's folder is gone", func() bool {
				_, err := os.Stat(folder)
				return errors.Is(err, os.ErrNotExist)
			})
			if err := open(t, kind.driver, dsn).Ping(); err == nil {
				t.Error("the server still answers")
			}
		})
	}
}

// startInner runs one test in a process of its own until it prints its DSN.
func startInner(t *testing.T, test, variable string) (*os.Process, string) {
	t.Helper()
	pattern := "^" + strings.ReplaceAll(test, "/", "$/^") + "$"
	command := exec.Command(os.Args[0], "-test.run="+pattern)
	command.Env = append(os.Environ(), variable+"=yes")
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if dsn, found := strings.CutPrefix(lines.Text(), "DSN "); found {
			return command.Process, dsn
		}
	}
	t.Fatal("the inner test printed no DSN")
	return nil, ""
}

func ask(t *testing.T, driver, dsn, query string) string {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var answer string
	if err := db.QueryRow(query).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		if holds() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("never: %s", what)
}
