package sqlsource_test

import (
	"slices"
	"strings"
	"testing"

	"onelondon/sources/mapping"
	"onelondon/sources/sqlsource"
)

// surveyed finds a table whatever the case of its name.
func surveyed(t *testing.T, source *sqlsource.Source, name string) sqlsource.Table {
	t.Helper()
	tables, err := source.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(tables, func(table sqlsource.Table) bool { return strings.EqualFold(table.Name, name) })
	if at < 0 {
		t.Fatalf("no table %s in %+v", name, tables)
	}
	return tables[at]
}

func TestASurveyReadsKeysAndFirstRowsOfADatabaseThatNobodyHasMapped(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e engine) {
		source := e.open(t, []string{
			`CREATE TABLE "Person" ("Id" INTEGER NOT NULL PRIMARY KEY, "Name" VARCHAR(100))`,
			`CREATE TABLE "Visit" ("Place" INTEGER NOT NULL, "Number" INTEGER NOT NULL, "Who" INTEGER, PRIMARY KEY ("Place", "Number"), FOREIGN KEY ("Who") REFERENCES "Person" ("Id"))`,
			`INSERT INTO "Person" VALUES (1, 'A'), (2, NULL), (3, '` + strings.Repeat("long ", 20) + `')`,
			`INSERT INTO "Visit" VALUES (1, 1, 1), (1, 2, 3)`,
		}, &mapping.Mapping{System: "unknown"}, "unknown")
		person, visit := surveyed(t, source, "Person"), surveyed(t, source, "Visit")
		if len(person.Columns) != 2 || person.Columns[0].Name != "Id" || person.Columns[1].Name != "Name" || !slices.Equal(person.Key, []string{"Id"}) {
			t.Errorf("person is %+v", person)
		}
		if !slices.Equal(visit.Key, []string{"Place", "Number"}) || len(visit.References) != 1 || visit.References[0].Column != "Who" ||
			!strings.EqualFold(visit.References[0].Table, "Person") || visit.References[0].Target != "Id" {
			t.Errorf("visit is %+v", visit)
		}
		var rows []string
		if err := source.Sample(t.Context(), &person, 2, func(row []string) { rows = append(rows, strings.Join(row, "|")) }); err != nil || len(rows) != 2 {
			t.Errorf("rows %q: %v", rows, err)
		}
		longest := 0
		if err := source.Sample(t.Context(), &person, 9, func(row []string) { longest = max(longest, len(row[1])) }); err != nil || longest != 64 {
			t.Errorf("the longest text has %d letters: %v", longest, err)
		}
		if found, err := source.Among(t.Context(), &person, "Id", []string{"1", "3", "77", "x"}); err != nil || found != 2 {
			t.Errorf("%d of two are there: %v", found, err)
		}
	})
}
