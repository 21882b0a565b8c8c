package equivalence_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sqlsource"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// source is the one source in which all records lie, and person the one person whose they are.
const source = clinical.SourceID("proof")

func person() clinical.NHSNumber {
	number, err := clinical.ParseNHSNumber("9434765919")
	if err != nil {
		panic(err) // a constant
	}
	return number
}

// texts are the columns of the one table of records; labels are columns beside them.
func texts() []string {
	return []string{"id", "kind", "org", "publisher", "system0", "code0", "system1", "code1", "status", "happened"}
}

// mappingYAML reads every kind of record from the same table.
func mappingYAML() string {
	var b strings.Builder
	b.WriteString("system: proof\ntitle: One table of every kind of record\nperson:\n  from: Person as p\n  nhs_number: p.number\n" +
		"  organisation: {code: p.org}\nrecords:\n")
	for _, kind := range clinical.Kinds() {
		fmt.Fprintf(&b, "  %s:\n    - from: Record as r\n      person: p.local = r.local\n      where: r.kind = '%s'\n      id: r.id\n"+
			"      organisation: {code: r.org}\n      labels: {", kind, kind)
		for i, label := range clinical.Labels() {
			fmt.Fprintf(&b, "%s%s: r.%s", map[bool]string{true: ", "}[i > 0], label, label)
		}
		fmt.Fprintf(&b, "}\n      fields:\n        date: {from: r.happened, type: iso}\n        publisher: r.publisher\n        status: %s\n"+
			"        code: {codings: [{system: %s, code: r.code0}, {system: %s, code: r.code1}]}\n",
			words("status", clinical.Statuses()), words("system0", clinical.CodeSystems()), words("system1", clinical.CodeSystems()))
	}
	return b.String()
}

// words takes each word of a column for itself, and any other for none.
func words[W ~string](column string, all []W) string {
	pairs := make([]string, len(all))
	for i, word := range all {
		pairs[i] = fmt.Sprintf("%q: %s", word, word)
	}
	return fmt.Sprintf("{from: r.%s, values: {%s}}", column, strings.Join(pairs, ", "))
}

// engine is a database that holds the rows.
type engine struct {
	name string
	sources.Source
}

// engines loads the rows into every kind of database that there is a driver for.
func engines(t *testing.T, rows []row) []engine {
	t.Helper()
	m, err := mapping.Load("proof.yaml", []byte(mappingYAML()), nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []engine
	for _, kind := range trial.Engines() {
		made := kind.Make(t)
		load(t, kind.Name, made.DB, rows)
		opened, err := kind.Open(t.Context(), sqlsource.Options{ID: source, DSN: made.Reader, Mapping: m})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = opened.Close() })
		all = append(all, engine{kind.Name, opened})
	}
	return all
}

func load(t *testing.T, engine string, db *sql.DB, rows []row) {
	t.Helper()
	quote, text := `"`, map[string]string{"sqlite": "TEXT COLLATE NOCASE", "postgres": "TEXT",
		"mariadb": "VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"}[engine]
	if engine == "mariadb" {
		quote = "`"
	}
	columns := []string{quote + "local" + quote + " " + text}
	for _, name := range texts() {
		columns = append(columns, quote+name+quote+" "+text)
	}
	for _, label := range clinical.Labels() {
		columns = append(columns, quote+string(label)+quote+" BOOLEAN")
	}
	do := func(statement string, arguments ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement, arguments...); err != nil {
			t.Fatalf("%s: %.200s: %v", engine, statement, err)
		}
	}
	do(fmt.Sprintf("CREATE TABLE %[1]sPerson%[1]s (%[1]slocal%[1]s %[2]s, %[1]snumber%[1]s %[2]s, %[1]sorg%[1]s %[2]s)", quote, text))
	do(fmt.Sprintf("INSERT INTO %[1]sPerson%[1]s VALUES ('p', '%[2]s', 'R1H')", quote, person().Reveal()))
	do(fmt.Sprintf("CREATE TABLE %[1]sRecord%[1]s (%[2]s)", quote, strings.Join(columns, ", ")))
	for some := range slices.Chunk(rows, 300) {
		var places []string
		var values []any
		for i := range some {
			one := make([]string, len(columns))
			for c := range one {
				if one[c] = "?"; engine == "postgres" {
					one[c] = fmt.Sprintf("$%d", len(values)+c+1)
				}
			}
			places, values = append(places, "("+strings.Join(one, ",")+")"), append(values, some[i].values()...)
		}
		do(fmt.Sprintf("INSERT INTO %[1]sRecord%[1]s VALUES %[2]s", quote, strings.Join(places, ", ")), values...)
	}
}
