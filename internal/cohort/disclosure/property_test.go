package disclosure_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// drawn is a random table of one to three dimensions whose cells hold from nobody to forty people, many of them few.
func drawn(t *rapid.T) (*cohort.Counted, *cohort.Definition) {
	by := []cohort.Dimension{sexes}
	groups := cohort.Dimension{Kind: cohort.ByGroup}
	for i := range rapid.IntRange(2, 4).Draw(t, "groups") {
		groups.Groups = append(groups.Groups, cohort.Group{Name: fmt.Sprint("group ", i)})
	}
	bands := cohort.Dimension{Kind: cohort.ByAgeBand, Bands: []int{0, 40}}
	by = append(by, []cohort.Dimension{groups, bands}[:rapid.IntRange(0, 2).Draw(t, "dimensions")]...)
	keys := [][]string{nil}
	for i := range by {
		var longer [][]string
		for _, key := range keys {
			for _, value := range by[i].Values() {
				longer = append(longer, append(append([]string{}, key...), value))
			}
		}
		keys = longer
	}
	var cells []cohort.Cell
	for i, key := range keys {
		if count := rapid.OneOf(rapid.IntRange(0, 9), rapid.IntRange(8, 40)).Draw(t, "people"); count > 0 {
			cells = append(cells, cell(people(1000*i, count), key...))
		}
	}
	return counted(cells...), asking(by...)
}

// exactly finds the people of a row.
func exactly(of *cohort.Counted, key []string) []clinical.Pseudonym {
	for _, cell := range of.Cells {
		if cmp.Equal(cell.Key, key) {
			return cell.People
		}
	}
	return nil
}

func TestNothingShownRestsOnFewPeople(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of, definition := drawn(t)
		for _, row := range protected(t, of, definition).Rows {
			here := len(exactly(of, row.Key))
			for i, figure := range row.Figures {
				if figure.Shown && (here < 8 || i == 3 && here < 32) {
					t.Fatalf("%v shows %v of %d people", row.Key, figure, here)
				}
				if !figure.Shown && figure != (cohort.Figure{}) {
					t.Fatalf("%v keeps %v of what is redacted", row.Key, figure)
				}
			}
			if number := int(row.Figures[0].Number); row.Figures[0].Shown && (number%5 != 0 || number < here-2 || number > here+2) {
				t.Fatalf("%v shows %d for %d people", row.Key, number, here)
			}
		}
	})
}

func TestATotalIsTheSumOfWhatIsShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of, definition := drawn(t)
		result := protected(t, of, definition)
		var people, events float64
		for _, row := range result.Rows {
			people, events = people+row.Figures[0].Number, events+row.Figures[1].Number
		}
		if got := result.Total.Figures; got[0].Number != people || got[1].Number != events || got[3].Shown {
			t.Fatalf("the total is %v of %v people and %v events", got, people, events)
		}
	})
}

// TestFewAreNeverWhatIsLeft takes every part of the table in which some dimensions have one value: whoever knew how many people it
// has would know how many are in its redacted cells together.
func TestFewAreNeverWhatIsLeft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of, definition := drawn(t)
		result := protected(t, of, definition)
		for fixed := range 1 << len(definition.By) {
			left, shown := map[string]int{}, map[string]bool{}
			for _, row := range result.Rows {
				part := ""
				for i, value := range row.Key {
					if fixed&(1<<i) != 0 {
						part += value + "/"
					}
				}
				if row.Figures[0].Shown {
					shown[part] = true
				} else {
					left[part] += len(exactly(of, row.Key))
				}
			}
			for part, people := range left {
				if people > 0 && people < 8 && shown[part] {
					t.Fatalf("of %q %d people are left over", part, people)
				}
			}
		}
	})
}

func TestTheOrderInWhichCellsComeSaysNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of, definition := drawn(t)
		want := protected(t, of, definition)
		got := protected(t, shuffled(of, rapid.Uint64().Draw(t, "seed")), definition)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}
