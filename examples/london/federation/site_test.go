package federation_test

import (
	"context"
	"database/sql"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"onelondon/examples/london/mappings"
	"onelondon/examples/london/seed"
	"onelondon/graph/executor"
	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/internal/server"
	"onelondon/internal/testkit"
	"onelondon/policy"
	"onelondon/resolvers"
	"onelondon/sources"
	"onelondon/sources/locator"
	"onelondon/sources/mapping"
	"onelondon/sources/mysql"
	"onelondon/sources/postgres"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlsource"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// engine is one kind of database server: how to make a database to fill, and how to ask it with the rights of a reader.
type engine struct {
	name    string
	dialect seed.Dialect
	make    func(t *testing.T) (db *sql.DB, reader string)
	open    func(ctx context.Context, options sqlsource.Options) (*sqlsource.Source, error)
}

func engines() []engine {
	return []engine{
		{"sqlite", seed.SQLite, func(t *testing.T) (*sql.DB, string) {
			file := filepath.Join(t.TempDir(), "source.sqlite")
			return connect(t, "sqlite", "file:"+file+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)"), file
		}, sqlite.Open},
		{"postgres", seed.PostgreSQL, func(t *testing.T) (*sql.DB, string) {
			server := testkit.PostgreSQL(t)
			owner := server.Database(t)
			return connect(t, "pgx", owner), server.ReadOnly(t, owner)
		}, postgres.Open},
		{"mariadb", seed.MySQL, func(t *testing.T) (*sql.DB, string) {
			server := testkit.MariaDB(t)
			owner := server.Database(t)
			return connect(t, "mysql", owner), server.ReadOnly(t, owner)
		}, mysql.Open},
	}
}

func connect(t *testing.T, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func loadMapping(t *testing.T, system seed.System, parameters map[string]string) *mapping.Mapping {
	t.Helper()
	name := string(system) + ".yaml"
	data, err := mappings.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := mapping.Load(name, data, parameters)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// house is the whole product over some sources: everything but the binary.
type house struct {
	handler http.Handler
	issuer  *auth.Issuer
	ledger  *audit.Ledger
}

// newHouse wires the product as the binary does: the policy that ships, a register and a ledger on disk, the index of who is
// where built from the sources, and the HTTP server.
func newHouse(t *testing.T, entries []sources.Entry) *house {
	t.Helper()
	ctx, dir, key := context.Background(), t.TempDir(), audit.Key{1, 2, 3}
	log, _ := testkit.Logs(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	rules, err := policy.Open(ctx, policy.Embedded(), policy.Options{})
	must(err)
	register, err := consent.Open(ctx, filepath.Join(dir, "consent.sqlite"), key, log)
	must(err)
	t.Cleanup(func() { _ = register.Close() })
	ledger, err := audit.Open(ctx, filepath.Join(dir, "ledger.sqlite"), key, log)
	must(err)
	t.Cleanup(func() { _ = ledger.Close() })
	index := locator.New(key, log)
	for _, entry := range entries {
		must(index.Refresh(ctx, entry.ID, entry.Source.(sources.Lister)))
	}
	catalogue, err := sources.NewCatalogue(log, entries...)
	must(err)
	t.Cleanup(func() { _ = catalogue.Close() })
	g, err := gate.New(gate.Options{Policy: rules, Register: register, Ledger: ledger, Locator: index, Catalogue: catalogue,
		Log: log, Deadline: 30 * time.Second})
	must(err)
	issuer, err := auth.NewIssuer("https://identity.example", "onelondon")
	must(err)
	verifier, err := auth.NewVerifier(ctx, auth.Options{Issuer: "https://identity.example", Audience: "onelondon",
		Keys: func(context.Context) ([]byte, error) { return issuer.Keys() }})
	must(err)
	s, err := server.New(server.Options{Schema: executor.New(resolvers.New(g)), Verifier: verifier, Log: log})
	must(err)
	return &house{handler: s.Handler(), issuer: issuer, ledger: ledger}
}

// fill makes a database for each system, writes its people, and opens it as a reader through its mapping.
func fill(t *testing.T, e engine, s *split) []sources.Entry {
	t.Helper()
	ctx := context.Background()
	var entries []sources.Entry
	for _, id := range []string{emis, tpp, barts, bhrut, compass} {
		db, reader := e.make(t)
		writer, err := seed.Open(ctx, db, e.dialect, systems[id])
		if err != nil {
			t.Fatal(err)
		}
		for _, holders := range organisations {
			for _, organisation := range holders {
				if err := writer.Organisation(ctx, organisation); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, person := range s.people[id] {
			if err := writer.Person(ctx, person); err != nil {
				t.Fatalf("%s: %v", id, err)
			}
		}
		if err := writer.Close(ctx); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, open(t, e, id, systems[id], reader, parametersOf(id)))
	}
	return entries
}

func parametersOf(id string) map[string]string {
	if id != barts && id != bhrut {
		return nil
	}
	return map[string]string{"organisation": organisations[id][0].Code, "organisation_name": organisations[id][0].Name}
}

func open(t *testing.T, e engine, id string, system seed.System, reader string, parameters map[string]string) sources.Entry {
	t.Helper()
	source, err := e.open(context.Background(), sqlsource.Options{ID: clinical.SourceID(id), DSN: reader,
		Mapping: loadMapping(t, system, parameters)})
	if err != nil {
		t.Fatal(err)
	}
	return sources.Entry{Source: source, Spec: sources.Spec{ID: clinical.SourceID(id), Name: id, System: string(system),
		Deadline: 20 * time.Second, Organisation: clinical.Text(parameters["organisation"])}}
}
