package disclosure

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// drawn is a way to divide so many people, into parts that are mostly large.
func drawn(t *rapid.T, people int) []int32 {
	labels := make([]int32, people)
	from, until, parts := rapid.IntRange(0, people).Draw(t, "from"), rapid.IntRange(0, people).Draw(t, "until"), rapid.IntRange(1, 3).Draw(t, "parts")
	step := rapid.IntRange(1, 9).Draw(t, "step")
	for person := min(from, until); person < max(from, until); person++ {
		labels[person] = int32(1 + person/step%parts)
	}
	return labels
}

func TestNoSumAndDifferenceOfAnswersRestsOnFewPeople(t *testing.T) {
	passed := 0
	rapid.Check(t, func(t *rapid.T) {
		const people, smallest = 90, 8
		known, divisions := newSpan(), [][]int32{}
		for range rapid.IntRange(2, 6).Draw(t, "questions") {
			labels := drawn(t, people)
			if next := known.with(labels); !next.tells(smallest) {
				known, divisions = next, append(divisions, labels)
			}
		}
		for range 50 {
			sums, few := make([]float64, people), 0
			for _, labels := range divisions {
				weights := []float64{0, float64(rapid.IntRange(-2, 2).Draw(t, "weight")), float64(rapid.IntRange(-2, 2).Draw(t, "weight")),
					float64(rapid.IntRange(-2, 2).Draw(t, "weight"))}
				for person, label := range labels {
					sums[person] += weights[label]
				}
			}
			for _, sum := range sums {
				if math.Abs(sum) > 1e-9 {
					few++
				}
			}
			if few > 0 && few < smallest {
				t.Fatalf("%d questions tell %d people from all others", len(divisions), few)
			}
		}
		if len(divisions) > 2 {
			passed++
		}
	})
	if passed == 0 {
		t.Error("never were three questions answered: the test proves nothing")
	}
}

func TestTwoGroupsAndTheirUnionDoNotTellWhereTheyMeet(t *testing.T) {
	of := func(parts ...[2]int) []int32 {
		labels := make([]int32, 100)
		for _, part := range parts {
			for person := part[0]; person < part[1]; person++ {
				labels[person] = 1
			}
		}
		return labels
	}
	two := newSpan().with(of([2]int{0, 41})).with(of([2]int{40, 80}))
	if two.tells(20) {
		t.Error("two groups that share one person are refused")
	}
	if three := two.with(of([2]int{0, 80})); !three.tells(20) {
		t.Error("with their union they tell of one person, and are not refused")
	}
	if again := two.with(of([2]int{0, 41})); len(again.vectors) != 2 {
		t.Errorf("a division that was there before adds to the %d", len(again.vectors))
	}
}
