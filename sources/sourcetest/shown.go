package sourcetest

import (
	"fmt"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/memory"
)

// Whole is a source that can also list and count.
type Whole interface {
	sources.Source
	sources.Lister
	sources.Counter
}

// CountsWhatItShows checks that a source counts exactly what it shows of everybody: every kind, with sets derived from
// existing records. Numbers are all the people it knows. It returns how many events were compared.
func CountsWhatItShows(t *testing.T, source Whole, id clinical.SourceID, numbers []clinical.NHSNumber) (events int) {
	t.Helper()
	shown, records := everybodyOf(t, source, id, numbers)
	for _, set := range append(setsOf(records), deniedEverything(records)) {
		events += SameEvents(t, source, shown, set)
	}
	sameFacts(t, source, shown)
	return events
}

// everybodyOf copies everything about everybody into a source in memory.
func everybodyOf(t *testing.T, source Whole, id clinical.SourceID, numbers []clinical.NHSNumber) (*memory.Source, []clinical.Record) {
	t.Helper()
	var people []memory.Person
	var all []clinical.Record
	for _, number := range numbers {
		hidden, open := memory.Person{NHSNumber: number, Sensitive: true}, memory.Person{NHSNumber: number}
		for _, record := range fetched(t, source, number) {
			if flagged, _ := record.About().Labels.Value(clinical.LabelSensitive); flagged {
				hidden.Records = append(hidden.Records, record)
				continue
			}
			open.Records, all = append(open.Records, record), append(all, record)
		}
		people = append(people, hidden, open)
	}
	return memory.New(id, people...), all
}

func fetched(t *testing.T, source Whole, person clinical.NHSNumber) (records []clinical.Record) {
	t.Helper()
	query := sources.Query{Limits: sources.Limits{Rows: 100_000, Bytes: 1 << 28}}
	for _, kind := range clinical.Kinds() {
		part := everything(person, kind)
		part.Limit = 5000
		query.Parts = append(query.Parts, part)
	}
	answer, err := source.Fetch(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range answer.Parts {
		records = append(records, part.Records...)
	}
	return records
}

// setsOf makes sets of all records of each kind, and of those with some codes, days, values and words of existing
// records.
func setsOf(records []clinical.Record) []sources.RecordedSet {
	var sets []sources.RecordedSet
	met := map[clinical.Kind]int{}
	for _, kind := range clinical.Kinds() {
		whole := sources.RecordedSet{Kind: kind, Condition: condition.Always(), From: clinical.NoDay, Until: clinical.NoDay, Wanted: everyField}
		sets = append(sets, whole)
		for _, reduce := range []sources.Reduce{sources.ReduceToAny, sources.ReduceToFirst, sources.ReduceToLast} {
			whole.Reduce, whole.Wanted = reduce, sources.WantDay
			sets = append(sets, whole)
			whole.Wanted = 0
			sets = append(sets, whole)
		}
	}
	for i, record := range records {
		if met[record.Kind()]++; met[record.Kind()]%61 == 1 && met[record.Kind()] < 300 {
			sets = append(sets, around(record, sources.Reduce(i%4))...)
		}
	}
	return sets
}

// deniedEverything asks for many codes of diagnoses under a condition that excludes each category by a list of its own,
// which makes as many list lookups as a statement ever has.
func deniedEverything(records []clinical.Record) sources.RecordedSet {
	set := sources.RecordedSet{Kind: clinical.KindCondition, From: clinical.NoDay, Until: clinical.NoDay, Wanted: sources.WantDay | sources.WantMark}
	var clause condition.Clause
	for i, label := range clinical.Categories() {
		codes := condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: clinical.Text(fmt.Sprint(i))}, {System: clinical.ICD10, Code: "X"}}).Presuming(condition.PresumesAll)
		clause = append(clause, condition.Atom{Attribute: condition.LabelAttribute(label), Op: condition.Equal,
			Values: []condition.Value{condition.Bool(false)}, Codes: codes})
	}
	set.Condition = condition.Where(clause, clause[:1])
	for _, record := range records {
		if coding := record.About().Code.Coding; record.Kind() == clinical.KindCondition && coding.Code != "" {
			set.Codes = append(set.Codes, sources.Code{System: coding.System, Code: coding.Code}, sources.Code{Code: coding.Code})
		}
	}
	return set
}

// around makes sets that just contain, or just miss, the record.
func around(record clinical.Record, reduce sources.Reduce) []sources.RecordedSet {
	meta := record.About()
	base := sources.RecordedSet{Kind: record.Kind(), Condition: condition.Always(), From: clinical.NoDay, Until: clinical.NoDay, Wanted: sources.WantDay}
	day := meta.Date.Day()
	from, until, words := base, base, base
	from.Undated = record.Kind()%2 == 0
	from.From, until.Until, from.Reduce = day, day, reduce
	words.Statuses, words.Organisations = []clinical.Status{meta.Status}, []clinical.Text{meta.Organisation.Code}
	sets := []sources.RecordedSet{from, until, words}
	for _, coding := range append([]clinical.Coding{meta.Code.Coding}, meta.Code.Translations...) {
		coded := base
		coded.Codes = []sources.Code{{System: coding.System, Code: coding.Code}, {System: clinical.SNOMED, Code: "195967001"}}
		coded.Wanted |= sources.WantMark
		any := base
		any.Codes, any.Until, any.Reduce = []sources.Code{{Code: coding.Code}}, day, reduce
		sets = append(sets, coded, any)
	}
	switch record := record.(type) {
	case *clinical.Encounter:
		words.Classes = []clinical.EncounterClass{record.Class}
		sets = append(sets, words)
	case *clinical.Observation:
		number := sources.Number(record.Value)
		base.Value = sources.ValueBounds{AtLeast: &number, Units: []clinical.Text{record.Unit}}
		sets = append(sets, base)
	}
	return sets
}

// sameFacts compares facts, and compares current registrations with what the source lists.
func sameFacts(t *testing.T, source Whole, shown *memory.Source) {
	t.Helper()
	registered := map[string]bool{}
	if err := source.People(t.Context(), func(m sources.Membership) error {
		registered[fmt.Sprint(m.Person.Reveal(), m.Organisation, m.Registered)] = true
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	numbers := map[clinical.Pseudonym]string{}
	facts := func(of sources.Counter) map[sources.Facts]int {
		found := map[sources.Facts]int{}
		query := sources.FactQuery{Condition: condition.Always(), Stand: func(n clinical.NHSNumber) (clinical.Pseudonym, bool) {
			var person clinical.Pseudonym
			fmt.Sscan(n.Reveal(), &person)
			numbers[person] = n.Reveal()
			return person, true
		}}
		if err := of.Facts(t.Context(), query, func(f sources.Facts) error {
			if of == sources.Counter(source) && !registered[fmt.Sprint(numbers[f.Person], f.Organisation, f.Registered)] {
				t.Error("somebody is counted as registered otherwise than listed")
			}
			f.Registered = false
			found[f] = 1
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return found
	}
	got, want := facts(source), facts(shown)
	for f := range want {
		if got[f] == 0 {
			t.Errorf("missing: %+v", f)
		}
	}
	if len(got) != len(want) || len(got) == 0 {
		t.Errorf("facts of %d registrations, want %d", len(got), len(want))
	}
}
