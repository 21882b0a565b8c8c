package sourcetest

import (
	"slices"

	"onelondon/internal/clinical"
	"onelondon/sources/memory"
)

// Dataset is the contents of one source, independent of any driver.
type Dataset struct {
	Source clinical.SourceID
	People []Person
}

// Person is one registration: one local identifier of a person.
type Person struct {
	LocalID      clinical.Text
	NHSNumber    string // as stored in the source; may be missing or invalid
	Organisation clinical.Text
	Registered   bool
	Sensitive    bool
	Deleted      bool // soft-deleted; must never be seen
	Test         bool // a test patient; must never be seen
	Records      []clinical.Record
}

// Memory returns the reference source for the dataset: the people who may be seen.
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

// Numbers lists every valid NHS number of the dataset once, including those of people who may not be seen.
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

// named is the dataset with the identifiers of records translated to those used by a source that asks the one which
// holds them.
func (d Dataset) named(names func(clinical.Text) clinical.Text) Dataset {
	return d.mapped(func(_ *Person, record clinical.Record) clinical.Record {
		record = memory.Clone(record)
		record.About().ID = names(record.About().ID)
		descriptor := record.Kind().Descriptor()
		for i := range descriptor.Fields {
			field := &descriptor.Fields[i]
			if text, ok := field.In(record).Addr().Interface().(*clinical.Text); ok && field.Refers() && *text != "" {
				*text = names(*text)
			}
		}
		return record
	})
}

// unflagged is the dataset without the records of people who carry an S-flag.
func (d Dataset) unflagged() Dataset {
	return d.mapped(func(person *Person, record clinical.Record) clinical.Record {
		if person.Sensitive {
			return nil
		}
		return record
	})
}

// mapped is the dataset with each record replaced; nil drops it.
func (d Dataset) mapped(change func(*Person, clinical.Record) clinical.Record) Dataset {
	d.People = slices.Clone(d.People)
	for i := range d.People {
		var records []clinical.Record
		for _, record := range d.People[i].Records {
			if changed := change(&d.People[i], record); changed != nil {
				records = append(records, changed)
			}
		}
		d.People[i].Records = records
	}
	return d
}
