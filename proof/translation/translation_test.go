package translation_test

import (
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"onelondon/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// chosen names the environment variable that chooses which breaks are tried: all whose name it matches, as a regular
// expression. A name is the file, the function and what is done, as in equivalent.yaml.
const chosen = "ONELONDON_BREAKS"

// Nothing between a rule and what is released by it can be broken without somebody noticing. The short form tries some of the
// breaks, the same ones each time; the long form all of them.
func TestABreakBetweenARuleAndARecordIsNoticed(t *testing.T) {
	all := breakAll(t)
	accepted := equivalents(t, all.points)
	for _, place := range places() {
		t.Run(place.folder+"/"+place.files[0], func(t *testing.T) {
			all.tried(t, place, accepted)
		})
	}
}

// tried tries the breaks of one place.
func (all *breakages) tried(t *testing.T, place place, accepted map[string]string) {
	points := all.in(place)
	known := len(points)
	switch pattern := os.Getenv(chosen); {
	case pattern != "":
		wanted := regexp.MustCompile(pattern)
		points = slices.DeleteFunc(points, func(p *point) bool { return !wanted.MatchString(p.key()) })
	case !testkit.Proving(): // what nobody notices takes everybody's time
		points = sampled(slices.DeleteFunc(points, func(p *point) bool { return accepted[p.key()] != "" }), 3)
	}
	counts, silent, same := map[string]int{}, 0, 0
	for i, by := range all.judge(t, place, points) {
		p := points[i]
		reason, excused := accepted[p.key()]
		switch {
		case by == "" && !excused:
			t.Errorf("%s:%d: nobody notices: %s", p.file, p.line, p.key())
			silent++
		case by == "":
			same++
		case excused:
			t.Errorf("equivalent.yaml: %q is noticed (%s), so %q is not so", p.key(), by, reason)
		default:
			folder, _, _ := strings.Cut(by, ":")
			counts["by "+folder]++
		}
	}
	testkit.Counted(t, "%d of %d breaks tried: %d noticed %v, %d survived, %d mean the same", len(points), known,
		len(points)-silent-same, counts, silent, same)
}

// sampled are some of the points, the same ones each time.
func sampled(points []*point, count int) []*point {
	var some []*point
	for _, i := range rand.New(rand.NewPCG(32, 6)).Perm(len(points))[:count] {
		some = append(some, points[i])
	}
	return some
}

// judge lets everybody look at each break until somebody notices, two at a time; nothing where nobody does.
func (all *breakages) judge(t *testing.T, place place, points []*point) []string {
	t.Helper()
	seen := make([]string, len(points))
	var group sync.WaitGroup
	next := make(chan int)
	for range 2 {
		group.Go(func() {
			for i := range next {
				for _, by := range place.noticed {
					which, err := all.notices(t.Context(), by, points[i].number)
					if err != nil {
						t.Error(err)
					}
					if seen[i] = which; which != "" {
						break
					}
				}
				t.Logf("%s: %s", points[i].key(), seen[i])
			}
		})
	}
	for i := range points {
		next <- i
	}
	close(next)
	group.Wait()
	return seen
}

// equivalents reads which breaks change nothing that can be seen, and why. Each must still exist.
func equivalents(t *testing.T, known []point) map[string]string {
	t.Helper()
	exists := map[string]bool{}
	for i := range known {
		exists[known[i].key()] = true
	}
	return testkit.Accepted(t, "equivalent.yaml", exists)
}
