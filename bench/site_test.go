package bench_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"sync"
	"testing"

	_ "modernc.org/sqlite"

	"onelondon/examples/london/mappings"
	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/mysql"
	"onelondon/sources/postgres"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlsource"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// engine is one kind of database: how to make one to fill, how the product asks it, and how a plain program does.
type engine struct {
	name    string
	dialect seed.Dialect
	make    func(t testing.TB) (owner *sql.DB, reader string)
	open    func(ctx context.Context, options sqlsource.Options) (*sqlsource.Source, error)
	plain   func(t testing.TB, reader string) database
}

func engines() []engine {
	return []engine{
		{"PostgreSQL", seed.PostgreSQL, func(t testing.TB) (*sql.DB, string) {
			server := testkit.PostgreSQL(t)
			owner := server.Database(t)
			return connect(t, "pgx", owner), server.ReadOnly(t, owner)
		}, postgres.Open, plainPostgreSQL},
		{"SQLite", seed.SQLite, func(t testing.TB) (*sql.DB, string) {
			file := filepath.Join(t.TempDir(), "source.sqlite")
			return connect(t, "sqlite", "file:"+file+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)"), file
		}, sqlite.Open, plainSQLite},
		{"MariaDB", seed.MySQL, func(t testing.TB) (*sql.DB, string) {
			server := testkit.MariaDB(t)
			owner := server.Database(t)
			return connect(t, "mysql", owner), server.ReadOnly(t, owner)
		}, mysql.Open, plainMariaDB},
	}
}

func connect(t testing.TB, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// people is how many people each source holds where time is measured.
const people = 1000

// site is the four sources on one kind of database.
type site struct {
	entries []sources.Entry
	probes  map[clinical.SourceID]*probe
	readers map[clinical.SourceID]string
}

// build makes and fills the databases, and opens each as a reader through its mapping.
func build(t testing.TB, e engine, count int) *site {
	t.Helper()
	s := &site{probes: map[clinical.SourceID]*probe{}, readers: map[clinical.SourceID]string{}}
	for _, p := range places() {
		db, reader := e.make(t)
		p.fill(t, db, e.dialect, 0, count)
		s.add(p.open(t, e, p.id, reader))
		s.readers[clinical.SourceID(p.id)] = reader
	}
	return s
}

func (s *site) add(entry sources.Entry) {
	watched := &probe{Source: entry.Source.(*sqlsource.Source)}
	entry.Source = watched
	s.entries, s.probes[entry.ID] = append(s.entries, entry), watched
}

func (p place) fill(t testing.TB, db *sql.DB, dialect seed.Dialect, from, count int) {
	t.Helper()
	ctx := context.Background()
	writer, err := seed.Open(ctx, db, dialect, p.system)
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range places() {
		if err := writer.Organisation(ctx, other.organisation); err != nil {
			t.Fatal(err)
		}
	}
	for n := range count {
		if err := writer.Person(ctx, p.person(from+n)); err != nil {
			t.Fatalf("%s: %v", p.id, err)
		}
	}
	if err := writer.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if dialect == seed.PostgreSQL {
		// A server in use does so by itself within a minute; without it plans are made blindly.
		if _, err := db.ExecContext(ctx, "ANALYZE"); err != nil {
			t.Fatal(err)
		}
	}
}

func (p place) open(t testing.TB, e engine, id, reader string) sources.Entry {
	t.Helper()
	data, err := mappings.Files.ReadFile(string(p.system) + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var parameters map[string]string
	if p.organisation.Trust {
		parameters = map[string]string{"organisation": p.organisation.Code, "organisation_name": p.organisation.Name}
	}
	loaded, err := mapping.Load(string(p.system)+".yaml", data, parameters)
	if err != nil {
		t.Fatal(err)
	}
	source, err := e.open(context.Background(), sqlsource.Options{ID: clinical.SourceID(id), DSN: reader, Mapping: loaded})
	if err != nil {
		t.Fatal(err)
	}
	spec := sources.Spec{ID: clinical.SourceID(id), Name: id, System: string(p.system), Organisation: clinical.Text(parameters["organisation"])}
	for _, kind := range clinical.Kinds() {
		if len(loaded.Records[kind]) > 0 {
			spec.Kinds = append(spec.Kinds, kind)
		}
	}
	return sources.Entry{Source: source, Spec: spec}
}

// strangers adds SQLite sources of the same shapes that hold other people: files of twenty people each, copied.
func (s *site) strangers(t testing.TB, count int) {
	t.Helper()
	e, folder := engines()[1], t.TempDir()
	originals := map[string][]byte{}
	for i := range count {
		p := places()[i%len(places())]
		if originals[p.id] == nil {
			db, file := e.make(t)
			p.fill(t, db, e.dialect, people, 20)
			_ = db.Close()
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			originals[p.id] = content
		}
		id := p.id + "-" + string(rune('a'+i/100)) + string(rune('a'+i/10%10)) + string(rune('a'+i%10))
		file := filepath.Join(folder, id+".sqlite")
		if err := os.WriteFile(file, originals[p.id], 0o600); err != nil {
			t.Fatal(err)
		}
		s.add(p.open(t, e, id, file))
	}
}

// probe is a source that remembers what it was last asked, and counts round trips.
type probe struct {
	*sqlsource.Source
	mu    sync.Mutex
	asked sources.Query
	calls int
	trips int
	rows  int
}

// Fetch asks the source and takes note.
func (p *probe) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	answer, err := p.Source.Fetch(ctx, query)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = query
	p.calls++
	p.trips += answer.RoundTrips
	for i := range answer.Parts {
		p.rows += len(answer.Parts[i].Records)
	}
	return answer, err
}
