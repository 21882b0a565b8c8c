package scaffold_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"

	"onelondon/examples/london"
	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/mysql"
	"onelondon/sources/postgres"
	"onelondon/sources/scaffold"
	"onelondon/sources/sqlsource"
)

// TestADatabaseServerIsDraftedLikeAFile drafts two systems in their real types from PostgreSQL and MariaDB, as a role that can only read, and
// holds the drafts to the floors of the files.
func TestADatabaseServerIsDraftedLikeAFile(t *testing.T) {
	population := london.Imagine(london.Options{People: 150})
	for i, s := range []subject{subjects()[0], subjects()[2]} {
		for j, dialect := range []seed.Dialect{seed.PostgreSQL, seed.MySQL} {
			if i != j && !testkit.Proving() {
				continue // each of the two on one server in the short form
			}
			dsn, open := filled(t, population, dialect, clinical.SourceID(s.database))
			source := openedWith(t, open, dsn, &mapping.Mapping{System: "unknown"})
			c, err := scaffold.Survey(t.Context(), source, scaffold.Options{})
			if err != nil {
				t.Fatal(err)
			}
			hand, err := os.ReadFile(filepath.Join(testkit.Root(t), "examples/london/mappings", s.file))
			if err != nil {
				t.Fatal(err)
			}
			draft := loaded(t, "draft.yaml", scaffold.Guess(c, "unknown", "Unknown").YAML())
			r := compared(loaded(t, s.file, hand), draft)
			hasNoFault(t, openedWith(t, open, dsn, draft))
			t.Logf("%s %s", dialect, r.row(s.file, ""))
			if !r.number || r.kindsFound < s.kinds || r.right < s.fields || r.joinsFound < s.joins {
				t.Errorf("%s on %s: %s\n%s", s.file, dialect, r.row("", ""), strings.Join(r.detail, "\n"))
			}
		}
	}
}

// opener is how a driver opens a database.
type opener func(context.Context, sqlsource.Options) (*sqlsource.Source, error)

// filled puts the people of a source into a new database, and returns how a role that can only read reaches it.
func filled(t *testing.T, population *london.Population, dialect seed.Dialect, id clinical.SourceID) (dsn string, open opener) {
	t.Helper()
	server, driver := testkit.PostgreSQL, "pgx"
	open = postgres.Open
	if dialect == seed.MySQL {
		server, driver, open = testkit.MariaDB, "mysql", mysql.Open
	}
	running := server(t)
	owner := running.Database(t)
	db, err := sql.Open(driver, owner)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := population.Fill(t.Context(), db, dialect, id); err != nil {
		t.Fatal(err)
	}
	return running.ReadOnly(t, owner), open
}

func openedWith(t *testing.T, open opener, dsn string, m *mapping.Mapping) *sqlsource.Source {
	t.Helper()
	source, err := open(t.Context(), sqlsource.Options{ID: "unknown", DSN: dsn, Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { source.Close() })
	return source
}

// hasNoFault holds a draft against its own database: what was guessed can be asked, and reads.
func hasNoFault(t *testing.T, source *sqlsource.Source) {
	t.Helper()
	for _, finding := range source.Check(t.Context(), sources.CheckOptions{}) {
		if finding.Severity == sources.Fault || strings.Contains(finding.Message, "cannot be read as records") {
			t.Errorf("%s in line %d: %s", finding.Severity, finding.Line, finding.Message)
		}
	}
}
