package federation_test

import (
	"compress/gzip"
	"context"
	"os"
	"strings"
	"testing"

	"onelondon/examples/london/seed"
	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/sourcetest"
)

const omopFolder = "data/omop-synthea27nj/"

// omopTables are loaded as they are; the mapping reads all of them.
var omopTables = []string{"person", "death", "visit_occurrence", "condition_occurrence", "drug_exposure", "procedure_occurrence",
	"device_exposure", "measurement", "observation", "note", "provider", "care_site", "location", "concept"}

// TestAnOMOPExportIsAskedAsItIs loads a CDM that others made and finds every row of its clinical tables again, by its id.
func TestAnOMOPExportIsAskedAsItIs(t *testing.T) {
	for _, e := range trial.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			given := &numbers{}
			people := map[string]string{} // person_id to NHS number
			for _, row := range readFile(t, "omop-synthea27nj/PERSON") {
				people[row["person_id"]] = given.next()
			}
			if len(people) != 28 {
				t.Fatalf("%d people, want 28", len(people))
			}
			entry := loadOMOP(t, e, people)
			countsWhatItShows(t, entry, people)
			h := newHouse(t, []sources.Entry{entry})
			token := h.doctor(t, "RRV")
			want, rows := omopRows(t), 0
			for person, number := range people {
				got := h.identified(t, token, number)
				for _, id := range missing(want[person], got) {
					t.Errorf("person %s: %s is lost", person, id)
				}
				for _, id := range missing(got, want[person]) {
					t.Errorf("person %s: %s is invented", person, id)
				}
				rows += len(got)
			}
			t.Logf("%d people, %d rows found once each on %s", len(people), rows, e.Name)
		})
	}
}

// countsWhatItShows holds what the export counts to what it shows.
func countsWhatItShows(t *testing.T, entry sources.Entry, people map[string]string) {
	t.Helper()
	var numbers []clinical.NHSNumber
	for _, text := range people {
		number, err := clinical.ParseNHSNumber(text)
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, number)
	}
	source, ok := entry.Source.(sourcetest.Whole)
	if !ok {
		t.Fatal("the source cannot count")
	}
	if events := sourcetest.CountsWhatItShows(t, source, entry.ID, numbers); events < 10_000 {
		t.Errorf("only %d events were compared", events)
	}
}

func loadOMOP(t *testing.T, e trial.Engine, people map[string]string) sources.Entry {
	t.Helper()
	ctx := context.Background()
	made := e.Make(t)
	loader, err := seed.OpenTables(ctx, made.DB, e.Dialect, seed.OMOP)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range omopTables {
		file, err := os.Open(testkit.Shared(t, omopFolder+strings.ToUpper(table)+".csv.gz"))
		if err != nil {
			t.Fatal(err)
		}
		unzipped, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := loader.LoadCSV(ctx, table, unzipped); err != nil {
			t.Fatal(err)
		}
		_ = file.Close()
	}
	statements := []string{"CREATE TABLE person_nhs_number (person_id integer PRIMARY KEY, nhs_number varchar(10) NOT NULL)",
		"CREATE INDEX person_nhs_number_at ON person_nhs_number (nhs_number)"}
	for person, number := range people {
		statements = append(statements, "INSERT INTO person_nhs_number VALUES ("+person+", '"+number+"')")
	}
	for _, statement := range statements {
		if err := loader.Exec(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := loader.Close(ctx); err != nil {
		t.Fatal(err)
	}
	return open(t, e, "omop", seed.OMOP, made.Reader, map[string]string{"organisation": "RRV",
		"organisation_name": "UNIVERSITY COLLEGE LONDON HOSPITALS NHS FOUNDATION TRUST", "nhs_number_table": "person_nhs_number"})
}

// omopRows lists, for each person, every row of the export as the kind and id it must be found under.
func omopRows(t *testing.T) map[string]map[string]bool {
	t.Helper()
	vaccines := map[string]bool{}
	for _, row := range readFile(t, "omop-synthea27nj/CONCEPT") {
		vaccines[row["concept_id"]] = row["vocabulary_id"] == "CVX"
	}
	rows := map[string]map[string]bool{}
	for _, table := range []struct {
		name, prefix string
		kind         clinical.Kind
	}{
		{"visit_occurrence", "", clinical.KindEncounter},
		{"condition_occurrence", "", clinical.KindCondition},
		{"drug_exposure", "", clinical.KindMedication},
		{"procedure_occurrence", "", clinical.KindProcedure},
		{"device_exposure", "device-", clinical.KindProcedure},
		{"measurement", "measurement-", clinical.KindObservation},
		{"observation", "observation-", clinical.KindObservation},
		{"note", "", clinical.KindDocument},
	} {
		for _, row := range readFile(t, "omop-synthea27nj/"+strings.ToUpper(table.name)) {
			kind := table.kind
			if kind == clinical.KindMedication && vaccines[row["drug_concept_id"]] {
				kind = clinical.KindImmunisation
			}
			if rows[row["person_id"]] == nil {
				rows[row["person_id"]] = map[string]bool{}
			}
			rows[row["person_id"]][kind.String()+" "+table.prefix+row[table.name+"_id"]] = true
		}
	}
	return rows
}

// identified asks for everything about a person and returns each record as its kind and id.
func (h *house) identified(t *testing.T, token, number string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	h.pages(t, token, document(60), number, func(kind clinical.Kind, page connection) {
		for _, node := range page.Nodes {
			for _, record := range node.Contributors {
				id := kind.String() + " " + record.Provenance.LocalID
				if found[id] {
					t.Errorf("%s is shown twice", id)
				}
				found[id] = true
			}
		}
	})
	return found
}

func missing(want, got map[string]bool) []string {
	var lost []string
	for id := range want {
		if !got[id] {
			lost = append(lost, id)
		}
	}
	return lost
}
