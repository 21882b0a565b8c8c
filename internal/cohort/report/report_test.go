package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/report"
)

// update is a command-line flag, not state: go test ./internal/cohort/report -update writes the goldens anew.
var update = flag.Bool("update", false, "write the goldens anew")

func TestAnswersAreWrittenAsTheGoldensHaveThem(t *testing.T) {
	for _, each := range []struct {
		name    string
		answer  *cohort.Answer
		format  report.Format
		options report.Options
	}{
		{"emergencies.txt", emergencies(), report.Table, report.Options{}},
		{"emergencies.csv", emergencies(), report.CSV, report.Options{}},
		{"emergencies.provenance.csv", emergencies(), report.CSV, report.Options{Provenance: true}},
		{"emergencies.json", emergencies(), report.JSON, report.Options{}},
		{"everybody.txt", everybody(), report.Table, report.Options{}},
		{"everybody.csv", everybody(), report.CSV, report.Options{}},
		{"nobody.txt", nobody(), report.Table, report.Options{}},
		{"nobody.csv", nobody(), report.CSV, report.Options{}},
	} {
		t.Run(each.name, func(t *testing.T) {
			compare(t, each.name, written(t, each.answer, each.format, each.options))
		})
	}
}

// nobody is an answer without a cell.
func nobody() *cohort.Answer {
	answer := emergencies()
	answer.Result.Rows, answer.Result.Total = nil, nil
	return answer
}

func written(t *testing.T, answer *cohort.Answer, format report.Format, options report.Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := report.Write(&out, answer, format, options); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	golden := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestAFigureThatMayNotBeShownIsNowhereANumber(t *testing.T) {
	answer := emergencies()
	// What a careless caller left beside the mark must not be printed.
	answer.Result.Rows[1].Figures[0] = cohort.Figure{Number: 31337, Lower: 31337, Upper: 31337}
	answer.Result.Rows[1].Figures[2] = cohort.Figure{Number: 31337, Lower: 31337, Upper: 31337}
	answer.Result.Total.Figures[2] = cohort.Figure{Number: 31337}
	for _, format := range report.Formats() {
		if text := written(t, answer, format, report.Options{Provenance: true}); bytes.Contains(text, []byte("31337")) || bytes.Contains(text, []byte("31,337")) {
			t.Errorf("%s shows it", format)
		}
	}
}

func TestNothingInAnAnswerMovesTheTerminal(t *testing.T) {
	answer := emergencies()
	answer.Definition.Title, answer.Words = "title\x1b[2J", "words \x1b[1A"
	answer.Result.Rows[0].Key[1], answer.Sources[1].Name = "New\rham", "Barts\a"
	if text := written(t, answer, report.Table, report.Options{}); bytes.ContainsAny(text, "\x1b\r\a") {
		t.Errorf("%q", text)
	}
}

func TestAnIncompleteAnswerSaysSoBeforeItsFigures(t *testing.T) {
	text := string(written(t, emergencies(), report.Table, report.Options{}))
	lacks, figures := strings.Index(text, "INCOMPLETE: 1 of 2 sources"), strings.Index(text, "2,335")
	if lacks < 0 || figures < lacks || !strings.Contains(text, "!!! Barts Health, Millennium: timed out") {
		t.Error(text)
	}
	if text := string(written(t, everybody(), report.Table, report.Options{})); strings.Contains(text, "INCOMPLETE") {
		t.Error(text)
	}
}

func TestCSVIsReadByAnyReader(t *testing.T) {
	reader := csv.NewReader(bytes.NewReader(written(t, emergencies(), report.CSV, report.Options{Provenance: true})))
	reader.Comment = '#'
	lines, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != 5 || lines[2][1] != `Tower "Hamlets", E` || lines[2][2] != "" || lines[2][3] != "false" {
		t.Errorf("%q", lines)
	}
}

func TestJSONIsTheWholeAnswer(t *testing.T) {
	var read cohort.Answer
	if err := json.Unmarshal(written(t, emergencies(), report.JSON, report.Options{}), &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(emergencies(), &read); diff != "" {
		t.Error(diff)
	}
}

func TestRowsThatDoNotFitTheirHeadsAreNotPrinted(t *testing.T) {
	for name, bend := range map[string]func(*cohort.Result){
		"a key too short":    func(r *cohort.Result) { r.Rows[0].Key = r.Rows[0].Key[:1] },
		"a figure too many":  func(r *cohort.Result) { r.Rows[0].Figures = append(r.Rows[0].Figures, cohort.Figure{}) },
		"a total without it": func(r *cohort.Result) { r.Total.Figures = nil },
	} {
		answer := emergencies()
		bend(&answer.Result)
		for _, format := range report.Formats() {
			var out bytes.Buffer
			if err := report.Write(&out, answer, format, report.Options{}); !errors.Is(err, report.ErrMisshapen) || out.Len() > 0 {
				t.Errorf("%s as %s: %v, %d bytes", name, format, err, out.Len())
			}
		}
	}
	if err := report.Write(&bytes.Buffer{}, emergencies(), "xlsx", report.Options{}); err == nil {
		t.Error("a format that there is not")
	}
}

func TestNumbersAreWrittenForPeople(t *testing.T) {
	for number, want := range map[float64]string{0: "0", 5: "5", 999: "999", 1000: "1,000", 1234567: "1,234,567", 12.345: "12.35",
		1041.666: "1,041.67", -1234: "-1,234", 0.5: "0.5"} {
		if got := report.Number(number); got != want {
			t.Errorf("%v: %q", number, got)
		}
	}
}
