package sourcetest

import (
	"onelondon/internal/clinical"
	"onelondon/sources/memory"
)

// Dataset is what one source holds, described without regard to any driver.
type Dataset struct {
	Source clinical.SourceID
	People []Person
}

// Person is one registration: one local identifier of a person.
type Person struct {
	LocalID      clinical.Text
	NHSNumber    string // as the source has it; may be missing or no number at all
	Organisation clinical.Text
	Registered   bool
	Sensitive    bool
	Deleted      bool // soft-deleted: never to be seen
	Test         bool // a test patient: never to be seen
	Records      []clinical.Record
}

// Memory returns the reference source over the dataset: the people who may be seen.
func (d Dataset) Memory() *memory.Source {
	var people []memory.Person
	for i := range d.People {
		person := &d.People[i]
		number, err := clinical.ParseNHSNumber(person.NHSNumber)
		if err != nil || person.Deleted || person.Test {
			continue
		}
		people = append(people, memory.Person{NHSNumber: number, Organisation: person.Organisation, Registered: person.Registered,
			Sensitive: person.Sensitive, Records: person.Records})
	}
	return memory.New(d.Source, people...)
}

// Numbers lists every valid NHS number of the dataset once, those of people who may not be seen included.
func (d Dataset) Numbers() []clinical.NHSNumber {
	var numbers []clinical.NHSNumber
	seen := map[clinical.NHSNumber]bool{}
	for i := range d.People {
		if number, err := clinical.ParseNHSNumber(d.People[i].NHSNumber); err == nil && !seen[number] {
			seen[number] = true
			numbers = append(numbers, number)
		}
	}
	return numbers
}
