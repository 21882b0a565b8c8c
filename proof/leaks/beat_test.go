package leaks_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
)

// beat is what whoever is not shown is held back to a multiple of.
const beat = 100 * time.Millisecond

// How long it takes not to be shown somebody tells neither that they carry an S-flag nor that they are nobody: both leave on
// the same beat. Beats are counted rather than milliseconds, so that a busy machine only blurs both alike.
func TestSomebodyHiddenAndNobodyLeaveOnTheSameBeat(t *testing.T) {
	seed := testkit.Seed(t)
	doc := throw(seed, 9).walk()
	sameBeat(t, seed, auth.Person{Subject: "stranger", Name: "Somebody", Role: "R0260", Organisation: "X99999", Purpose: "TREAT"}, doc.query, testkit.Size(15, 150))
}

// Nor does how long it takes to be refused what is recorded of somebody by office, to staff of a practice where some who are hidden are
// registered.
func TestWhatIsRefusedOfSomebodyHiddenAndOfNobodyLeavesOnTheSameBeat(t *testing.T) {
	sameBeat(t, testkit.Seed(t), auth.Person{Subject: "doctor", Name: "Somebody", Role: "R0260", Organisation: "F84010", Purpose: "TREAT"}, `mutation($n: NHSNumber!) {
		recordCapacity(input: {nhsNumber: $n, finding: PRESUMED, reason: "seen at the desk", evidence: "none"}) { inForce } }`, testkit.Size(5, 50))
}

func sameBeat(t *testing.T, seed uint64, who auth.Person, query string, rounds int) {
	t.Helper()
	w := open(t, trial.SQLite(), straight, seed, 120)
	var hidden []clinical.NHSNumber
	for _, b := range w.people {
		if b.flagged {
			hidden = append(hidden, b.number)
		}
	}
	if len(hidden) == 0 {
		t.Fatal("nobody is flagged: the population is too small")
	}
	token := w.Token(t, who)
	took := [2][]int{}
	var mu sync.Mutex
	for round := range rounds {
		var all sync.WaitGroup
		for i := range 6 { // three of each at once, so that both see the same load
			asked := number(10_000 + round)
			if i%2 == 0 {
				asked = hidden[round%len(hidden)]
			}
			all.Go(func() {
				begun := time.Now()
				w.Ask(t, token, query, map[string]any{"n": asked.Reveal()})
				mu.Lock()
				defer mu.Unlock()
				took[i%2] = append(took[i%2], int(time.Since(begun)/beat))
			})
		}
		all.Wait()
	}
	for i := range took {
		slices.Sort(took[i])
	}
	flagged, nobody := took[0][len(took[0])/2], took[1][len(took[1])/2]
	if flagged != nobody || took[0][0] < 1 || took[1][0] < 1 {
		t.Errorf("hidden people leave on beat %d (%v), nobody on beat %d (%v)", flagged, took[0], nobody, took[1])
	}
	testkit.Counted(t, "%d answers about hidden people and as many about nobody, the median of both on beat %d", len(took[0]), flagged)
}
