package circe_test

import (
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"onelondon/examples/london/seed"
	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/cohort/circe"
	"onelondon/sources"
	"onelondon/sources/sqlsource"
)

// site is a world in a database, asked both ways.
type site struct {
	db         *sql.DB
	source     sources.Counter
	people     map[string]int // by NHS number
	vocabulary *circe.Tables
	apart      bool
	fault      error
}

// load writes a world into SQLite: its tables, numbers for its people, and for plain SQL the concepts of every concept set.
func (w *world) load(t *testing.T, all []phenotype) *site {
	t.Helper()
	ctx, e := context.Background(), trial.SQLite()
	database := e.Make(t)
	s := &site{db: database.DB, people: map[string]int{}, apart: w.apart}
	loader, err := seed.OpenTables(ctx, database.DB, e.Dialect, seed.OMOP)
	if err != nil {
		t.Fatal(err)
	}
	for table, text := range w.tables {
		if table == "concept_relationship" {
			continue
		}
		if _, err := loader.LoadCSV(ctx, table, strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	statements := append(views(), "create table person_nhs_number (person_id integer primary key, nhs_number text not null)",
		"create table codeset (definition integer, id integer, concept_id integer)")
	for i, person := range w.people {
		number := numbered(i)
		s.people[number] = person
		statements = append(statements, fmt.Sprintf("insert into person_nhs_number values (%d, '%s')", person, number))
	}
	below := w.below(t)
	for _, each := range all {
		for id, set := range each.sets {
			for concept := range closed(set, below) {
				statements = append(statements, fmt.Sprintf("insert into codeset values (%d, %d, %d)", each.id, id, concept))
			}
		}
	}
	for _, statement := range statements {
		if err := loader.Exec(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := loader.Close(ctx); err != nil {
		t.Fatal(err)
	}
	s.open(t, e, database.Reader)
	s.vocabulary = w.vocabulary(t)
	return s
}

func (s *site) open(t *testing.T, e trial.Engine, reader string) {
	t.Helper()
	opened, err := e.Open(context.Background(), sqlsource.Options{ID: "omop", DSN: reader, Mapping: trial.Mapping(t, "omop-cdm-5.4.yaml",
		map[string]string{"organisation": "RRV", "organisation_name": "A trust", "nhs_number_table": "person_nhs_number"})})
	if err != nil {
		t.Fatal(err)
	}
	s.source = opened
}

// views are the events of each domain as plain SQL sees them: of days until that of the question. What has no end ends on its day.
func views() []string {
	view := func(name, table, concept, starts, ends, more string) string {
		return fmt.Sprintf("create view %s as select person_id, %s as concept_id, date(%s) as starts, date(coalesce(%s, %s)) as ends%s from %s where date(%s) <= '%s'",
			name, concept, starts, ends, starts, more, table, starts, asAt)
	}
	return []string{
		view("visits", "visit_occurrence", "visit_concept_id", "visit_start_date", "visit_end_date", ""),
		view("conditions", "condition_occurrence", "condition_concept_id", "condition_start_date", "condition_end_date", ""),
		view("medicines", "drug_exposure", "drug_concept_id", "drug_exposure_start_date", "drug_exposure_end_date", ""),
		view("measurements", "measurement", "measurement_concept_id", "measurement_date", "measurement_date",
			", cast(value_as_number as real) as value, unit_source_value as unit"),
		view("observations", "observation", "observation_concept_id", "observation_date", "observation_date", ""),
	}
}

// below reads what lies directly beneath each concept.
func (w *world) below(t *testing.T) map[int][]int {
	t.Helper()
	below := map[int][]int{}
	rows, err := csv.NewReader(strings.NewReader(w.tables["concept_relationship"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		switch row[2] {
		case "Subsumes", "RxNorm ing of", "Constitutes", "Has tradename":
			from, first := strconv.Atoi(row[0])
			to, second := strconv.Atoi(row[1])
			if first != nil || second != nil {
				t.Fatalf("%v are no concepts", row)
			}
			below[from] = append(below[from], to)
		}
	}
	return below
}

// closed is the concepts of a set with all beneath them, without those that are excluded.
func closed(set []item, below map[int][]int) map[int]bool {
	kept, left := map[int]bool{}, map[int]bool{}
	for _, of := range set {
		into := kept
		if of.Excluded {
			into = left
		}
		into[of.Concept.ID] = true
		if of.Descend {
			descend(of.Concept.ID, below, into)
		}
	}
	for id := range left {
		delete(kept, id)
	}
	return kept
}

func descend(from int, below map[int][]int, into map[int]bool) {
	for _, child := range below[from] {
		if !into[child] {
			into[child] = true
			descend(child, below, into)
		}
	}
}

func (w *world) vocabulary(t *testing.T) *circe.Tables {
	t.Helper()
	files := fstest.MapFS{"CONCEPT.csv": &fstest.MapFile{Data: []byte(w.tables["concept"])}}
	if text, ok := w.tables["concept_relationship"]; ok {
		files["CONCEPT_RELATIONSHIP.csv"] = &fstest.MapFile{Data: []byte(text)}
	}
	read, err := circe.ReadTables(files)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// numbered is a valid NHS number of the range that is never issued.
func numbered(i int) string {
	for number := 999_000_000 + i*4; ; number++ {
		for check := range 10 {
			text := fmt.Sprintf("%d%d", number, check)
			if _, err := clinical.ParseNHSNumber(text); err == nil {
				return text
			}
		}
	}
}

func (s *site) stand(number clinical.NHSNumber) (clinical.Pseudonym, bool) {
	person, ok := s.people[number.Reveal()]
	return clinical.Pseudonym(person), ok
}

// Count asks the one source without any guard.
func (s *site) Count(ctx context.Context, id clinical.SourceID, read func(context.Context, sources.Counter) error) sources.CountReply {
	if s.fault = read(ctx, s.source); s.fault != nil {
		return sources.CountReply{Source: id, Outcome: sources.OutcomeFailed}
	}
	return sources.CountReply{Source: id, Outcome: sources.OutcomeAnswered}
}
