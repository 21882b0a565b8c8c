package circe_test

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"onelondon/internal/testkit"
)

// world is tables of a CDM as CSV files.
type world struct {
	name   string
	tables map[string]string // by name in small letters
	people []int
	least  int  // how many definitions find somebody at least
	apart  bool // no two records of a person begin on one day, so that entries are days
}

// synthea is the data set of 28 people that OHDSI gives away, with the part of the vocabulary that it uses.
func synthea(t *testing.T) *world {
	t.Helper()
	w := &world{name: "synthea27nj", tables: map[string]string{}, least: 5}
	for _, table := range []string{"person", "death", "visit_occurrence", "condition_occurrence", "drug_exposure", "measurement", "observation",
		"concept", "concept_relationship", "provider", "care_site"} {
		w.tables[table] = unzip(t, table)
	}
	rows, err := csv.NewReader(strings.NewReader(w.tables["person"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		var id int
		if _, err := fmt.Sscan(row[0], &id); err != nil {
			t.Fatal(err)
		}
		w.people = append(w.people, id)
	}
	return w
}

func unzip(t *testing.T, table string) string {
	t.Helper()
	file, err := os.Open(testkit.Shared(t, "data/omop-synthea27nj/"+strings.ToUpper(table)+".csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	reader, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// maker draws people whose records are of the concepts that the definitions speak of.
type maker struct {
	*rand.Rand
	tables map[string]*strings.Builder
	next   int
}

// made is so many people, each of them with records of the concepts of one definition and a few of others, in days that lie
// close enough for windows and eras to matter.
func made(t *testing.T, all []phenotype, seed uint64, people int) *world {
	t.Helper()
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 18)), tables: map[string]*strings.Builder{}}
	for table, header := range map[string]string{
		"person":               "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,birth_datetime",
		"visit_occurrence":     "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_end_date",
		"condition_occurrence": "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_end_date",
		"drug_exposure":        "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date",
		"measurement":          "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,unit_source_value",
		"observation":          "observation_id,person_id,observation_concept_id,observation_date",
		"concept":              "concept_id,concept_name,domain_id,vocabulary_id,concept_class_id,standard_concept,concept_code",
	} {
		m.tables[table] = &strings.Builder{}
		m.write(table, header)
	}
	w := &world{name: "made-up people", tables: map[string]string{}, least: 16, apart: true}
	m.concepts(all)
	for person := range people {
		w.people = append(w.people, person+1)
		m.person(person+1, all[person%len(all)], all[m.IntN(len(all))])
	}
	for table, text := range m.tables {
		w.tables[table] = text.String()
	}
	return w
}

func (m *maker) write(table string, cells ...any) {
	texts := make([]string, len(cells))
	for i, cell := range cells {
		texts[i] = fmt.Sprint(cell)
	}
	fmt.Fprintln(m.tables[table], strings.Join(texts, ","))
}

// known reports whether sources here use the terminology of a concept.
func known(of item) bool {
	return slices.Contains([]string{"SNOMED", "RxNorm", "LOINC"}, of.Concept.Vocabulary)
}

func (m *maker) concepts(all []phenotype) {
	seen := map[int]bool{}
	for _, each := range all {
		for _, set := range each.sets {
			for _, of := range set {
				if c := of.Concept; !seen[c.ID] {
					seen[c.ID] = true
					m.write("concept", c.ID, "name", c.Domain, strings.ReplaceAll(c.Vocabulary, " ", "-"), "class", "S", c.Code)
				}
			}
		}
	}
	for _, id := range []int{9202, 9203, 9201, 262} {
		if !seen[id] {
			m.write("concept", id, "name", "Visit", "Visit", "class", "S", fmt.Sprint("V", id))
		}
	}
}

func (m *maker) person(id int, mostly, also phenotype) {
	born := time.Date(1930+m.IntN(80), time.Month(1+m.IntN(12)), 1+m.IntN(28), 0, 0, 0, 0, time.UTC)
	m.write("person", id, 8507+25*m.IntN(2), born.Year(), int(born.Month()), born.Day(), born.Format("2006-01-02"))
	around := time.Date(2012+m.IntN(14), time.Month(1+m.IntN(12)), 1, 0, 0, 0, 0, time.UTC)
	days := m.Perm([]int{60, 250, 1_200}[m.IntN(3)])
	for i := range 2 + m.IntN(14) {
		from := mostly
		if m.IntN(8) == 0 {
			from = also
		}
		m.record(id, m.concept(from), around.AddDate(0, 0, days[i]))
	}
	for i := range m.IntN(6) {
		start := around.AddDate(0, 0, days[20+i])
		m.next++
		m.write("visit_occurrence", m.next, id, []int{9201, 9203, 262, 9202}[m.IntN(4)], start.Format(time.DateOnly), start.AddDate(0, 0, m.IntN(120)).Format(time.DateOnly))
	}
}

// concept is one of a concept of a definition's sets, any set as likely as the others.
func (m *maker) concept(of phenotype) item {
	ids := []int{}
	for id := range of.sets {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for range 50 {
		set := of.sets[ids[m.IntN(len(ids))]]
		if found := set[m.IntN(len(set))]; known(found) {
			return found
		}
	}
	return item{}
}

// record is a record of a concept where the CDM would hold it.
func (m *maker) record(person int, of item, start time.Time) {
	m.next++
	day, end := start.Format(time.DateOnly), start.AddDate(0, 0, m.IntN(40)).Format(time.DateOnly)
	if m.IntN(5) == 0 {
		end = ""
	}
	switch domain := of.Concept.Domain; {
	case domain == "Drug":
		m.write("drug_exposure", m.next, person, of.Concept.ID, day, end)
	case domain == "Measurement":
		value, unit := fmt.Sprintf("%d.%d", 4+m.IntN(8), m.IntN(10)), "%"
		if m.IntN(2) == 0 {
			value, unit = fmt.Sprint(30+m.IntN(80)), "mmol/mol"
		}
		m.write("measurement", m.next, person, of.Concept.ID, day, value, unit)
	case domain == "Observation" || domain == "Condition" && m.IntN(10) == 0:
		m.write("observation", m.next, person, of.Concept.ID, day)
	case domain == "Condition":
		m.write("condition_occurrence", m.next, person, of.Concept.ID, day, end)
	}
}
