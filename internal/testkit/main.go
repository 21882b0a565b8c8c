package testkit

import (
	"os"
	"sync"
	"testing"
)

// process holds the servers of this test process. A server costs a second, so
// all tests of a process share one; a test keeps apart by having its own database.
var process struct {
	postgreSQL, mariaDB shared
	hapi                hapi
	ehrbase             ehrbase
}

// shared is a server that starts at most once.
type shared struct {
	once   sync.Once
	server *Server
	err    error
}

// Main runs the tests of a package, waits until the servers they started have
// ended and their folders are gone, and exits. A package that starts servers
// calls it from TestMain; without it they end a moment after the process does.
func Main(m *testing.M) {
	code := m.Run()
	process.ehrbase.stop() // before its database
	for _, each := range []*shared{&process.postgreSQL, &process.mariaDB} {
		if each.server != nil {
			each.server.stop()
		}
	}
	process.hapi.stop()
	os.Exit(code)
}

// PostgreSQL returns this process's PostgreSQL server, starting it if need be.
// Durability is off; everything else is as the distribution has it, with the
// linguistic collation (ICU en-GB) that real servers sort by. Where PostgreSQL
// is not installed the test is [NotRun].
func PostgreSQL(t testing.TB) *Server {
	t.Helper()
	return process.postgreSQL.start(t, findPostgreSQL)
}

// MariaDB returns this process's MariaDB server, starting it if need be.
// Durability is off; the collation is Debian's own, utf8mb4_general_ci, which
// takes "A" and "a" for the same on purpose. Where MariaDB is not installed the
// test is [NotRun].
func MariaDB(t testing.TB) *Server {
	t.Helper()
	return process.mariaDB.start(t, findMariaDB)
}
