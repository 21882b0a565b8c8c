package memory_test

import (
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/memory"
)

func TestEventsOfEverybodyWhoMayBeCounted(t *testing.T) {
	date, err := clinical.ParseDateTime("2020-02-29T23:59")
	if err != nil {
		t.Fatal(err)
	}
	var people []memory.Person
	for i, text := range []string{"9990000018", "9990000026", "9990000034"} {
		number, err := clinical.ParseNHSNumber(text)
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, memory.Person{NHSNumber: number, Sensitive: i == 1, Records: []clinical.Record{
			&clinical.Observation{Meta: clinical.Meta{ID: "1", Date: date, Code: clinical.Concept{Coding: clinical.Coding{Code: "a"}}}, Value: "5.10", Unit: "KG"},
			&clinical.Observation{Meta: clinical.Meta{ID: "2"}, Value: "4"},
			&clinical.Observation{Meta: clinical.Meta{ID: "3", Date: date, Plan: "p"}, Value: "5.20", Unit: "kg"}, // part of an urgent care plan
			&clinical.Registration{Gender: clinical.GenderFemale, BirthDate: date},
		}})
	}
	source := memory.New("barts", append(people, memory.Person{Records: people[0].Records})...)
	stand := func(n clinical.NHSNumber) (clinical.Pseudonym, bool) {
		return 7, n == people[0].NHSNumber || n == people[1].NHSNumber
	}
	five := 5.0
	query := sources.EventQuery{Stand: stand, Sets: []sources.RecordedSet{{Kind: clinical.KindObservation, Condition: condition.Always(),
		From: clinical.NoDay, Until: date.Day(), Wanted: sources.WantDay | sources.WantEnd | sources.WantValue,
		Value: sources.ValueBounds{Over: &five, Units: []clinical.Text{"kg"}}}}}
	var got []sources.Event
	if err := source.Events(t.Context(), query, func(_ int, event sources.Event) error { got = append(got, event); return nil }); err != nil {
		t.Fatal(err)
	}
	want := sources.Event{Person: 7, Day: date.Day(), End: date.Day(), Value: 5.1}
	if len(got) != 1 || got[0] != want || date.Day().String() != "2020-02-29" {
		t.Errorf("got %+v, want one %+v", got, want)
	}
	facts := 0
	err = source.Facts(t.Context(), sources.FactQuery{Stand: stand, Condition: condition.Always()}, func(f sources.Facts) error {
		if facts++; f.Birth != date.Day() || f.Death != clinical.NoDay || f.Sex != clinical.GenderFemale || f.Source != "barts" || f.Person != 7 {
			t.Errorf("%+v", f)
		}
		return nil
	})
	if err != nil || facts != 1 {
		t.Errorf("%d facts, %v", facts, err)
	}
}

func TestEventsWithoutADateCountBesideABoundOnlyWhereAsked(t *testing.T) {
	number, err := clinical.ParseNHSNumber("9990000018")
	if err != nil {
		t.Fatal(err)
	}
	old, _ := clinical.ParseDateTime("1999")
	source := memory.New("barts", memory.Person{NHSNumber: number, Records: []clinical.Record{
		&clinical.Condition{Meta: clinical.Meta{ID: "1"}}, &clinical.Condition{Meta: clinical.Meta{ID: "2", Date: old}}}})
	for undated, want := range map[bool]int{true: 1, false: 0} {
		query := sources.EventQuery{Stand: func(clinical.NHSNumber) (clinical.Pseudonym, bool) { return 7, true }, Sets: []sources.RecordedSet{
			{Kind: clinical.KindCondition, Condition: condition.Always(), From: 20_000, Until: clinical.NoDay, Undated: undated}}}
		got := 0
		if err := source.Events(t.Context(), query, func(int, sources.Event) error { got++; return nil }); err != nil || got != want {
			t.Errorf("undated %v: %d events, %v, want %d", undated, got, err, want)
		}
	}
}
