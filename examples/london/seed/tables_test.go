package seed_test

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"onelondon/examples/london/seed"
	"onelondon/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// published are the column lists that each system's tables are held against.
func published() map[seed.System]string {
	return map[seed.System]string{seed.EMIS: "emis_im1_extract_v8_2", seed.SystmOne: "tpp_systmone_extract",
		seed.Compass: "discovery_compass_v2", seed.Millennium: "barts_cerner_millennium", seed.PAS: "bhrut_pas", seed.OMOP: "omop_cdm_5_4"}
}

// columns reads a column list. The # before a first column marks the header of a file and is no part of the name. SQLite and
// MariaDB do not tell a column's case apart: where a list has a name twice, in another case, the first counts.
func columns(t *testing.T, list string) map[string][]string {
	t.Helper()
	file, err := os.Open(testkit.Shared(t, "schemas/"+list+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all, seen := map[string][]string{}, map[string]bool{}
	for _, row := range rows[1:] {
		table, column := row[1], strings.TrimPrefix(row[3], "#")
		if key := table + "." + strings.ToLower(column); !seen[key] {
			seen[key] = true
			all[table] = append(all[table], column)
		}
	}
	return all
}

func TestEveryTableHasTheColumnsThatItsSystemReallyHas(t *testing.T) {
	for _, system := range seed.Systems() {
		t.Run(string(system), func(t *testing.T) {
			known := columns(t, published()[system])
			tables, err := seed.Tables(system)
			if err != nil {
				t.Fatal(err)
			}
			if len(tables) == 0 {
				t.Fatal("there are no tables")
			}
			for _, table := range tables {
				var names []string
				for _, column := range table.Columns {
					names = append(names, column.Name)
				}
				if got, want := strings.Join(names, " "), strings.Join(known[table.Name], " "); got != want {
					t.Errorf("table %s\n has  %s\n want %s", table.Name, got, want)
				}
			}
		})
	}
}
