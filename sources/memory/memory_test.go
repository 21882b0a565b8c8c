package memory_test

import (
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/memory"
	"onelondon/sources/sourcetest"
)

func TestMemoryConforms(t *testing.T) {
	sourcetest.Run(t, func(_ *testing.T, data sourcetest.Dataset) sources.Source { return data.Memory() })
}

func TestWhatMemoryAnswersIsTheCallersToChange(t *testing.T) {
	number, err := clinical.ParseNHSNumber("9990000018")
	if err != nil {
		t.Fatal(err)
	}
	original := &clinical.Condition{Meta: clinical.Meta{ID: "1", Code: clinical.Concept{Translations: []clinical.Coding{{Code: "C10.."}}}}}
	source := memory.New("barts", memory.Person{NHSNumber: number, Records: []clinical.Record{original}})
	query := sources.Query{Parts: []sources.Part{{Kind: clinical.KindCondition, Person: number, Condition: condition.Always(), Limit: 1,
		Fields: clinical.KindCondition.Descriptor().All()}}}
	for range 2 {
		answer, err := source.Fetch(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		record := answer.Parts[0].Records[0].About()
		if record.Source != "barts" || record.Note != "" || record.Code.Translations[0].Code != "C10.." {
			t.Errorf("got %s %s %s", record.Source, record.Note, record.Code.Translations[0].Code)
		}
		record.Note, record.Code.Translations[0].Code = "changed", "changed"
	}
}

func TestTheOrderOfEveryList(t *testing.T) {
	number, err := clinical.ParseNHSNumber("9990000018")
	if err != nil {
		t.Fatal(err)
	}
	var records []clinical.Record
	for _, each := range [][2]string{{"a", "2019"}, {"b", ""}, {"c", "2020-02-29"}, {"A", "2019-01-01"}, {"a ", "2019-01-01T00:00"}, {"Z", ""}} {
		date, _ := clinical.ParseDateTime(each[1])
		records = append(records, &clinical.Alert{Meta: clinical.Meta{ID: clinical.Text(each[0]), Date: date}})
	}
	source := memory.New("barts", memory.Person{NHSNumber: number, Records: records})
	answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{{Kind: clinical.KindAlert, Person: number,
		Condition: condition.Always(), Limit: 5}}})
	if err != nil {
		t.Fatal(err)
	}
	var got string
	for _, record := range answer.Parts[0].Records {
		got += string(record.About().ID) + ","
	}
	if want := "c,A,a,a ,Z,"; got != want {
		t.Errorf("got %q, want %q: newest first, missing last, then ids in byte order, five of six", got, want)
	}
}
