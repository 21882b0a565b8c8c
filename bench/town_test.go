package bench_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onelondon/internal/clinical"
	conditions "onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sqlsource"
)

const (
	townPractices = 40 // on SQLite
	townTrusts    = 4  // on PostgreSQL
)

// town is so many people, each of one practice, of whom 7 % have diabetes and who came to A&E 5 times in 10.
type town struct {
	catalogue *sources.Catalogue
	databases []townDatabase
	numbers   []string
	hashes    sync.Pool
	look      func(now bool) // at how much memory is held
	involved  int            // people with diabetes, and people who came to A&E in the year
	columns   int64          // bytes of the engine's columns, of the last run
}

// townDatabase is one database as the program by hand asks it.
type townDatabase struct {
	db        *sql.DB
	practice  bool
	explained sqlsource.Explained // what the product sends it
}

const townMapping = `system: town
title: Town
person:
  from: patient as p
  nhs_number: p.nhs_number
  organisation: {code: p.holder}
  sensitive: p.sensitive
records:
  Registration:
    - {id: p.patient_id, labels: {sealed: false}, fields: {birthDate: {from: p.born, type: date}}}
  %s
`

const townConditions = `Condition:
    - from: problem as c
      person: c.patient_id = p.patient_id
      id: c.problem_id
      labels: {sealed: c.sealed}
      fields: {code: {codings: [{system: SNOMED_CT, code: c.snomed}]}, date: {from: c.happened, type: date}}`

const townEncounters = `Encounter:
    - from: visit as v
      person: v.patient_id = p.patient_id
      id: v.visit_id
      labels: {sealed: v.sealed}
      fields: {class: {from: v.class, values: {AE: EMERGENCY, OP: OUTPATIENT}}, date: {from: v.happened, type: date}}`

func buildTown(b *testing.B, people int) *town {
	b.Helper()
	t := &town{look: func(bool) {}, hashes: sync.Pool{New: func() any { return hmac.New(sha256.New, []byte("the project's key")) }}}
	for i := 0; len(t.numbers) < people; i++ {
		for check := range 10 {
			text := fmt.Sprintf("%09d%d", 400_000_000+i, check)
			if _, err := clinical.ParseNHSNumber(text); err == nil {
				t.numbers = append(t.numbers, text)
			}
		}
	}
	random := rand.New(rand.NewPCG(1, uint64(people)))
	involved := make([]bool, people)
	var entries []sources.Entry
	for i := range townPractices {
		mine := make([]int, 0, people/townPractices)
		for n := i; n < people; n += townPractices {
			mine = append(mine, n)
		}
		entries = append(entries, t.database(b, engines()[1], fmt.Sprintf("practice-%02d", i), townConditions, t.practice(random, mine, involved), true))
	}
	for i := range townTrusts {
		entries = append(entries, t.database(b, engines()[0], fmt.Sprintf("trust-%d", i), townEncounters, t.trust(random, people, involved), false))
	}
	for _, yes := range involved {
		if yes {
			t.involved++
		}
	}
	catalogue, err := sources.NewCatalogue(nil, entries...)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = catalogue.Close() })
	t.catalogue = catalogue
	return t
}

// table is rows of a table, each as SQL writes it.
type table struct {
	name, columns string
	rows          []string
}

func (t *town) patients(of []int) table {
	patients := table{"patient", "(patient_id BIGINT PRIMARY KEY, nhs_number VARCHAR(10), holder VARCHAR(6), born DATE, sensitive BOOLEAN)", nil}
	for _, n := range of {
		patients.rows = append(patients.rows, fmt.Sprintf("(%d,'%s','X01','%d-05-17',false)", n, t.numbers[n], 1930+n%90))
	}
	return patients
}

// practice has two problems of each of its people, and diabetes of 7 %, of some of them twice.
func (t *town) practice(random *rand.Rand, people []int, involved []bool) []table {
	problems := table{"problem", "(problem_id BIGINT PRIMARY KEY, patient_id BIGINT, snomed VARCHAR(18), happened DATE, sealed BOOLEAN)", nil}
	add := func(person int, code string) {
		problems.rows = append(problems.rows, fmt.Sprintf("(%d,%d,'%s','20%02d-%02d-11',false)", len(problems.rows), person, code, random.IntN(26), 1+random.IntN(12)))
	}
	for _, person := range people {
		add(person, fmt.Sprint(100_000_000+random.IntN(2000)))
		add(person, fmt.Sprint(100_000_000+random.IntN(2000)))
		if random.IntN(100) < 7 {
			for range 1 + random.IntN(2) {
				add(person, "73211009")
			}
			involved[person] = true
		}
	}
	return []table{t.patients(people), problems}
}

// trust has an eighth of all visits to A&E, half of them within the year, and as many others.
func (t *town) trust(random *rand.Rand, people int, involved []bool) []table {
	visits := table{"visit", "(visit_id BIGINT PRIMARY KEY, patient_id BIGINT, class VARCHAR(2), happened DATE, sealed BOOLEAN)", nil}
	known := map[int]bool{}
	for i := range people / townTrusts {
		person, year := random.IntN(people), 2024+random.IntN(2)
		known[person] = true
		class := []string{"AE", "OP"}[i%2]
		visits.rows = append(visits.rows, fmt.Sprintf("(%d,%d,'%s','%d-%02d-09',false)", i, person, class, year, 4+random.IntN(9)))
		involved[person] = involved[person] || class == "AE" && year == 2025
	}
	var patients []int
	for person := range known {
		patients = append(patients, person)
	}
	slices.Sort(patients)
	return []table{t.patients(patients), visits}
}

// database fills a database with tables and opens a source over it.
func (t *town) database(b *testing.B, e engine, id, records string, tables []table, practice bool) sources.Entry {
	b.Helper()
	db, reader := e.make(b)
	for _, of := range tables {
		execute(b, db, "CREATE TABLE "+of.name+" "+of.columns)
		for some := range slices.Chunk(of.rows, 500) {
			execute(b, db, "INSERT INTO "+of.name+" VALUES "+strings.Join(some, ","))
		}
	}
	if practice {
		execute(b, db, "CREATE INDEX problem_snomed ON problem (snomed)")
	} else {
		execute(b, db, "CREATE INDEX visit_happened ON visit (happened)")
	}
	execute(b, db, "ANALYZE")
	loaded, err := mapping.Load("town.yaml", []byte(fmt.Sprintf(townMapping, records)), nil)
	if err != nil {
		b.Fatal(err)
	}
	source, err := e.open(context.Background(), sqlsource.Options{ID: clinical.SourceID(id), DSN: reader, Mapping: loaded})
	if err != nil {
		b.Fatal(err)
	}
	t.databases = append(t.databases, townDatabase{db, practice, explainedTo(b, source, practice)})
	patient := sources.StudySpec{Deadline: 10 * time.Minute} // looking at how much memory is held takes longer than counting
	return sources.Entry{Spec: sources.Spec{ID: clinical.SourceID(id), Study: patient}, Source: source}
}

// explainedTo is the one statement that a source of the town is sent for the question.
func explainedTo(b *testing.B, source *sqlsource.Source, practice bool) sqlsource.Explained {
	b.Helper()
	kind := map[bool]clinical.Kind{true: clinical.KindCondition, false: clinical.KindEncounter}[practice]
	plan := townPlan(b, []sources.Spec{{ID: "one", Kinds: []clinical.Kind{kind}}})
	if len(plan.Sources) != 1 || len(plan.Sources[0].Questions) != 1 {
		b.Fatalf("more than one question to a source:\n%s", plan)
	}
	set := plan.Questions[plan.Sources[0].Questions[0]].RecordedSet
	set.Condition = conditions.Always()
	all, err := source.ExplainEvents(context.Background(), set)
	if err != nil || len(all) != 1 {
		b.Fatalf("%d statements, %v", len(all), err)
	}
	return all[0]
}

func execute(b *testing.B, db *sql.DB, statement string) {
	b.Helper()
	if _, err := db.Exec(statement); err != nil {
		b.Fatalf("%.80s: %v", statement, err)
	}
}

// pseudonym is the stand-in of a number, the same for both programs.
func (t *town) pseudonym(number string) clinical.Pseudonym {
	t.look(false)
	mac := t.hashes.Get().(hash.Hash)
	defer t.hashes.Put(mac)
	mac.Reset()
	var sum [sha256.Size]byte
	_, _ = mac.Write([]byte(number))
	return clinical.Pseudonym(binary.BigEndian.Uint64(mac.Sum(sum[:0])))
}
