package disclosure

import (
	"testing"

	"pgregory.net/rapid"
)

// lightest finds the lightest cut above nothing by trying all.
func lightest(edges [][]int) int {
	best := 0
	for side := range 1 << (len(edges) - 1) {
		weight := 0
		for a := range edges {
			for b := range a {
				if in := func(n int) bool { return n > 0 && side&(1<<(n-1)) != 0 }; in(a) != in(b) {
					weight += edges[a][b]
				}
			}
		}
		if weight > 0 && (best == 0 || weight < best) {
			best = weight
		}
	}
	return best
}

func TestTheLightestCutIsTheOneThatTryingAllFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := rapid.IntRange(1, 8).Draw(t, "nodes")
		graph, edges := newCrossing(nodes), make([][]int, nodes+1)
		for a := range edges {
			edges[a] = make([]int, nodes+1)
			for b := range a {
				people := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 12)).Draw(t, "people")
				edges[a][b] = people
				graph.add(a, b, people)
			}
		}
		want := lightest(edges)
		if got := graph.few(8); got != (want > 0 && want < 8) {
			t.Fatalf("few is %v where the lightest cut weighs %d", got, want)
		}
	})
}
