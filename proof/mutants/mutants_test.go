package mutants_test

import (
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"sync"
	"testing"

	"onelondon/internal/testkit"
)

// Nothing in the rules or the tables can be broken without somebody noticing. The short form tries some of the mutants, the
// same ones each time; the long form all of them, and ONELONDON_MUTANTS those whose name it matches as a regular expression.
func TestABrokenRuleIsNoticed(t *testing.T) {
	known := number(append(rules(t), tables(t)...))
	accepted := equivalents(t, known)
	tried := choose(t, known)
	seen := judgeAll(t, tried)
	counts := map[verdict]int{}
	for i := range tried {
		m, key := &tried[i], tried[i].key()
		reason, excused := accepted[key]
		switch {
		case seen[i].verdict == survived && !excused:
			t.Errorf("policy/%s:%d: nobody notices %q", m.file, m.line, key)
		case seen[i].verdict != survived && excused:
			t.Errorf("equivalent.yaml: %q is noticed (%s: %s), so %q is not so", key, seen[i].verdict, seen[i].by, reason)
		case seen[i].verdict == survived:
			counts["equivalent"]++
			continue
		}
		counts[seen[i].verdict]++
	}
	killed := counts[refused] + counts[tested] + counts[decided]
	testkit.Counted(t, "%d of %d mutants tried: %d killed (%d by Rego tests, %d by cases, %d refused), %d survived, %d mean the same, "+
		"%d do not compile: kill rate %.1f %%", len(tried), len(known), killed, counts[tested], counts[decided], counts[refused],
		counts[survived], counts["equivalent"], counts[unborn], 100*float64(killed)/float64(max(1, killed+counts[survived])))
	if killed < len(tried)/2 {
		t.Errorf("only %d of %d were killed: are they mutants?", killed, len(tried))
	}
}

// choose picks the mutants to try.
func choose(t *testing.T, known []mutant) []mutant {
	t.Helper()
	if wanted := os.Getenv("ONELONDON_MUTANTS"); wanted != "" {
		names, err := regexp.Compile(wanted)
		if err != nil {
			t.Fatal(err)
		}
		tried := slices.DeleteFunc(slices.Clone(known), func(m mutant) bool { return !names.MatchString(m.key()) })
		if len(tried) == 0 {
			t.Fatal("ONELONDON_MUTANTS names no mutant")
		}
		return tried
	}
	sample := testkit.Size(40, len(known))
	if sample >= len(known) {
		return known
	}
	tried := make([]mutant, sample)
	for i, j := range rand.New(rand.NewPCG(1, 2)).Perm(len(known))[:sample] {
		tried[i] = known[j]
	}
	return tried
}

// judged is what became of one mutant.
type judged struct {
	verdict verdict
	by      string
}

// judgeAll judges mutants, two at a time, and names at once those that nobody notices: a long run is long.
func judgeAll(t *testing.T, mutants []mutant) []judged {
	t.Helper()
	n := newNotice(t)
	if v, by := n.judge(t.Context(), &mutant{file: "none"}); v != survived {
		t.Fatalf("the policy as it ships is %s: %s", v, by)
	}
	seen := make([]judged, len(mutants))
	var all sync.WaitGroup
	next := make(chan int)
	for range 2 {
		all.Go(func() {
			for i := range next {
				v, by := n.judge(t.Context(), &mutants[i])
				seen[i] = judged{v, by}
				if v == survived {
					t.Logf("not noticed: %s", mutants[i].key())
				}
			}
		})
	}
	for i := range mutants {
		next <- i
	}
	close(next)
	all.Wait()
	return seen
}

// equivalents reads which mutants mean the same as the rule, and why. Each must still exist.
func equivalents(t *testing.T, known []mutant) map[string]string {
	t.Helper()
	exists := map[string]bool{}
	for i := range known {
		exists[known[i].key()] = true
	}
	return testkit.Accepted(t, "equivalent.yaml", exists)
}
