package impact_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onelondon/policy/impact"
)

func TestASmallNumberTakesAnotherWithIt(t *testing.T) {
	for name, test := range map[string]struct {
		counts []int
		cells  []string
		total  string
	}{
		"nothing small":             {[]int{100, 12, 0}, []string{"100", "10", "0"}, "110"},
		"one small":                 {[]int{100, 12, 3}, []string{"100", "*", "*"}, "100"},
		"one small and nobody else": {[]int{3, 0}, []string{"*", "0"}, "*"},
		"two small":                 {[]int{100, 5, 3}, []string{"100", "*", "*"}, "100"},
		"nobody":                    {[]int{0, 0}, []string{"0", "0"}, "0"},
	} {
		cells, total := impact.Column(test.counts)
		if !slices.Equal(cells, test.cells) || total != test.total {
			t.Errorf("%s: %v and in all %s", name, cells, total)
		}
	}
}

func TestWhoGainsIsNotWorkedOutFromWhoLoses(t *testing.T) {
	got := impact.Table([][3]int{{100, 4, 96}, {80, 0, 80}, {60, 0, 0}, {50, 5, 0}})
	want := [][3]string{{"100", "*", "*"}, {"80", "0", "*"}, {"60", "0", "0"}, {"50", "*", "0"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What is published would be the same had a hidden small number been any other small number: so nothing that is published,
// totals least of all, tells which it was.
func TestAHiddenNumberCannotBeRecoveredFromWhatIsShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.OneOf(rapid.Just(0), rapid.IntRange(1, 7), rapid.IntRange(8, 400))
		counts := rapid.SliceOfN(count, 1, 8).Draw(t, "counts")
		cells, total := impact.Column(counts)
		for i := range counts {
			if counts[i] == 0 || counts[i] > 7 {
				continue
			}
			for other := 1; other <= 7; other++ {
				changed := slices.Clone(counts)
				changed[i] = other
				if again, all := impact.Column(changed); !slices.Equal(again, cells) || all != total {
					t.Fatalf("%v shows %v, %s; with %d in place %d it shows %v, %s", counts, cells, total, other, i, again, all)
				}
			}
		}
	})
}

// The attacker knows the true sum, from elsewhere, and takes away what is shown. As long as anybody else is counted in the column,
// more than one number is left for what is hidden.
func TestWhoKnowsTheSumDoesNotKnowWhatIsHidden(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.OneOf(rapid.Just(0), rapid.IntRange(1, 7), rapid.IntRange(8, 400)), 2, 8).Draw(t, "counts")
		cells, _ := impact.Column(counts)
		somebody, hides, left := 0, 0, 0
		for i, cell := range cells {
			if counts[i] > 0 {
				somebody++
			}
			if cell == "*" {
				hides, left = hides+1, left+counts[i]
			}
		}
		if hides == 1 && somebody > 1 {
			t.Fatalf("%v shows %v: the hidden one is what is left, %d", counts, cells, left)
		}
	})
}

func TestATableOfManyRowsHidesNoNumberAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.Custom(func(t *rapid.T) [3]int {
			people := rapid.IntRange(1, 60).Draw(t, "people")
			return [3]int{people, rapid.IntRange(0, people).Draw(t, "gain"), rapid.IntRange(0, people).Draw(t, "lose")}
		})
		counts := rapid.SliceOfN(row, 1, 6).Draw(t, "counts")
		cells := impact.Table(counts)
		for c := range 3 {
			hides, shows := 0, 0
			for r := range cells {
				switch {
				case cells[r][c] == "*":
					hides++
				case cells[r][c] != "0":
					shows++
				}
				if n := counts[r][c]; 0 < n && n <= 7 && cells[r][c] != "*" {
					t.Fatalf("%v shows %v", counts, cells)
				}
				if c > 0 && cells[r][c] == "*" && cells[r][3-c] != "*" && cells[r][3-c] != "0" {
					t.Fatalf("row %d of %v shows %v", r, counts, cells)
				}
			}
			if hides == 1 && shows > 0 {
				t.Fatalf("column %d of %v shows %v", c, counts, cells)
			}
		}
	})
}
