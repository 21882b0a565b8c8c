package disclosure_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/disclosure"
)

// under are the rules with a change.
func under(change func(*disclosure.Rules)) disclosure.Rules {
	changed := rules()
	change(&changed)
	return changed
}

func again(t *testing.T, ledger *disclosure.Ledger, name string, by disclosure.Rules) (*cohort.Answer, error) {
	t.Helper()
	return ledger.Again(t.Context(), disclosure.Repeated{Digest: "sha256:" + name, Rules: by, Revision: "in force"})
}

// groups are three cells of 100, of 9 and of 3 people, the last two of which give each other away.
func groups(t *testing.T, ledger *disclosure.Ledger) disclosure.Question {
	t.Helper()
	by := cohort.Dimension{Kind: cohort.ByGroup, Groups: []cohort.Group{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}}}
	q := asked("first", counted(cell(people(0, 102), "a"), cell(people(110, 9), "b"), cell(people(120, 33), "c"), cell(people(160, 12), "d")), by)
	commit(t, ledger, q)
	return q
}

func TestAnAnswerIsNotGivenUnderOtherNumbersThanThoseThatProtectedIt(t *testing.T) {
	ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
	groups(t, ledger)
	stricter := under(func(r *disclosure.Rules) { r.RedactUpTo, r.SmallestGroup = 10, 20 })
	for _, each := range []struct {
		rules disclosure.Rules
		basis string
		given bool
	}{
		{rules(), "", true},
		{under(func(r *disclosure.Rules) { r.MostQuestions = 1 }), "", true},
		{stricter, "", false},
		{under(func(r *disclosure.Rules) { r.RedactUpTo = 5 }), "", false},
		{under(func(r *disclosure.Rules) { r.SmallestGroup = 9 }), "", false},
		{rules(), "without type 1", false},
	} {
		told, err := ledger.Answers(t.Context(), each.rules, each.basis)
		if err != nil || len(told) != 1 {
			t.Fatal(told, err)
		}
		if (len(told[0].Result.Rows) > 0) != each.given || (told[0].Withheld == "") != each.given {
			t.Errorf("%+v, %q: %d rows, %q", each.rules, each.basis, len(told[0].Result.Rows), told[0].Withheld)
		}
	}
	_, err := ledger.Reserve(t.Context(), func() disclosure.Question {
		q := asked("first", counted(cell(people(0, 50))))
		q.Rules = stricter
		return q
	}())
	var refusal *disclosure.Refusal
	if !errors.As(err, &refusal) || refusal.Code != disclosure.OtherNumbers {
		t.Error(err)
	}
	_, err = ledger.Again(t.Context(), disclosure.Repeated{Digest: "sha256:first", Rules: rules(), Basis: "without type 1"})
	if !errors.As(err, &refusal) || refusal.Code != disclosure.OtherBasis {
		t.Error(err)
	}
}

func TestAnAnswerIsProtectedAnewByWhatWasCountedThen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	ledger := open(t, path)
	groups(t, ledger)
	first, err := again(t, ledger, "first", rules())
	if err != nil {
		t.Fatal(err)
	}
	// Of "b" 9 were shown, which are few now; 11 people are as few between two questions, yet it is not refused for itself.
	stricter := under(func(r *disclosure.Rules) {
		r.RedactUpTo, r.SmallestDifference, r.RoundTo, r.SmallestGroup, r.MostQuestions = 10, 11, 10, 20, 1
	})
	anew, err := again(t, ledger, "first", stricter)
	if err != nil {
		t.Fatal(err)
	}
	// 33 were shown as 35, so 40 it is now and not the 30 that would tell 33 or 34; "d" goes with "b", of which few are.
	if diff := cmp.Diff(map[string]float64{"/a": 100, "/b": -1, "/c": 40, "/d": -1}, shownPeople(anew.Result)); diff != "" {
		t.Error(diff)
	}
	if anew.PolicyRevision != "in force" || len(anew.Warnings) != 1 || !strings.Contains(anew.Warnings[0], "counted on 27 November 2026 and protected anew") {
		t.Errorf("%q, %q", anew.PolicyRevision, anew.Warnings)
	}
	if err := ledger.Close(); err != nil {
		t.Fatal(err)
	}
	ledger = open(t, path)
	for want, by := range map[*cohort.Answer]disclosure.Rules{first: rules(), anew: stricter} {
		kept, err := again(t, ledger, "first", by)
		if diff := cmp.Diff(want, kept); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
	// A question of the project is held against what was told at first, once.
	q := asked("second", counted(cell(people(0, 99))))
	if refusal := refused(t, ledger, q, disclosure.NearAnother); refusal.Earlier != 1 {
		t.Error(refusal)
	}
	commit(t, ledger, asked("third", counted(cell(people(200, 60)))))
}

func TestWhoHadALargeShareIsNotToldByTwoSetsOfNumbers(t *testing.T) {
	ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
	of := cell(people(0, 60))
	of.Exact[1].Events, of.Exact[1].Most = 100, 15
	commit(t, ledger, asked("first", counted(of)))
	anew, err := again(t, ledger, "first", under(func(r *disclosure.Rules) { r.LargestShare = 10 }))
	if err != nil {
		t.Fatal(err)
	}
	row := anew.Result.Rows[0]
	if !row.Figures[0].Shown || row.Figures[1].Shown || row.Figures[2].Shown || row.Figures[3].Shown {
		t.Errorf("%+v", row.Figures)
	}
}

func TestByStricterNumbersAnAnswerMayNotBeGivenAgainAtAll(t *testing.T) {
	ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
	commit(t, ledger, asked("first", counted(cell(people(0, 100)))))
	commit(t, ledger, asked("second", counted(cell(people(0, 80)))))
	one := cohort.Criterion{Practice: []clinical.Text{"Y00001"}}
	commit(t, ledger, thoseOf("third", one, people(0, 30), people(30, 370), people(0, 30)))
	for code, by := range map[string]disclosure.Rules{
		disclosure.NearAnother:  under(func(r *disclosure.Rules) { r.SmallestDifference = 21 }),
		disclosure.FewToldApart: under(func(r *disclosure.Rules) { r.SmallestGroup = 40 }),
	} {
		var refusal *disclosure.Refusal
		if answer, err := again(t, ledger, "first", by); !errors.As(err, &refusal) || refusal.Code != code || answer != nil {
			t.Errorf("%v, and not %s", err, code)
		}
	}
}

// Whatever numbers follow each other, an answer never shows what an earlier one to it hid, and never a number that does not follow
// from the one before: two tables that were alike under the first numbers are alike in what they show ever after.
func TestOtherNumbersTellNothingThatTheEarlierDidNot(t *testing.T) {
	dice := rand.New(rand.NewPCG(4, 2026))
	by := []cohort.Dimension{{Kind: cohort.BySex}, {Kind: cohort.ByGroup, Groups: []cohort.Group{{Name: "a"}, {Name: "b"}, {Name: "c"}}}}
	for table := range 40 {
		ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
		var cells []cohort.Cell
		for i, sex := range []string{"FEMALE", "MALE"} {
			for j, group := range []string{"a", "b", "c"} {
				if size := []int{0, 3, 7, 9, 13, 16, 22, 41, 60}[dice.IntN(9)]; size > 0 {
					cells = append(cells, cell(people((i*3+j)*60, size), sex, group))
				}
			}
		}
		q := asked(fmt.Sprint("table-", table), counted(cells...), by...)
		q.Known = counted(cohort.Cell{Key: []string{"FEMALE"}, People: people(0, 180)}, cohort.Cell{Key: []string{"MALE"}, People: people(180, 180)})
		shown := commit(t, ledger, q).Result
		follows := map[float64]map[float64]bool{}
		for range 4 {
			next := under(func(r *disclosure.Rules) {
				r.RedactUpTo, r.RoundTo, r.ZeroIsSmall = 1+dice.IntN(14), 1+dice.IntN(12), dice.IntN(2) == 0
				r.SmallestGroup = r.RedactUpTo + 1 + dice.IntN(9)
			})
			answer, err := again(t, ledger, q.Definition.Name, next)
			if err != nil {
				t.Fatal(err)
			}
			before, after := shownPeople(shown), shownPeople(answer.Result)
			for key, number := range after {
				earlier, there := before[key]
				if number >= 0 && (!there || earlier < 0) {
					t.Fatalf("%s shows %v, which was hidden: %v, then %v by %+v", key, number, before, after, next)
				}
				if number >= 0 && follows[earlier] == nil {
					follows[earlier] = map[float64]bool{}
				}
				if number >= 0 {
					follows[earlier][number] = true
				}
			}
			for earlier, numbers := range follows {
				if len(numbers) > 1 {
					t.Fatalf("%v became %v", earlier, numbers)
				}
			}
			shown, follows = answer.Result, map[float64]map[float64]bool{}
		}
	}
}

func TestWhatWasNeverAnsweredIsNotGivenAgain(t *testing.T) {
	ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
	if answer, err := again(t, ledger, "nothing", rules()); answer != nil || err != nil {
		t.Error(answer, err)
	}
	if _, err := again(t, ledger, "nothing", disclosure.Rules{}); !errors.Is(err, disclosure.ErrRules) {
		t.Error(err)
	}
}

// By stricter numbers another cell would be redacted beside the small one: with the two answers together nothing would hide it.
func TestACellThatWasRedactedBesideASmallOneStaysRedacted(t *testing.T) {
	sizes := [][]int{{3, 30, 40, 45}, {20, 31, 41, 46}, {50, 9, 60, 65}, {90, 70, 75, 6}}
	var by [2]cohort.Dimension
	var cells []cohort.Cell
	for i := range by {
		by[i].Kind = cohort.ByGroup
		for j := range sizes {
			by[i].Groups = append(by[i].Groups, cohort.Group{Name: "abcd"[j : j+1]})
		}
	}
	for i, row := range sizes {
		for j, size := range row {
			cells = append(cells, cell(people((i*4+j)*100, size), by[0].Groups[i].Name, by[1].Groups[j].Name))
		}
	}
	ledger := open(t, filepath.Join(t.TempDir(), "ledger"))
	q := asked("first", counted(cells...), by[:]...)
	q.Known = counted(cohort.Cell{Key: []string{}, People: people(0, 1600)})
	first := shownPeople(commit(t, ledger, q).Result)
	anew, err := again(t, ledger, "first", under(func(r *disclosure.Rules) { r.RedactUpTo, r.SmallestGroup = 10, 20 }))
	if err != nil {
		t.Fatal(err)
	}
	second := shownPeople(anew.Result)
	if first["/b/a"] >= 0 || first["/c/a"] != 50 || second["/b/a"] >= 0 || second["/c/a"] >= 0 || second["/b/b"] != 30 {
		t.Errorf("at first %v, then %v", first, second)
	}
}
