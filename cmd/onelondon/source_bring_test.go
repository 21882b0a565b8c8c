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

// visionPractice is a made-up practice that works with Vision: a file, and the number of somebody in it. A journal holds everything in
// one table; SUBSET says what a row is (A acute, R repeat, S issue, P problem, I immunisation, C clinical, T test, L allergy), and
// ACTION D takes a row back.
func visionPractice(t *testing.T, dir string) (path, number string) {
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
	numbers := []string{"9990000018", "9990000026", "9990000034", "9990000042", "9990000050", "9990000069", "9990000077", "9990000085", "9990000093", "9990000107", "9990000115", "9990000123"}
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
	return path, numbers[0]
}

func TestBring(t *testing.T) {
	dir := os.Getenv("BRING")
	if dir == "" {
		dir = t.TempDir()
	}
	visionPractice(t, dir)
}
