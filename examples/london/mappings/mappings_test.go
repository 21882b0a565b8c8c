package mappings_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources/mapping"
)

// system is a mapping of this site with what it must cover, and the published list of its columns.
type system struct {
	file       string
	schema     string
	parameters map[string]string
	beside     map[string][]column // tables that a site keeps beside the system's own
	kinds      string
}

func systems() []system {
	trust := map[string]string{"organisation": "R1H", "organisation_name": "Barts Health NHS Trust"}
	research := map[string]string{"organisation": "R1H", "organisation_name": "Barts Health NHS Trust", "nhs_number_table": "person_nhs_number"}
	homerton := map[string]string{"organisation": "RQX", "organisation_name": "Homerton Healthcare NHS Foundation Trust"}
	board := map[string]string{"organisation": "QMJ", "organisation_name": "A board", "nhs_number_table": "pseudonyms"}
	pseudonyms := map[string][]column{"pseudonyms": {{"pseudonym", "varchar(64)"}, {"nhs_number", "varchar(10)"}}}
	return []system{
		{"emis-web.yaml", "emis_im1_extract_v8_2", nil, nil, "Registration AllergyIntolerance Condition Medication Observation Encounter Procedure " +
			"Immunisation Appointment Referral Document Contact"},
		{"tpp-systmone.yaml", "tpp_systmone_extract", nil, nil, "Registration AllergyIntolerance Condition Medication Observation Encounter " +
			"Immunisation Appointment Referral Document Alert Contact CarePlan"},
		{"discovery-compass-v2.yaml", "discovery_compass_v2", nil, nil, "Registration AllergyIntolerance Condition Medication Observation " +
			"DiagnosticReport Encounter Procedure Appointment Referral Alert"},
		{"cerner-millennium.yaml", "barts_cerner_millennium", trust, nil, "Registration Condition Medication Observation DiagnosticReport " +
			"Encounter Procedure Immunisation Appointment Document Contact"},
		{"bhrut-pas.yaml", "bhrut_pas", trust, nil, "Registration Condition Encounter Procedure Appointment Alert Contact"},
		{"omop-cdm-5.4.yaml", "omop_cdm_5_4", research, map[string][]column{"person_nhs_number": {{"person_id", "integer"}, {"nhs_number", "varchar(10)"}}},
			"Registration Condition Medication Observation Encounter Procedure Immunisation Document"},
		{"homerton-healtheintent.yaml", "homerton_healtheintent", homerton, nil, "Registration Condition Procedure"},
		{"homerton-cerner.yaml", "homerton_cerner", homerton, nil, "Registration AllergyIntolerance Condition Encounter Procedure"},
		{"adastra-ooh.yaml", "adastra_ooh", map[string]string{"organisation": "NLW", "organisation_name": "Out of hours"}, nil,
			"Registration Condition Medication Observation Encounter Alert"},
		{"provider-flows.yaml", "local_provider_flows_wnl_icb", map[string]string{"nhs_number_table": "pseudonyms"}, pseudonyms, "Registration AllergyIntolerance " +
			"Condition Medication Observation Encounter Procedure Immunisation Appointment Referral"},
		{"sus-apc.yaml", "sus_unified_wnl_icb", board, pseudonyms, "Registration Condition Encounter Procedure"},
		{"sus-ecds.yaml", "sus_unified_wnl_icb", board, pseudonyms, "Registration Condition Observation Encounter Procedure"},
		{"sus-pgisus.yaml", "sus_pgisus_london", map[string]string{"organisation": "QMJ", "organisation_name": "A board", "nhs_number_table": "people"},
			map[string][]column{"people": {{"sk_patient_id", "integer"}, {"nhs_number", "varchar(10)"}}}, "Registration Condition Encounter Procedure Appointment"},
		{"sus-op.yaml", "sus_unified_wnl_icb", board, pseudonyms, "Registration Condition Encounter Procedure Appointment"},
		{"coordinate-my-care.yaml", "", nil, seeded(seed.CoordinateMyCare), "Registration Medication Contact CarePlan UrgentCarePlan"},
	}
}

// seeded are the columns that the demo's tables of a system have, where nobody published a list.
func seeded(system seed.System) map[string][]column {
	tables, err := seed.Tables(system)
	if err != nil {
		return nil
	}
	all := map[string][]column{}
	for _, table := range tables {
		for _, each := range table.Columns {
			all[table.Name] = append(all[table.Name], column{each.Name, string(each.Type)})
		}
	}
	return all
}

func load(t *testing.T, s system) *mapping.Mapping {
	t.Helper()
	data, err := os.ReadFile(s.file)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := mapping.Load(s.file, data, s.parameters)
	if err != nil {
		t.Fatalf("\n%v", err)
	}
	return loaded
}

// column is a column as the system's publisher lists it.
type column struct{ name, typ string }

// columns reads the published columns of a system's tables. A first column is marked with # in some extracts' headers.
func columns(t *testing.T, s system) map[string][]column {
	t.Helper()
	if s.schema == "" {
		return s.beside
	}
	file, err := os.Open(testkit.Shared(t, "schemas/"+s.schema+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string][]column{}
	for _, row := range rows[1:] {
		tables[row[1]] = append(tables[row[1]], column{strings.TrimPrefix(row[3], "#"), row[4]})
	}
	for table, names := range s.beside {
		tables[table] = names
	}
	return tables
}

func TestMappingsCoverTheKindsTheirSystemsHold(t *testing.T) {
	for _, s := range systems() {
		t.Run(s.file, func(t *testing.T) {
			var got []string
			for _, kind := range clinical.Kinds() {
				if len(load(t, s).Records[kind]) > 0 {
					got = append(got, kind.String())
				}
			}
			if diff := cmp.Diff(strings.Fields(s.kinds), got); diff != "" {
				t.Errorf("kinds (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMappingsNameOnlyTablesAndColumnsTheirSystemsHave(t *testing.T) {
	for _, s := range systems() {
		t.Run(s.file, func(t *testing.T) {
			tables, loaded := columns(t, s), load(t, s)
			checked := 0
			for _, used := range mapping.ColumnsOf(loaded) {
				names, ok := tables[used.Table]
				switch {
				case !ok:
					t.Errorf("%s:%d: no table %s", s.file, used.Line, used.Table)
				case used.Column != "" && !slices.ContainsFunc(names, func(c column) bool { return c.name == used.Column }):
					t.Errorf("%s:%d: no column %s in %s", s.file, used.Line, used.Column, used.Table)
				}
				checked++
			}
			if checked < 40 {
				t.Errorf("checked %d columns, want many more", checked)
			}
		})
	}
}

func TestMappingsHoldNoFileThatIsNotTested(t *testing.T) {
	files, err := filepath.Glob("*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(systems())+1 { // plans_test.go tests the one of an openEHR server
		t.Errorf("got %d mappings and tests for %d", len(files), len(systems())+1)
	}
}

func TestTwelveDiagnosisColumnsBecomeTwelveRecordsBesideThePrimaryOne(t *testing.T) {
	pas := load(t, systems()[4])
	ids := map[string]bool{}
	for _, set := range pas.Records[clinical.KindCondition] {
		if set.From.Name == "Episodes" {
			ids[set.ID.String()] = true
		}
	}
	if len(ids) != 13 || !ids["concat(e.EXTERNAL_ID, '-D0')"] || !ids["concat(e.EXTERNAL_ID, '-D12')"] {
		t.Errorf("got %d kinds of identifier, want 13 from -D0 to -D12", len(ids))
	}
}
