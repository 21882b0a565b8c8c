package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/report"
)

// opened is what a reader finds in a Parquet file: the names of its columns in order, and its rows by those names.
func opened(t *testing.T, answer *cohort.Answer) (*parquet.File, []string, []map[string]any) {
	t.Helper()
	content := written(t, answer, report.Parquet, report.Options{})
	file, err := parquet.OpenFile(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, field := range file.Schema().Fields() {
		names = append(names, field.Name())
	}
	reader := parquet.NewGenericReader[map[string]any](file, file.Schema())
	rows := make([]map[string]any, file.NumRows())
	for i := range rows {
		rows[i] = map[string]any{}
	}
	if n, err := reader.Read(rows); n != len(rows) || err != nil && !errors.Is(err, io.EOF) {
		t.Fatalf("%d rows: %v", n, err)
	}
	return file, names, rows
}

func TestParquetHoldsEveryCellUnderItsColumns(t *testing.T) {
	_, names, rows := opened(t, emergencies())
	want := []string{"age_band", "borough", "people", "people_shown", "emergencies_per_1000", "emergencies_per_1000_shown",
		"quartiles_hba1c_lower", "quartiles_hba1c_median", "quartiles_hba1c_upper", "quartiles_hba1c_shown"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]map[string]any{
		{"age_band": "18 to 39", "borough": "Newham", "people": int64(120), "people_shown": true,
			"emergencies_per_1000": 1041.666, "emergencies_per_1000_shown": true,
			"quartiles_hba1c_lower": 44.0, "quartiles_hba1c_median": 51.5, "quartiles_hba1c_upper": 60.0, "quartiles_hba1c_shown": true},
		{"age_band": "18 to 39", "borough": `Tower "Hamlets", E`, "people": nil, "people_shown": false,
			"emergencies_per_1000": nil, "emergencies_per_1000_shown": false,
			"quartiles_hba1c_lower": nil, "quartiles_hba1c_median": nil, "quartiles_hba1c_upper": nil, "quartiles_hba1c_shown": false},
	}, rows[:2]); diff != "" || len(rows) != 4 {
		t.Errorf("%d rows\n%s", len(rows), diff)
	}
}

func TestParquetCarriesItsProvenance(t *testing.T) {
	file, _, _ := opened(t, emergencies())
	for name, want := range map[string]string{"definition": "diabetes-emergencies", "version": "2", "digest": "sha256:5f2b7c0e9d4a41c3b6f08a0c",
		"project": "example-diabetes", "as_at": "2026-11-26", "policy_revision": "2026-11-01.3", "consent_revision": "1204",
		"complete": "false", "missing_at_most": "1240", "answered_at": "2026-11-26T09:30:00Z"} {
		if got, found := file.Lookup("onelondon." + name); !found || got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	text, _ := file.Lookup("onelondon.sources")
	var sources []cohort.SourcePart
	if err := json.Unmarshal([]byte(text), &sources); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(emergencies().Sources, sources); diff != "" {
		t.Error(diff)
	}
}

func TestColumnsOfTheSameNameAreToldApart(t *testing.T) {
	answer := emergencies()
	answer.Result.Columns = []string{"people", "People!"}
	_, names, rows := opened(t, answer)
	if diff := cmp.Diff([]string{"people", "people_2", "people_3", "people_shown"}, names[:4]); diff != "" {
		t.Error(diff)
	}
	if rows[0]["people"] != "18 to 39" || rows[0]["people_2"] != "Newham" || rows[0]["people_3"] != int64(120) {
		t.Errorf("%v", rows[0])
	}
}

func TestAnAnswerWithoutACellIsAFileWithoutARow(t *testing.T) {
	if _, names, rows := opened(t, nobody()); len(names) != 10 || len(rows) != 0 {
		t.Errorf("%d columns, %d rows", len(names), len(rows))
	}
}
