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
		if system == seed.CoordinateMyCare {
			continue // of which only some names are published, see below
		}
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

// TestCarePlansHaveTheColumnsThatAreKnown holds the tables of Coordinate My Care against the names that are published (DOMAIN.md 4.7).
func TestCarePlansHaveTheColumnsThatAreKnown(t *testing.T) {
	tables, err := seed.Tables(seed.CoordinateMyCare)
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	for _, table := range tables {
		for _, column := range table.Columns {
			has[table.Name+"."+column.Name] = true
		}
	}
	for _, name := range strings.Fields("CMC_Consent.Type CMC_Consent.DateObtained CMC_Consent.Clinician CMC_Address.CCKeySafeDetails CMC_CarePlan.CarePlanId " +
		"AT_Patient_General.CEILTREAT AT_Patient_General.CARDIO_YN AT_Patient_General.CPRDECDATE AT_Patient_General.REVIEW_DATE " +
		"AT_Patient_General.RESUS_PATIENT AT_Patient_General.RESUS_FAMILY AT_Patient_General.HAVECAP AT_Patient_General.PPC AT_Patient_General.PPD1 " +
		"AT_Patient_General.PPD2 AT_Patient_General.ADRTExists AT_Patient_General.APPOINTWA AT_Patient_General.DS1500 AT_Patient_General.WHPERF " +
		"AT_Patient_General.P_AWARE AT_Patient_General.C_AWARE AT_Patient_General.PA_PROD AT_Patient_General.Restricted") {
		if !has[name] {
			t.Errorf("there is no %s", name)
		}
	}
}
