package federation_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"onelondon/examples/london/trial"
	"onelondon/internal/testkit"
)

// TestTheAnswersJoinedAreTheOriginal is the product's main promise. Every row of the original files is looked for in the
// answers and every record of the answers in the original files.
func TestTheAnswersJoinedAreTheOriginal(t *testing.T) {
	given := &numbers{}
	mit := readPopulation(t, "synthea-111-mit", given, "encounters", "conditions", "medications", "procedures", "immunizations")
	uk := readPopulation(t, "synthea-uk-nhse", given, "encounters", "conditions", "medications", "observations", "immunizations")
	for name, want := range map[string]int{"encounters": 7584, "conditions": 4428, "medications": 6124, "procedures": 11742} {
		if mit.rows[name] != want {
			t.Fatalf("%s has %d rows of %s, want %d", mit.name, mit.rows[name], name, want)
		}
	}
	for _, e := range trial.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			s := splitUp(t, mit, uk)
			for system, people := range s.people {
				if len(people) == 0 {
					t.Fatalf("nobody is in %s", system)
				}
			}
			h := newHouse(t, fill(t, e, s))
			people := compareAll(t, h, s, among(t, e, mit), among(t, e, uk))
			testkit.Counted(t, "%d people asked for, whose rows of the original were found once each, of %d rows in %d databases on %s", people, s.rows, len(systems), e.Name)
			report, err := h.Ledger.Verify(context.Background())
			if err != nil || !report.Intact() || int(report.Entries) < people {
				t.Errorf("the ledger holds %d entries of %d people asked for: %v %s", report.Entries, people, err, report.Fault)
			}
		})
	}
}

// among is everybody on SQLite and in the long form; the short form asks the servers, which hold everybody too, for a quarter
// drawn anew each time.
func among(t *testing.T, e trial.Engine, p *population) *population {
	t.Helper()
	if testkit.Proving() || e.Name == "sqlite" {
		return p
	}
	fewer := *p
	fewer.people = nil
	seed := testkit.Seed(t)
	draw := rand.New(rand.NewPCG(seed, 0))
	for _, i := range draw.Perm(len(p.people))[:len(p.people)/4] {
		fewer.people = append(fewer.people, p.people[i])
	}
	return &fewer
}

// compareAll asks for every person and compares. It stops after a few people who differ.
func compareAll(t *testing.T, h *house, s *split, populations ...*population) int {
	t.Helper()
	query, tokens, asked, differ := document(60), map[string]string{}, 0, 0
	for _, p := range populations {
		for _, person := range p.people {
			practice := (&placing{t: t, person: person}).practice()
			if tokens[practice] == "" {
				tokens[practice] = h.doctor(t, practice)
			}
			asked++
			if wrong := difference(s.facts[person.number], h.chart(t, tokens[practice], query, person.number)); wrong != "" {
				t.Errorf("%s, person %d:\n%s", p.name, asked, wrong)
				if differ++; differ == 5 {
					t.Fatal("and so on")
				}
			}
		}
	}
	return asked
}

// difference lists what is missing from an answer and what is too much in it.
func difference(want, got map[fact]int) string {
	var wrong []string
	for f, count := range want {
		if got[f] < count {
			wrong = append(wrong, fmt.Sprintf("lost %d of %d: %+v", count-got[f], count, f))
		}
	}
	for f, count := range got {
		if count > want[f] {
			wrong = append(wrong, fmt.Sprintf("invented %d: %+v", count-want[f], f))
		}
	}
	slices.Sort(wrong)
	if len(wrong) > 12 {
		wrong = append(wrong[:12], fmt.Sprintf("and %d more", len(wrong)-12))
	}
	return strings.Join(wrong, "\n")
}
