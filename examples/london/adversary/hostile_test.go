package adversary_test

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/sqlsource"
)

// short is the hostile source's deadline, and slack what an answer may take beyond it: a busy machine needs much, but far less
// than any of the hostile sources would take if it were waited for.
const (
	short = 2 * time.Second
	slack = 10 * time.Second
)

// hostility is one way of being a bad source. It is done to the PAS after it was opened and listed.
type hostility struct {
	name    string
	engines []string // empty for all
	does    func(t *testing.T, d database)
	outcome string // what every line of the source must say
}

func hostilities() []hostility {
	return []hostility{
		{"slow", nil, func(t *testing.T, d database) { d.behind(t, "Spells", d.forever()) }, "TIMED_OUT"},
		{"of ten million rows", nil, func(t *testing.T, d database) { d.floods(t) }, "TIMED_OUT"},
		{"without a column it had", nil, func(t *testing.T, d database) {
			d.do(t, "ALTER TABLE "+d.quoted("Spells")+" DROP COLUMN "+d.quoted("ADMISSION_DTTM"))
		}, "FAILED"},
		{"without a table it had", nil, func(t *testing.T, d database) {
			d.do(t, "ALTER TABLE "+d.quoted("Episodes")+" RENAME TO "+d.quoted("Canary"))
		}, "FAILED"},
		{"overwritten with rubbish", []string{"sqlite"}, func(t *testing.T, d database) {
			if err := os.WriteFile(d.Reader, []byte(strings.Repeat("Canary of rubbish. ", 10_000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "FAILED"},
		{"that no longer lets us read", []string{"postgres"}, func(t *testing.T, d database) {
			d.do(t, `REVOKE SELECT ON "Spells" FROM `+reader(t, d))
		}, "FAILED"},
		{"whose errors quote the record", []string{"postgres"}, func(t *testing.T, d database) {
			d.do(t, `CREATE FUNCTION quote(t text) RETURNS text LANGUAGE plpgsql VOLATILE AS
				$$ BEGIN RAISE EXCEPTION 'Canary % of 999 200 0007', t; END $$`)
			d.behind(t, "Spells", `quote("PAS_ID") IS NOT NULL`)
		}, "FAILED"},
		{"whose errors look like a missing table's", []string{"postgres"}, func(t *testing.T, d database) {
			d.do(t, `CREATE FUNCTION quote(t text) RETURNS text LANGUAGE plpgsql VOLATILE AS
				$$ BEGIN RAISE EXCEPTION 'Canary % of 999 200 0007', t USING ERRCODE = '42P01'; END $$`)
			d.behind(t, "Spells", `quote("PAS_ID") IS NOT NULL`)
		}, "FAILED"},
		{"that writes while it is read", []string{"postgres"}, func(t *testing.T, d database) {
			d.do(t, `CREATE TABLE written (t text)`, `GRANT ALL ON written TO PUBLIC`,
				`CREATE FUNCTION note(t text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS
				$$ BEGIN INSERT INTO written VALUES (t); RETURN true; END $$`)
			d.behind(t, "Spells", `note("PAS_ID")`)
			t.Cleanup(func() {
				var rows int
				if err := d.DB.QueryRow(`SELECT COUNT(*) FROM written`).Scan(&rows); err != nil || rows > 0 {
					t.Errorf("%d rows were written (%v)", rows, err)
				}
			})
		}, "FAILED"},
	}
}

// behind puts a view in the place of a table: the same rows, where a condition holds.
func (d database) behind(t *testing.T, table, condition string) {
	t.Helper()
	d.do(t, "ALTER TABLE "+d.quoted(table)+" RENAME TO "+d.quoted(table+"Kept"),
		"CREATE VIEW "+d.quoted(table)+" AS SELECT * FROM "+d.quoted(table+"Kept")+" WHERE "+condition)
}

// forever is a condition that takes minutes to find true.
func (d database) forever() string {
	switch d.Name {
	case "postgres":
		return "(SELECT pg_sleep(120)) IS NOT NULL"
	case "mariadb":
		return "SLEEP(120) = 0"
	}
	return "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100000000000) SELECT MAX(n) FROM c) > 0"
}

// floods gives every row of the table ten million times, each time with another key.
func (d database) floods(t *testing.T) {
	t.Helper()
	many := map[string]string{"postgres": "generate_series(1, 10000000) AS c(n)", "mariadb": "seq_1_to_10000000 AS c",
		"sqlite": "(WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 10000000) SELECT n FROM r) AS c"}[d.Name]
	key, columns := "CAST(c.n AS TEXT)", []string{}
	if d.Name == "mariadb" {
		key = "CAST(c.seq AS CHAR)"
	}
	rows, err := d.DB.QueryContext(t.Context(), "SELECT * FROM "+d.quoted("Spells")+" WHERE 1 = 0")
	if err != nil {
		t.Fatal(err)
	}
	names, err := rows.Columns()
	if err != nil || rows.Close() != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if name == "EXTERNAL_ID" {
			columns = append(columns, key+" AS "+d.quoted(name))
		} else {
			columns = append(columns, "k."+d.quoted(name))
		}
	}
	d.do(t, "ALTER TABLE "+d.quoted("Spells")+" RENAME TO "+d.quoted("SpellsKept"), "CREATE VIEW "+d.quoted("Spells")+" AS SELECT "+
		strings.Join(columns, ", ")+" FROM "+d.quoted("SpellsKept")+" AS k CROSS JOIN "+many)
}

// reader is the name of the role that only reads.
func reader(t *testing.T, d database) string {
	t.Helper()
	_, rest, found := strings.Cut(d.Reader, "//")
	name, _, colon := strings.Cut(rest, ":")
	if !found || !colon {
		t.Fatal("the reader's DSN names no user")
	}
	return name
}

// hurried gives the PAS its short deadline.
func hurried(id clinical.SourceID, spec *sources.Spec, options *sqlsource.Options) {
	if id == pas {
		spec.Deadline, options.StatementTimeout = short, 2*short // as the binary sets them
	}
}

// A source that is slow, broken or lying costs its own line in the answer and nothing else.
func TestAHostileSourceCostsItsOwnLineAndNothingElse(t *testing.T) {
	t.Parallel()
	population := people(nil)
	london := build(t, population)
	open := london.open(t)
	healthy, _ := chart(t, open, open.Token(t, trial.GP(heroinesPractice)), london.cast.Heroine.NHSNumber)
	want := healthy.held()
	for _, e := range trial.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			for _, h := range hostilities() {
				if len(h.engines) > 0 && !slices.Contains(h.engines, e.Name) {
					continue
				}
				t.Run(h.name, func(t *testing.T) {
					t.Parallel()
					here := london.with(pas, database{})
					there := here.fill(t, population, pas, e)
					house := here.open(t, hurried)
					token := house.Token(t, trial.GP(heroinesPractice))
					recovers(t, house, token, here.cast.Heroine.NHSNumber, want) // nothing has happened yet
					h.does(t, there)
					suffer(t, house, token, here.cast.Heroine.NHSNumber, want, h.outcome)
				})
			}
		})
	}
}

// suffer asks while the PAS is hostile: everything of the healthy sources is there, soon, and the PAS's lines tell.
func suffer(t *testing.T, house *trial.House, token string, number clinical.NHSNumber, want map[clinical.SourceID][]string, outcome string) {
	t.Helper()
	before := allocated()
	begun := time.Now()
	got, reply := chart(t, house, token, number)
	if took := time.Since(begun); took > short+slack {
		t.Errorf("the answer took %v", took)
	}
	if used := allocated() - before; used > 512<<20 { // ten million rows are several gigabytes; other tests run beside
		t.Errorf("the answer cost %d MiB", used>>20)
	}
	held := got.held()
	for _, id := range []clinical.SourceID{emis, systmOne, barts} {
		if !cmp.Equal(held[id], want[id]) {
			t.Errorf("%s:\n%s", id, cmp.Diff(want[id], held[id]))
		}
		if lines := got.outcomes(id); slices.ContainsFunc(lines, func(o string) bool { return o != "ANSWERED" && o != "NOTHING" }) {
			t.Errorf("%s says %v", id, lines)
		}
	}
	if lines := got.outcomes(pas); !slices.Equal(lines, []string{outcome}) {
		t.Errorf("the hostile source's lines say %v, want %s alone", lines, outcome)
	}
	if n := len(held[pas]); n > 0 {
		t.Errorf("%d records of the hostile source are shown", n)
	}
	silent(t, reply, house.Logs)
}

// codes are all that a log may hold of what a database said: the attribute whole, in one of the closed forms of
// sources.WithCode.
var codes = regexp.MustCompile(`"code":"(?:SQLSTATE [0-9A-Z]{5}|MySQL [0-9]{1,5}|SQLite [0-9]{1,5})"`)

// silent finds nothing of a database's own words in an answer or a log. Outside a log's code, "sqlstate" is the end of a
// driver's sentence.
func silent(t *testing.T, reply trial.Reply, logs *testkit.LogBuffer) {
	t.Helper()
	logged := codes.ReplaceAllString(logs.String(), "")
	for where, text := range map[string]string{"the answer": reply.Body, "a header": fmt.Sprint(reply.Header), "the log": logged} {
		text = strings.ToLower(text)
		for _, word := range []string{"canary", "999 200 0007", "spells", "admission_dttm", "episodes", "sqlstate", "no such", "does not exist",
			"syntax", "pg_sleep", "select ", "password", "127.0.0.1"} {
			if strings.Contains(text, word) {
				t.Errorf("%s holds %q", where, word)
			}
		}
	}
}

// allocated is how much memory was taken from the heap since the process began, given back or not.
func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}
