package gate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// walkAll asks for page after page and returns what each item is and who contributed, in order.
func walkAll(t testing.TB, s *stage, list gate.List) (items []string) {
	t.Helper()
	for range 1000 {
		person := s.ask(t, gpCaller, gate.Question{Person: number(t, "9990000018"), Lists: []gate.List{list}})
		page := &person.Pages[0]
		if len(page.Records) > list.First {
			t.Fatalf("a page of %d items was asked for, %d came", list.First, len(page.Records))
		}
		for _, item := range page.Records {
			items = append(items, describe(item))
		}
		if !page.HasNext {
			return items
		}
		if len(page.Records) == 0 {
			t.Fatal("an empty page says that more follows")
		}
		list.After = page.Cursor(len(page.Records) - 1)
	}
	t.Fatal("the list does not end")
	return nil
}

// describe names an item and the records merged into it.
func describe(item clinical.Record) string {
	names := []string{item.About().Reference()}
	for _, other := range item.About().Others() {
		names = append(names, other.About().Reference())
	}
	slices.Sort(names[1:])
	return fmt.Sprint(item.Kind(), " ", strings.Join(names, "+"))
}

// busy puts a person with many records on three sources, with equal dates, missing dates and much that says the same.
func busy(t testing.TB, random *rand.Rand) *stage {
	s := newStage()
	person := number(t, "9990000018")
	for i, organisation := range []clinical.Text{"F84003", "R1H", "RF4"} {
		source := clinical.SourceID([]string{"emis", "barts", "bhrut"}[i])
		var records []clinical.Record
		for j := range 10 + random.IntN(30) {
			meta := clinical.Meta{ID: identifier("x", j), Code: snomed(fmt.Sprint(100 + random.IntN(4))), Status: clinical.StatusActive}
			if random.IntN(8) > 0 {
				meta.Date = date(fmt.Sprintf("2024-%02d-%02d", 1+random.IntN(3), 1+random.IntN(28)))
			}
			switch random.IntN(4) {
			case 0:
				records = append(records, &clinical.Medication{Meta: meta, Intent: []clinical.Text{"plan", "order"}[random.IntN(2)]})
			case 1:
				records = append(records, &clinical.Condition{Meta: meta})
			case 2:
				records = append(records, &clinical.AllergyIntolerance{Meta: meta})
			default:
				records = append(records, &clinical.Encounter{Meta: meta})
			}
		}
		s.holds(source, organisation, person, records...)
	}
	return s.open(t)
}

func TestWalkingAListPageByPageGivesWhatOneBigPageGives(t *testing.T) {
	for seed := range uint64(60) {
		s := busy(t, rand.New(rand.NewPCG(seed, 1)))
		lists := map[string]gate.List{}
		for _, kind := range []clinical.Kind{clinical.KindMedication, clinical.KindCondition, clinical.KindAllergyIntolerance,
			clinical.KindEncounter} {
			lists[kind.String()] = listOf(kind, 0)
		}
		timeline := gate.List{Kinds: clinical.Kinds()[1:], Fields: map[clinical.Kind]clinical.FieldSet{}}
		for _, kind := range timeline.Kinds {
			timeline.Fields[kind] = kind.Descriptor().All()
		}
		lists["timeline"] = timeline
		for name, list := range lists {
			list.First = 200
			whole := walkAll(t, s, list)
			for _, first := range []int{1, 2, 3, 7, 20} {
				list.First = first
				if paged := walkAll(t, s, list); !slices.Equal(paged, whole) {
					t.Fatalf("seed %d, %s, pages of %d:\n%s\none page:\n%s", seed, name, first, strings.Join(paged, "\n"),
						strings.Join(whole, "\n"))
				}
			}
		}
	}
}

func TestEveryRecordIsAccountedForOnce(t *testing.T) {
	for seed := range uint64(60) {
		s := busy(t, rand.New(rand.NewPCG(seed, 2)))
		for _, kind := range []clinical.Kind{clinical.KindMedication, clinical.KindCondition, clinical.KindAllergyIntolerance} {
			seen := map[string]int{}
			for _, item := range walkAll(t, s, listOf(kind, 5)) {
				_, names, _ := strings.Cut(item, " ")
				for _, name := range strings.Split(names, "+") {
					seen[name]++
				}
			}
			want := 0
			for source, people := range s.people {
				for _, record := range people[0].Records {
					if record.Kind() != kind {
						continue
					}
					want++
					if reference := string(source) + "/" + string(record.About().ID); seen[reference] != 1 {
						t.Errorf("seed %d: %s %s is shown %d times", seed, kind, reference, seen[reference])
					}
				}
			}
			if len(seen) != want {
				t.Errorf("seed %d: %d records of %s shown, %d exist", seed, len(seen), kind, want)
			}
		}
	}
}
