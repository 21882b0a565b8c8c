package testkit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"time"
)

const (
	owner    = "owner"
	password = "onelondon"

	startLimit = 30 * time.Second
	adminLimit = 30 * time.Second
)

// errNotInstalled says that a server's programs are not on this machine.
var errNotInstalled = errors.New("not installed")

// engine is what differs between kinds of server.
type engine struct {
	name       string
	driver     string              // of database/sql
	accounts   []string            // whom to run as when the tests run as root, best first
	version    []string            // command that prints the version
	files      map[string]string   // put beside the data folder before it is initialised
	initialise func(home) []string // command that makes the data folder
	serve      func(home, int) []string
	stopSignal string
	dsn        func(port int, user, database string) string
	database   func(dsn string) (string, error)
	whose      string // query that answers the data folder of the server asked
	admin      string // database that is always there
	create     func(database, reader string) []string
	prepare    func(reader string) []string // run inside the new database
	drop       func(database, reader string) []string
}

// Server is a private database server on 127.0.0.1, shared by all tests of one
// process. It is safe for concurrent use.
type Server struct {
	engine    engine
	port      int
	keeper    *keeper
	admin     *sql.DB
	databases atomic.Int64
}

// Database creates an empty database and returns the DSN of its owner: for
// PostgreSQL a URL as pgx takes it, for MariaDB a DSN of go-sql-driver/mysql
// that ends in parameters, so that "&name=value" adds one. The database is
// dropped when the test ends.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	// No underscore in the name: MariaDB's GRANT reads it as a wildcard.
	database := fmt.Sprintf("test%d", s.databases.Add(1))
	reader := readerOf(database)
	if err := run(s.admin, s.engine.create(database, reader)); err != nil {
		t.Fatalf("creating a %s database: %v", s.engine.name, err)
	}
	t.Cleanup(func() {
		if err := run(s.admin, s.engine.drop(database, reader)); err != nil {
			t.Errorf("dropping a %s database: %v", s.engine.name, err)
		}
	})
	dsn := s.engine.dsn(s.port, owner, database)
	if err := s.runIn(dsn, s.engine.prepare(reader)); err != nil {
		t.Fatalf("preparing a %s database: %v", s.engine.name, err)
	}
	return dsn
}

// ReadOnly returns the DSN of a login that can only SELECT, and only in the
// database whose owner's DSN is given; tables made later are included.
func (s *Server) ReadOnly(t testing.TB, ownerDSN string) string {
	t.Helper()
	database, err := s.engine.database(ownerDSN)
	if err != nil {
		t.Fatalf("reading a %s DSN: %v", s.engine.name, err)
	}
	return s.engine.dsn(s.port, readerOf(database), database)
}

func readerOf(database string) string { return database + "reader" }

func (s *Server) runIn(dsn string, statements []string) error {
	if len(statements) == 0 {
		return nil
	}
	db, err := sql.Open(s.engine.driver, dsn)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	defer db.Close()
	return run(db, statements)
}

func run(db *sql.DB, statements []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), adminLimit)
	defer cancel()
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

func (s *shared) start(t testing.TB, find func() (engine, error)) *Server {
	t.Helper()
	s.once.Do(func() { s.server, s.err = startServer(find) })
	switch {
	case errors.Is(s.err, errNotInstalled):
		NotRun(t, s.err.Error())
	case s.err != nil:
		t.Fatalf("starting a database server: %v", s.err)
	}
	return s.server
}

func startServer(find func() (engine, error)) (*Server, error) {
	engine, err := find()
	if err != nil {
		return nil, err
	}
	template, err := makeTemplate(engine)
	if err != nil {
		return nil, fmt.Errorf("initialise %s: %w", engine.name, err)
	}
	// Between choosing a free port and listening on it somebody else may take it.
	const attempts = 3
	for range attempts {
		var server *Server
		if server, err = startOn(engine, template); err == nil {
			return server, nil
		}
	}
	return nil, fmt.Errorf("start %s: %w", engine.name, err)
}

func startOn(engine engine, template template) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	home, err := template.copy()
	if err != nil {
		return nil, err
	}
	keeper, err := keep(template.account, home, engine.stopSignal, engine.serve(home, port))
	if err != nil {
		return nil, err
	}
	admin, err := sql.Open(engine.driver, engine.dsn(port, owner, engine.admin))
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	server := &Server{engine: engine, port: port, keeper: keeper, admin: admin}
	if err := server.waitUntilReady(home); err != nil {
		server.stop()
		return nil, err
	}
	return server, nil
}

func (s *Server) waitUntilReady(home home) error {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	for {
		if s.answersFrom(ctx, home) {
			return nil
		}
		select {
		case <-s.keeper.ended:
			return fmt.Errorf("the server ended: %s", s.keeper.lastWords())
		case <-ctx.Done():
			return fmt.Errorf("no answer in %s: %s", startLimit, s.keeper.lastWords())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// answersFrom reports whether our own server answers: one that belongs to
// another test process may have the port.
func (s *Server) answersFrom(ctx context.Context, home home) bool {
	var data string
	err := s.admin.QueryRowContext(ctx, s.engine.whose).Scan(&data)
	return err == nil && samePath(data, home.data())
}

func (s *Server) stop() {
	s.admin.Close()
	s.keeper.stop()
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
