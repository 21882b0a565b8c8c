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
	"onelondon/sources"
	"onelondon/sources/sqlsource"
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

// probes are questions that somebody might tell people apart with.
func probes() map[string]string {
	return map[string]string{
		"the chart":        chartQuery(20),
		"the number alone": `query($n: NHSNumber!) { patient(nhsNumber: $n) { nhsNumber } }`,
		"a claim": `query($n: NHSNumber!) { patient(nhsNumber: $n, claimedRelationship: "in front of me") { nhsNumber sources { source outcome records rejected }
			timeline { nodes { id } pageInfo { hasNextPage } sources { source outcome records rejected } } alerts { sources { source outcome } } warnings { kind } } }`,
		"a bad cursor":        `query($n: NHSNumber!) { patient(nhsNumber: $n) { allergies(after: "AAAA") { nodes { id } } } }`,
		"a page of no length": `query($n: NHSNumber!) { patient(nhsNumber: $n) { allergies(first: 0) { nodes { id } } } }`,
		"a filter":            `query($n: NHSNumber!) { patient(nhsNumber: $n) { conditions(filter: {codes: [{code: "38341003"}]}) { nodes { id } } } }`,
		"twice":               `query($n: NHSNumber!) { a: patient(nhsNumber: $n) { nhsNumber } b: patient(nhsNumber: $n, claimedRelationship: "x") { nhsNumber } }`,
		"a timeline":          `query($n: NHSNumber!) { patient(nhsNumber: $n) { timeline { pageInfo { hasNextPage } } receipt { digest } } }`,
	}
}

// alike asks every probe as every caller about two people, and finds the answers equal byte for byte. Whoever is not shown is
// held back a moment, so that all is asked at once.
func alike(t *testing.T, h *trial.House, callers map[string]auth.Person, one, other clinical.NHSNumber) {
	t.Helper()
	var all sync.WaitGroup
	for who, person := range callers {
		token := h.Token(t, person)
		for what, query := range probes() {
			all.Go(func() {
				ask := func(number clinical.NHSNumber) (body, head string) {
					reply := h.Ask(t, token, query, map[string]any{"n": number.Reveal()}, "X-Request-Id", "same")
					if !strings.Contains(reply.Body, `"nhsNumber":"`) { // nobody shown: nothing may differ at all
						return reply.Body, fmt.Sprint(reply.Status, reply.Header)
					}
					reply.Header.Del("Content-Length") // numbers in the answer have lengths
					return plain(strings.ReplaceAll(reply.Body, number.Reveal(), "N")), fmt.Sprint(reply.Status, reply.Header)
				}
				body, head := ask(one)
				if otherBody, otherHead := ask(other); body != otherBody || head != otherHead {
					t.Errorf("%s, %s:\n%s %.600s\n%s %.600s", who, what, head, body, otherHead, otherBody)
				}
			})
		}
	}
	all.Wait()
}

// patient lets a source fail as often as it likes without being left in peace: a circuit opens between two questions.
func patient(_ clinical.SourceID, spec *sources.Spec, _ *sqlsource.Options) {
	spec.Breaker.Failures = 1_000_000
}

func TestAnSFlaggedPersonIsAnsweredByteForByteAsNobody(t *testing.T) {
	c := build(t, people(nil))
	alike(t, c.open(t), callersOf(&c.cast), c.cast.SFlagged.NHSNumber, unknown(t))
}

// A source whose list of people is not at hand is asked about everybody, and may be down besides.
func TestAnSFlaggedPersonIsAsNobodyWhereTheIndexIsMissing(t *testing.T) {
	c := build(t, people(nil))
	callers := callersOf(&c.cast)
	delete(callers, "herself") // her own token names her, so that another number is another's
	for _, down := range []bool{false, true} {
		h := c.open(t, patient)
		h.Locator.Always(pas)
		if down {
			if err := os.WriteFile(c.databases[pas].Reader, []byte(strings.Repeat("rubbish ", 10_000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		alike(t, h, callers, c.cast.SFlagged.NHSNumber, unknown(t))
	}
}

// The index may be older than the flag; what the sources say with the answer decides.
func TestAnSFlagSetAfterTheIndexWasBuiltHidesAtOnce(t *testing.T) {
	c := build(t, people(nil))
	h := c.open(t)
	chart(t, h, h.Token(t, trial.Emergency("RF4")), c.cast.Disputed.NHSNumber)
	c.databases[pas].do(t, "UPDATE PMI SET SENSITIVE_PDS_FLAG = 'Y'")
	callers := map[string]auth.Person{"a doctor at the trust": trial.Emergency("RF4"), "her GP": trial.GP("F86082"),
		"the person": trial.Citizen(c.cast.Disputed.NHSNumber), "a stranger": trial.GP("X99999")}
	alike(t, h, callers, c.cast.Disputed.NHSNumber, unknown(t))
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
