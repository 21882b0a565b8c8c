package circe_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort/circe"
	"onelondon/internal/cohort/engine"
	"onelondon/internal/condition"
	"onelondon/internal/testkit"
	"onelondon/sources"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const asAt = "2026-11-01"

// phenotype is one of OHDSI's definitions.
type phenotype struct {
	id   int
	data []byte
	sets map[int][]item // its concept sets
}

// item is one concept of a concept set.
type item struct {
	Concept struct {
		ID         int    `json:"CONCEPT_ID"`
		Code       string `json:"CONCEPT_CODE"`
		Domain     string `json:"DOMAIN_ID"`
		Vocabulary string `json:"VOCABULARY_ID"`
	} `json:"concept"`
	Excluded bool `json:"isExcluded"`
	Descend  bool `json:"includeDescendants"`
}

func phenotypes(t *testing.T) []phenotype {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(testkit.Shared(t, "data/queries/circe"), "*.json"))
	if err != nil || len(paths) != 18 {
		t.Fatalf("found %d definitions (%v), want 18", len(paths), err)
	}
	var all []phenotype
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		id, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(path), ".json"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, phenotype{id, data, conceptSets(t, data)})
	}
	slices.SortFunc(all, func(a, b phenotype) int { return a.id - b.id })
	return all
}

func conceptSets(t *testing.T, data []byte) map[int][]item {
	t.Helper()
	var read struct {
		ConceptSets []struct {
			ID         int `json:"id"`
			Expression struct {
				Items []item `json:"items"`
			} `json:"expression"`
		}
	}
	if err := json.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	sets := map[int][]item{}
	for _, set := range read.ConceptSets {
		sets[set.ID] = set.Expression.Items
	}
	return sets
}

func TestOHDSIsDefinitionsCountAsPlainSQLDoes(t *testing.T) {
	all := phenotypes(t)
	for _, w := range []*world{synthea(t), made(t, all, testkit.Seed(t), testkit.Size(400, 6_000))} {
		t.Run(w.name, func(t *testing.T) {
			s := w.load(t, all)
			people, entries, answered := 0, 0, 0
			for _, each := range all {
				found, counted := s.compare(t, each)
				people, entries = people+found, entries+counted
				if found > 0 {
					answered++
				}
			}
			testkit.Counted(t, "%d of %d definitions find somebody among %d people of %s: %d people, %d entries", answered, len(all),
				len(w.people), w.name, people, entries)
			if answered < w.least {
				t.Errorf("%d definitions find somebody, too few to prove anything", answered)
			}
		})
	}
}

// compare asks a definition of the engine and of the database, and says how many people and entries there are.
func (s *site) compare(t *testing.T, each phenotype) (people, entries int) {
	t.Helper()
	day, err := clinical.ParseDay(asAt)
	if err != nil {
		t.Fatal(err)
	}
	imported, err := circe.Import(each.data, circe.Options{Name: fmt.Sprintf("ohdsi-%d", each.id), Title: "OHDSI", AsAt: day, Vocabulary: s.vocabulary})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := engine.NewPlan(*imported.Definition, []sources.Spec{{ID: "omop", Kinds: clinical.Kinds()}})
	if err != nil {
		t.Fatal(err)
	}
	outcome, err := engine.Run(context.Background(), engine.Options{Plan: plan, Catalogue: s, Stand: s.stand,
		Condition: func(clinical.Kind) condition.Condition { return condition.Always() }})
	if err != nil || !outcome.Complete() {
		t.Fatalf("%d: %v, %v, %+v", each.id, err, s.fault, outcome)
	}
	want := s.plain(t, each.id)
	var got []clinical.Pseudonym
	for _, cell := range outcome.Counted.Cells {
		got = append(got, cell.People...)
		entries += int(cell.Exact[1].Number)
	}
	if expected := slices.Sorted(maps.Keys(want)); !slices.Equal(slices.Sorted(slices.Values(got)), expected) {
		t.Errorf("%d: the engine finds %d people, SQL %d", each.id, len(got), len(expected))
	}
	days := 0
	for _, starts := range want {
		days += starts
	}
	if entries != days && (s.apart || !imported.Lacks(circe.Entries) || entries < days) {
		t.Errorf("%d: the engine counts %d entries, SQL %d days on which one begins", each.id, entries, days)
	}
	return len(got), entries
}

// plain runs the SQL of a definition: on how many days entries begin, for each person who has one.
func (s *site) plain(t *testing.T, id int) map[clinical.Pseudonym]int {
	t.Helper()
	query, err := os.ReadFile(fmt.Sprintf("testdata/%d.sql", id))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.db.Query(string(query))
	if err != nil {
		t.Fatalf("%d: %v", id, err)
	}
	defer func() { _ = rows.Close() }()
	found := map[clinical.Pseudonym]int{}
	for rows.Next() {
		var person uint64
		var starts sql.NullString
		if err := rows.Scan(&person, &starts); err != nil {
			t.Fatal(err)
		}
		found[clinical.Pseudonym(person)]++
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}
