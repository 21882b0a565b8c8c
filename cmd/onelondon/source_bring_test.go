package main

import (
	"database/sql"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/testkit"
)

// visionTables makes the published tables of a Vision extract: every column is text.
func visionTables(t *testing.T, db *sql.DB) {
	t.Helper()
	file, err := os.Open(testkit.Shared(t, "schemas/vision_extract.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string][]string{}
	for _, row := range rows[1:] {
		columns[row[1]] = append(columns[row[1]], `"`+row[3]+`" TEXT`)
	}
	for table, list := range columns {
		execute(t, db, fmt.Sprintf(`CREATE TABLE "%s" (%s)`, table, strings.Join(list, ", ")))
	}
	for _, index := range []string{`"Patient" ("NHS_NUMBER")`, `"Journal" ("PID")`, `"Encounter" ("PID")`, `"Referral" ("PID")`, `"Staff" ("ID")`, `"Practice" ("ID")`} {
		execute(t, db, fmt.Sprintf(`CREATE INDEX "by %s" ON %s`, strings.ReplaceAll(index, `"`, ``), index))
	}
}

func execute(t *testing.T, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// visionPractice is a made-up practice that works with Vision, in a file, with somebody and eleven others. A journal holds everything in
// one table; SUBSET says what a row is (A acute, R repeat, S issue, P problem, I immunisation, C clinical, T test, L allergy), and
// ACTION D takes a row back.
func visionPractice(t *testing.T, dir, somebody string) (path string) {
	t.Helper()
	path = filepath.Join(dir, "vision.sqlite")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	visionTables(t, db)
	execute(t, db, `INSERT INTO "Practice" ("ID", "NAME", "IDENTIFIER") VALUES ('101', 'THE MADE-UP SURGERY', 'F84777')`)
	execute(t, db, `INSERT INTO "Staff" ("ID", "SURNAME", "FORENAME", "HCP_TYPE") VALUES ('9001', 'Okafor', 'Ngozi', 'GP'), ('9002', 'Hughes', 'Alun', 'NURSE')`)
	numbers := []string{somebody, "9990000026", "9990000034", "9990000042", "9990000050", "9990000069", "9990000077", "9990000085", "9990000093", "9990000107", "9990000115", "9990000123"}
	for i, number := range numbers {
		pid := fmt.Sprint(5001 + i)
		execute(t, db, `INSERT INTO "Patient" ("PID", "NHS_NUMBER", "SURNAME", "FORENAME", "TITLE", "DATE_OF_BIRTH", "SEX", "POSTCODE", "ADDRESS_1", "PHONE_NUMBER", "REGISTERED_DATE", "PRACTICE", "SERVICE_ID", "ACTION")
			VALUES (?, ?, ?, ?, 'Ms', ?, ?, 'E8 1AA', ?, '020 7946 0000', '20100401', '101', '77', 'A')`,
			pid, number, fmt.Sprintf("Surname%d", i), fmt.Sprintf("Forename%d", i), fmt.Sprintf("19%d0203", 40+i), []string{"F", "M"}[i%2], fmt.Sprintf("%d Mare Street", i+1))
		visit := fmt.Sprint(30001 + i)
		execute(t, db, `INSERT INTO "Encounter" ("PID", "ID", "DATE", "HCP", "SESSION", "LOCATION", "SERVICE_ID", "ACTION") VALUES (?, ?, ?, '9001', 'Surgery consultation', 'Surgery', '77', 'A')`,
			pid, visit, fmt.Sprintf("2024%02d11", 1+i%12))
		for j, row := range []struct{ subset, snomed, dmd, rubric, text, value, unit, action string }{
			{"P", "44054006", "", "Type 2 diabetes mellitus", "", "", "", "A"},
			{"T", "1003671000000109", "", "Haemoglobin A1c level", "", fmt.Sprint(48 + i), "mmol/mol", "A"},
			{"R", "", "321987003", "Metformin 500mg tablets", "One twice a day", "56", "", "A"},
			{"I", "86198006", "", "Influenza vaccination", "", "", "", "A"},
			{"L", "91936005", "", "Allergy to penicillin", "", "", "", "A"},
			{"C", "185317003", "", "Telephone encounter", "", "", "", map[bool]string{true: "D", false: "A"}[i == 3]},
		} {
			execute(t, db, `INSERT INTO "Journal" ("PID", "ID", "DATE", "RECORDED_DATE", "SNOMED_CODE", "DMD_CODE", "RUBRIC", "TEXT", "VALUE1", "VALUE1_UNITS", "SUBSET", "HCP", "LINKS", "IMMS_BATCH", "SERVICE_ID", "ACTION")
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '9001', ?, ?, '77', ?)`,
				pid, fmt.Sprint(70001+10*i+j), fmt.Sprintf("2024%02d11", 1+i%12), fmt.Sprintf("2024%02d12", 1+i%12), row.snomed, row.dmd, row.rubric, row.text, row.value, row.unit, row.subset, "E"+visit,
				map[bool]string{true: "AB123", false: ""}[row.subset == "I"], row.action)
		}
	}
	execute(t, db, `INSERT INTO "Referral" ("PID", "ID", "DATE", "HCP", "TO_HCP", "SPECIALTY", "TYPE", "SERVICE_ID", "ACTION") VALUES ('5001', '60001', '20240212', '9001', '', 'Endocrinology', 'Outpatient', '77', 'A')`)
	return path
}

// chapterOf reads the fenced blocks of the chapter on bringing in a system, in order.
func chapterOf(t *testing.T) (commands []string, yaml []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "bringing-in-a-system.md"))
	if err != nil {
		t.Fatal(err)
	}
	for i, block := range strings.Split(string(text), "```") {
		if i%2 == 0 {
			continue
		}
		language, body, _ := strings.Cut(block, "\n")
		switch language {
		case "sh":
			commands = append(commands, strings.TrimSpace(body))
		case "yaml":
			yaml = append(yaml, body)
		}
	}
	if len(commands) != 5 || len(yaml) != 2 {
		t.Fatalf("the chapter has %d commands and %d pieces of YAML", len(commands), len(yaml))
	}
	return commands, yaml
}

// spell takes a command line of the chapter apart, as a shell would.
func spell(line string) []string {
	var words []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words[1:]
}

// rewrite changes a file by what the chapter tells a reader to change, each of which must be there.
func rewrite(t *testing.T, path string, changes ...[2]string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := string(text)
	for _, change := range changes {
		if !strings.Contains(changed, change[0]) {
			t.Fatalf("%s has no %q:\n%s", path, change[0], changed)
		}
		changed = strings.ReplaceAll(changed, change[0], change[1])
	}
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestASystemIsBroughtInAsTheChapterSays does what the chapter says, in its order, and asks the source about somebody.
func TestASystemIsBroughtInAsTheChapterSays(t *testing.T) {
	commands, yaml := chapterOf(t)
	dir, f := t.TempDir(), heroine()
	database := visionPractice(t, dir, f.heroine.NHSNumber.Reveal())
	t.Chdir(dir)
	for _, line := range commands[:2] {
		if said := say(t, spell(line)...); said.code != exitFine {
			t.Fatalf("%s: exit %d %s", line, said.code, said.errs)
		} else if strings.Contains(line, "scaffold") && !strings.Contains(said.errs, "4 kinds of record in 4 sets: Registration, Observation, Encounter, Referral") {
			t.Errorf("said %s", said.errs)
		}
	}
	fillIn(t, yaml[0])
	rewrite(t, "london/onelondon.yaml", [2]string{"  - id: systmone-nel", yaml[1] + "  - id: systmone-nel"})
	checked := say(t, spell(commands[2])...)
	if checked.code != exitFine || !strings.Contains(checked.out, "1 source, 0 faults, 0 warnings") || !strings.Contains(checked.out, "10 rows of AllergyIntolerance were read") {
		t.Fatalf("exit %d: %s%s", checked.code, checked.out, checked.errs)
	}
	if explained := say(t, spell(commands[3])...); explained.code != exitFine || !strings.Contains(explained.out, `"x"."SUBSET"`) {
		t.Errorf("exit %d: %s%s", explained.code, explained.out, explained.errs)
	}
	if nightly := say(t, spell(commands[4])...); nightly.code != exitFine || !strings.Contains(nightly.out, `"matter": "freshness"`) {
		t.Errorf("exit %d: %s%s", nightly.code, nightly.out, nightly.errs)
	}
	answersAbout(t, f)
	upgraded(t, database, commands[4])
}

// fillIn does to the draft what the second part of the chapter says.
func fillIn(t *testing.T, pieces string) {
	t.Helper()
	draft, err := os.ReadFile("vision.yaml")
	if err != nil {
		t.Fatal(err)
	}
	line := func(of string) string {
		_, rest, _ := strings.Cut(string(draft), of)
		said, _, _ := strings.Cut(rest, "\n")
		return of + said
	}
	rewrite(t, "vision.yaml", [2]string{line("sealed: unknown"), "sealed: false"}, [2]string{line("sensitive: unknown"), "sensitive: false"},
		[2]string{"coalesce(x.ACTION, '') not in ('D')", "coalesce(x.ACTION, '') not in ('D') and x.SUBSET in ('T', 'C')"},
		[2]string{"  # AllergyIntolerance: could not guess: a table that holds it\n", pieces},
		[2]string{"  # Condition: could not guess: a table that holds it\n", ""},
		[2]string{"  # Medication: could not guess: a table that holds it\n", ""},
		[2]string{"  # Immunisation: could not guess: a table that holds it\n", ""})
}

// answersAbout asks the site about somebody of the new source, through the gate.
func answersAbout(t *testing.T, f *folder) {
	t.Helper()
	s := serveFolder(t, "london")
	gp := f.callers["gp"]
	gp.token = s.tokens["gp"]
	told, err := ask(t.Context(), s.url, gp, f.heroine.NHSNumber.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	outcome := ""
	for _, source := range told.patient.Sources {
		if source.Name == "The Made-up Surgery, Vision" {
			outcome = source.Outcome
		}
	}
	if outcome != "ANSWERED" || !strings.Contains(fmt.Sprintf("%+v", told.patient), "Metformin 500mg tablets") {
		t.Errorf("outcome %q: %+v", outcome, told.patient)
	}
}

// upgraded renames a column, as an upgrade of the system might, and checks again.
func upgraded(t *testing.T, database, nightly string) {
	t.Helper()
	db, err := sql.Open("sqlite", database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	execute(t, db, `ALTER TABLE "Journal" RENAME COLUMN "RUBRIC" TO "TERM_TEXT"`)
	for range 2 { // what is remembered is what was well: the second night says the same
		said := say(t, spell(nightly)...)
		if said.code != exitFindings || !strings.Contains(said.out, "column RUBRIC of table journal is not there") ||
			!strings.Contains(said.out, "since the last check the table has gained term_text, which may be its new name") {
			t.Errorf("exit %d: %s%s", said.code, said.out, said.errs)
		}
	}
}

func TestScaffoldTellsWhatItFoundByItsExitCode(t *testing.T) {
	dir := t.TempDir()
	path := visionPractice(t, dir, "9990000018")
	t.Setenv("ONELONDON_TEST_DSN", path)
	if said := say(t, "source", "scaffold", "--dsn", "${ONELONDON_TEST_DSN}", "--quiet"); said.code != exitFine || said.errs != "" || !strings.Contains(said.out, "nhs_number: p.NHS_NUMBER") || !strings.Contains(said.out, "system: vision\n") {
		t.Errorf("exit %d: %s%s", said.code, said.out, said.errs)
	}
	kept := filepath.Join(dir, "kept.yaml")
	for i, want := range []int{exitFine, exitNotRun} {
		if said := say(t, "source", "scaffold", "--dsn", path, "--out", kept); said.code != want {
			t.Errorf("run %d into a file: exit %d %s", i, said.code, said.errs)
		}
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "stock.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	execute(t, db, `CREATE TABLE Stock (Shelf TEXT)`)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if said := say(t, "source", "scaffold", "--dsn", filepath.Join(dir, "stock.sqlite")); said.code != exitFindings || !strings.Contains(said.errs, "no table of people was found") {
		t.Errorf("nobody there: exit %d %s", said.code, said.errs)
	}
	for _, args := range [][]string{{"--dsn", "nowhere"}, {"--dsn", "${ONELONDON_TEST_NOTHING}"}, {"--dsn", path, "--driver", "paper"}, {"--dsn", "postgres://u:hunter2@127.0.0.1:1/x"}, {}} {
		if said := say(t, append([]string{"source", "scaffold"}, args...)...); said.code != exitNotRun || said.errs == "" || strings.Contains(said.errs, "hunter2") {
			t.Errorf("%v: exit %d %s", args, said.code, said.errs)
		}
	}
}

func TestScaffoldDraftsTheEntryOfAFHIRServer(t *testing.T) {
	server := fhirServer(t, heroine().heroine.NHSNumber.Reveal())
	t.Setenv("ONELONDON_TEST_FHIR_TOKEN", "hunter2")
	said := say(t, "source", "scaffold", "--dsn", server.URL, "--token", "${ONELONDON_TEST_FHIR_TOKEN}", "--system", "trust-fhir")
	for _, want := range []string{"- id: trust-fhir", "driver: fhir", "dsn: " + server.URL, "labelled: false  # could not guess", "could not guess: how we prove who asks", "has a search for Registration"} {
		if said.code != exitFine || !strings.Contains(said.out, want) || strings.Contains(said.out, "hunter2") {
			t.Errorf("exit %d, no %q: %s%s", said.code, want, said.out, said.errs)
		}
	}
}
