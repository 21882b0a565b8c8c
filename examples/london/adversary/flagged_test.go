package adversary_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onelondon/examples/london"
	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
)

// unknown is a valid number that nobody in London has.
func unknown(t *testing.T) clinical.NHSNumber {
	t.Helper()
	number, err := clinical.ParseNHSNumber("9434765919")
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// callersOf are people who may have an interest in somebody who hides.
func callersOf(cast *london.Cast) map[string]auth.Person {
	return map[string]auth.Person{
		"the GP where she is registered": trial.GP("F84012"), "a doctor at the trust that treated her": trial.Emergency("RF4"),
		"a receptionist at her practice": trial.Receptionist("F84012"), "a stranger": trial.GP("X99999"),
		"herself": trial.Citizen(cast.SFlagged.NHSNumber), "the heroine": trial.Citizen(cast.Heroine.NHSNumber),
	}
}

// probes are questions that somebody might tell people apart with. N is the number's variable, H a shown person's.
func probes() map[string]string {
	return map[string]string{
		"the chart":           chartQuery(20),
		"the number alone":    `query($n: NHSNumber!) { patient(nhsNumber: $n) { nhsNumber } }`,
		"a claim":             `query($n: NHSNumber!) { patient(nhsNumber: $n, claimedRelationship: "in front of me") { nhsNumber sources { source } } }`,
		"a bad cursor":        `query($n: NHSNumber!) { patient(nhsNumber: $n) { allergies(after: "AAAA") { nodes { id } } } }`,
		"a page of no length": `query($n: NHSNumber!) { patient(nhsNumber: $n) { allergies(first: 0) { nodes { id } } } }`,
		"a filter":            `query($n: NHSNumber!) { patient(nhsNumber: $n) { conditions(filter: {codes: [{code: "38341003"}]}) { nodes { id } } } }`,
		"twice":               `query($n: NHSNumber!) { a: patient(nhsNumber: $n) { nhsNumber } b: patient(nhsNumber: $n, claimedRelationship: "x") { nhsNumber } }`,
		"a timeline":          `query($n: NHSNumber!) { patient(nhsNumber: $n) { timeline { pageInfo { hasNextPage } } receipt { digest } } }`,
	}
}

func TestAnSFlaggedPersonIsAnsweredByteForByteAsNobody(t *testing.T) {
	c := build(t, people(nil))
	h := c.open(t)
	for who, person := range callersOf(&c.cast) {
		token := h.Token(t, person)
		for what, query := range probes() {
			ask := func(number clinical.NHSNumber) trial.Reply {
				return h.Ask(t, token, query, map[string]any{"n": number.Reveal()}, "X-Request-Id", "same")
			}
			flagged, nobody := ask(c.cast.SFlagged.NHSNumber), ask(unknown(t))
			if flagged.Body != nobody.Body || flagged.Status != nobody.Status || fmt.Sprint(flagged.Header) != fmt.Sprint(nobody.Header) {
				t.Errorf("%s, %s:\n%d %.300s\n%d %.300s", who, what, flagged.Status, flagged.Body, nobody.Status, nobody.Body)
			}
		}
	}
}

// A source whose list of people is not at hand is asked about everybody, and may be down besides.
func TestAnSFlaggedPersonIsAsNobodyWhereTheIndexIsMissing(t *testing.T) {
	c := build(t, people(nil))
	for _, down := range []bool{false, true} {
		h := c.open(t)
		h.Locator.Always(pas)
		if down {
			if err := os.WriteFile(c.databases[pas].Reader, []byte(strings.Repeat("rubbish ", 10_000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for who, person := range callersOf(&c.cast) {
			token := h.Token(t, person)
			for what, query := range probes() {
				ask := func(number clinical.NHSNumber) string {
					reply := h.Ask(t, token, query, map[string]any{"n": number.Reveal()}, "X-Request-Id", "same")
					return plain(strings.ReplaceAll(reply.Body, number.Reveal(), "N"))
				}
				// The number itself is part of what she asks with, so that her own token is about another person.
				if flagged, nobody := ask(c.cast.SFlagged.NHSNumber), ask(unknown(t)); flagged != nobody && who != "herself" {
					t.Errorf("down %t, %s, %s:\n%.600s\n%.600s", down, who, what, flagged, nobody)
				}
			}
		}
	}
}

// Whoever is not shown leaves on the same beat: the time tells neither that somebody is there nor why not.
func TestTheTimeOfAnAnswerDoesNotTellWhoIsThere(t *testing.T) {
	c := build(t, people(nil))
	h := c.open(t)
	token := h.Token(t, trial.GP("X99999"))
	asked := []clinical.NHSNumber{c.cast.SFlagged.NHSNumber, unknown(t), c.cast.Heroine.NHSNumber, c.cast.Deleted.NHSNumber}
	took := make([][]time.Duration, len(asked))
	var mu sync.Mutex
	for range 20 {
		var all sync.WaitGroup
		for i := range 2 * len(asked) { // two of each at once, so that all see the same load
			all.Go(func() {
				begun := time.Now()
				h.Ask(t, token, probes()["the number alone"], map[string]any{"n": asked[i%len(asked)].Reveal()})
				mu.Lock()
				defer mu.Unlock()
				took[i%len(asked)] = append(took[i%len(asked)], time.Since(begun))
			})
		}
		all.Wait()
	}
	const beat = 100 * time.Millisecond
	nobody := median(took[1])
	for i := range asked {
		if m := median(took[i]); (m-nobody).Abs() > beat || slices.Min(took[i]) < beat {
			t.Errorf("person %d took %v (at least %v), nobody %v", i, m, slices.Min(took[i]), nobody)
		}
	}
}

func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
