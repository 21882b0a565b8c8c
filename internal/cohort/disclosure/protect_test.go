package disclosure_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/disclosure"
)

// rules are those that ship.
func rules() disclosure.Rules {
	return disclosure.Rules{RedactUpTo: 7, RoundTo: 5, ZeroIsSmall: true, SmallestDifference: 8, LargestShare: 20,
		FewestForQuantiles: 32, MostQuestions: 200, SmallestGroup: 8}
}

// people are so many, from a number on.
func people(from, count int) []clinical.Pseudonym {
	all := make([]clinical.Pseudonym, count)
	for i := range all {
		all[i] = clinical.Pseudonym(from + i)
	}
	return all
}

// cell holds the people of a key, each with one event.
func cell(of []clinical.Pseudonym, key ...string) cohort.Cell {
	count := len(of)
	return cohort.Cell{Key: key, People: of, Exact: []cohort.Measured{
		{Number: float64(count), People: count}, {Number: float64(count), People: count, Events: count, Most: 1},
		{Number: 1000, People: count, Events: count, Most: 1}, {Number: 41.267, Lower: 30.001, Upper: 50.56, People: count, Events: count, Most: 1}}}
}

func counted(cells ...cohort.Cell) *cohort.Counted {
	var everybody []clinical.Pseudonym
	for _, cell := range cells {
		everybody = append(everybody, cell.People...)
	}
	slices.Sort(everybody)
	return &cohort.Counted{Cells: cells, Everybody: slices.Compact(everybody)}
}

func asking(by ...cohort.Dimension) *cohort.Definition {
	return &cohort.Definition{Name: "asked", Version: 1, By: by, Measures: []cohort.Measure{{Kind: cohort.MeasurePeople},
		{Kind: cohort.MeasureEvents, Events: "e"}, {Kind: cohort.MeasureRate, Events: "e"}, {Kind: cohort.MeasureQuartiles, Events: "e"}}}
}

func protected(t failing, of *cohort.Counted, definition *cohort.Definition) cohort.Result {
	t.Helper()
	result, err := disclosure.Protect(of, definition, rules())
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// shownPeople are the numbers of people of the rows, by their last key; -1 for what is redacted.
func shownPeople(result cohort.Result) map[string]float64 {
	numbers := map[string]float64{}
	for _, row := range result.Rows {
		key := ""
		for _, part := range row.Key {
			key += "/" + part
		}
		numbers[key] = -1
		if row.Figures[0].Shown {
			numbers[key] = row.Figures[0].Number
		}
	}
	return numbers
}

var sexes = cohort.Dimension{Kind: cohort.BySex}

func TestFewAndNobodyAreRedactedAndTheRestRounded(t *testing.T) {
	for count, want := range map[int]float64{0: -1, 1: -1, 7: -1, 8: 10, 12: 10, 13: 15, 17: 15, 1001: 1000} {
		of := &cohort.Counted{}
		if count > 0 {
			of = counted(cell(people(1, count)))
		}
		if got := shownPeople(protected(t, of, asking()))[""]; got != want {
			t.Errorf("%d people are shown as %v, not %v", count, got, want)
		}
	}
}

func TestARowIsThereThoughNobodyIsInIt(t *testing.T) {
	got := shownPeople(protected(t, counted(cell(people(1, 40), "FEMALE"), cell(people(100, 52), "MALE")), asking(sexes)))
	want := map[string]float64{"/FEMALE": 40, "/MALE": 50, "/OTHER": -1, "/unknown": -1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestARowWhoseValueIsNotKnownBeforehandIsLeftOutWhereFewAreInIt(t *testing.T) {
	of := counted(cell(people(1, 40), "Barnet"), cell(people(100, 4), "Camden"), cell(people(200, 9), "Ealing"), cell(people(300, 30), "Newham"))
	got := shownPeople(protected(t, of, asking(cohort.Dimension{Kind: cohort.ByBorough})))
	want := map[string]float64{"/Barnet": 40, "/Newham": 30, "/unknown": -1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAFurtherCellIsRedactedWhereFewCouldBeSubtracted(t *testing.T) {
	of := counted(cell(people(1, 3), "FEMALE"), cell(people(100, 52), "MALE"), cell(people(200, 20), "OTHER"))
	want := map[string]float64{"/FEMALE": -1, "/MALE": 50, "/OTHER": -1, "/unknown": -1}
	if diff := cmp.Diff(want, shownPeople(protected(t, of, asking(sexes)))); diff != "" {
		t.Error(diff)
	}
}

func TestFewAreNotSubtractedFromARowOrAColumnEither(t *testing.T) {
	groups := cohort.Dimension{Kind: cohort.ByGroup, Groups: []cohort.Group{{Name: "a"}, {Name: "b"}, {Name: "c"}}}
	var cells []cohort.Cell
	for i, key := range [][]string{{"a", "FEMALE"}, {"a", "MALE"}, {"b", "FEMALE"}, {"b", "MALE"}, {"c", "FEMALE"}, {"c", "MALE"}} {
		count := 20 + i
		if i == 0 {
			count = 5
		}
		cells = append(cells, cell(people(100*i, count), key...))
	}
	got := shownPeople(protected(t, counted(cells...), asking(groups, sexes)))
	want := map[string]float64{"/a/FEMALE": -1, "/a/MALE": -1, "/a/OTHER": -1, "/a/unknown": -1, "/b/FEMALE": -1, "/b/MALE": 25,
		"/b/OTHER": -1, "/b/unknown": -1, "/c/FEMALE": 25, "/c/MALE": 25, "/c/OTHER": -1, "/c/unknown": -1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMonthsInWhichNobodyIsAreRowsToo(t *testing.T) {
	of := counted(cell(people(1, 40), "2025-11"), cell(people(100, 30), "2026-02"))
	of.Overlapping = true
	result := protected(t, of, asking(cohort.Dimension{Kind: cohort.ByMonth, Events: "e"}))
	want := map[string]float64{"/2025-11": 40, "/2025-12": -1, "/2026-01": -1, "/2026-02": 30}
	if diff := cmp.Diff(want, shownPeople(result)); diff != "" || !result.Series || result.Total != nil {
		t.Error(diff, result.Series, result.Total)
	}
}

func TestEventsWithoutAMonthAreARowOnlyWhereEnoughPeopleHaveThem(t *testing.T) {
	month := cohort.Dimension{Kind: cohort.ByMonth, Events: "e"}
	of := counted(cell(people(1, 40), "2025-11"), cell(people(100, 30), "2025-12"), cell(people(200, 9), ""))
	want := map[string]float64{"/2025-11": 40, "/2025-12": 30, "/unknown": 10}
	if diff := cmp.Diff(want, shownPeople(protected(t, of, asking(month)))); diff != "" {
		t.Error(diff)
	}
	of.Cells[2] = cell(people(200, 2), "")
	want = map[string]float64{"/2025-11": 40, "/2025-12": -1}
	if diff := cmp.Diff(want, shownPeople(protected(t, of, asking(month)))); diff != "" {
		t.Error(diff)
	}
}

func TestFiguresOfEventsRestOnEnoughPeople(t *testing.T) {
	of := cell(people(1, 40))
	of.Exact[1] = cohort.Measured{People: 7, Events: 100, Most: 20}
	of.Exact[2] = cohort.Measured{People: 7, Events: 100, Most: 20}
	of.Exact[3] = cohort.Measured{Number: 5, People: 31, Events: 100, Most: 20}
	row := protected(t, counted(of), asking()).Rows[0]
	for i := 1; i < 4; i++ {
		if row.Figures[i].Shown {
			t.Errorf("measure %d is shown: %v", i, row.Figures[i])
		}
	}
}

func TestSomebodyWhoHasMostOfTheEventsCountsLikeTheOthers(t *testing.T) {
	of := cell(people(1, 40))
	of.Exact[1] = cohort.Measured{People: 21, Events: 120, Most: 80}
	of.Exact[2] = cohort.Measured{People: 21, Events: 120, Most: 80}
	of.Exact[3] = cohort.Measured{Number: 5, People: 40, Events: 100, Most: 21}
	row := protected(t, counted(of), asking()).Rows[0]
	want := []cohort.Figure{{Shown: true, Number: 40}, {Shown: true, Number: 40}, {Shown: true, Number: 1000}, {}}
	if diff := cmp.Diff(want, row.Figures); diff != "" {
		t.Error(diff)
	}
}

func TestRatesAreMadeOfRoundedNumbersAndQuantilesHaveThreeDigits(t *testing.T) {
	of := cell(people(1, 41))
	of.Exact[2] = cohort.Measured{People: 30, Events: 66, Most: 9}
	row := protected(t, counted(of), asking()).Rows[0]
	want := []cohort.Figure{{Shown: true, Number: 40}, {Shown: true, Number: 40}, {Shown: true, Number: 1620},
		{Shown: true, Number: 41.3, Lower: 30, Upper: 50.6}}
	if diff := cmp.Diff(want, row.Figures); diff != "" {
		t.Error(diff)
	}
}

func TestNotesTellNoMoreThanTheFigures(t *testing.T) {
	of := counted(cell(people(1, 3), "FEMALE"), cell(people(100, 52), "MALE"), cell(people(200, 20), "OTHER"))
	want := []string{
		"Numbers of people and events are rounded to the nearest 5, and everything else is made of rounded numbers.",
		"3 rows are redacted because fewer than 8 people are in them, or because such rows could be had by subtraction.",
		"Of a person who has more than 20 % of a figure's events, only as many count as others have on average.",
		"Rates, medians and quartiles have 3 significant digits.",
		"A total is that of the rows that are shown.",
	}
	result := protected(t, of, asking(sexes))
	if diff := cmp.Diff(want, result.Notes); diff != "" {
		t.Error(diff)
	}
}

func TestRulesThatProtectNobodyAreRefused(t *testing.T) {
	if _, err := disclosure.Protect(counted(cell(people(1, 40))), asking(), disclosure.Rules{}); err == nil {
		t.Error("shown by no rules")
	}
}

// shuffled is the same answer in another order.
func shuffled(of *cohort.Counted, seed uint64) *cohort.Counted {
	other := *of
	other.Cells = slices.Clone(of.Cells)
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(other.Cells), func(i, j int) {
		other.Cells[i], other.Cells[j] = other.Cells[j], other.Cells[i]
	})
	return &other
}

// failing is a test, or one of rapid's.
type failing interface {
	Helper()
	Fatal(...any)
}
