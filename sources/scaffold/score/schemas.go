package score

import (
	"compress/gzip"
	"database/sql"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
)

// published reads a list of real tables and columns. Columns that differ in case alone are one.
func published(t testing.TB, schema string) (names []string, columns map[string][][2]string) {
	t.Helper()
	file, err := os.Open(testkit.Shared(t, "schemas/"+schema+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns = map[string][][2]string{}
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		table, column := row[1], strings.TrimPrefix(row[3], "#")
		if columns[table] == nil {
			names = append(names, table)
		}
		if key := strings.ToLower(table + "." + column); !seen[key] {
			seen[key] = true
			columns[table] = append(columns[table], [2]string{column, row[4]})
		}
	}
	return names, columns
}

// complete adds to a database the published tables that it does not have, with rows made up by the type of each column. It
// returns how many it added.
func complete(t testing.TB, db *sql.DB, schema string) int {
	t.Helper()
	names, columns := published(t, schema)
	random := rand.New(rand.NewPCG(1, 2))
	added := 0
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	for _, name := range names {
		var there int
		if err := tx.QueryRow("SELECT COUNT(*) FROM sqlite_schema WHERE lower(name) = lower(?)", name).Scan(&there); err != nil {
			t.Fatal(err)
		}
		if there > 0 {
			continue
		}
		added++
		var made []string
		for _, column := range columns[name] {
			typ := column[1]
			if typ == "" {
				typ = "text"
			}
			made = append(made, quoted(column[0])+" "+quoted(typ))
		}
		if _, err := tx.Exec("CREATE TABLE " + quoted(name) + " (" + strings.Join(made, ", ") + ")"); err != nil {
			t.Fatal(err)
		}
		insert := "INSERT INTO " + quoted(name) + " VALUES (" + strings.TrimSuffix(strings.Repeat("?, ", len(made)), ", ") + ")"
		for row := range 20 {
			var values []any
			for _, column := range columns[name] {
				values = append(values, invented(random, row, column[0], column[1]))
			}
			if _, err := tx.Exec(insert, values...); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return added
}

// invented is a value of a column's type. A type of text holds dates where the column says date, and NHS numbers where it says
// so in full; identifiers count from the same number in every table, so that they agree with each other and tell nothing;
// anything else is a number or a few letters, so that the guess has nothing but the name to go by.
func invented(random *rand.Rand, row int, name, typ string) any {
	typ, name = strings.ToLower(typ), strings.ToLower(name)
	plain := strings.NewReplacer("_", "", " ", "").Replace(name)
	switch {
	case strings.Contains(plain, "pseudo") || strings.Contains(plain, "hash"):
		return fmt.Sprintf("%016x", random.Uint64())
	case strings.HasSuffix(plain, "nhsnumber") || strings.HasSuffix(plain, "nhsnbrident") || strings.HasSuffix(plain, "nhsno"):
		return nhsNumber(random)
	case strings.HasSuffix(plain, "id") || strings.HasPrefix(name, "id") || strings.HasSuffix(plain, "guid") || strings.HasSuffix(plain, "identifier") || strings.HasSuffix(plain, "ref"):
		return 1001 + row
	case strings.Contains(typ, "bool") || strings.HasPrefix(typ, "bit"):
		return random.IntN(2)
	case strings.Contains(typ, "date") || strings.Contains(typ, "timestamp") || strings.Contains(plain, "date") || strings.Contains(plain, "dttm"):
		return fmt.Sprintf("20%02d-%02d-%02d", random.IntN(25), 1+random.IntN(12), 1+random.IntN(28))
	case strings.Contains(typ, "int") || strings.Contains(typ, "numeric") || strings.Contains(typ, "decimal") || strings.Contains(typ, "number"):
		return 1_000_000 + random.IntN(9_000_000)
	case strings.Contains(typ, "uuid") || strings.Contains(typ, "uniqueidentifier"):
		return fmt.Sprintf("%08x-0000-4000-8000-%012x", random.Uint32(), random.Uint32())
	}
	return string(rune('a'+random.IntN(26))) + string(rune('a'+random.IntN(26))) + fmt.Sprint(random.IntN(1_000_000))
}

// nhsNumber is one of the range that is never given to anybody.
func nhsNumber(random *rand.Rand) string {
	for {
		number := fmt.Sprintf("999%07d", random.IntN(10_000_000))
		if _, err := clinical.ParseNHSNumber(number); err == nil {
			return number
		}
	}
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// loadOMOP makes an OMOP store of a published export of made-up people.
func loadOMOP(t testing.TB, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	loader, err := seed.OpenTables(t.Context(), db, seed.SQLite, seed.OMOP)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"person", "visit_occurrence", "condition_occurrence", "drug_exposure", "procedure_occurrence", "observation", "death", "concept",
		"observation_period", "location"} {
		file, err := os.Open(testkit.Shared(t, "data/omop-synthea27nj/"+strings.ToUpper(table)+".csv.gz"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		unzipped, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := loader.LoadCSV(t.Context(), table, unzipped); err != nil {
			t.Fatal(err)
		}
	}
	if err := loader.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}
