package cohorts_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/testkit"
	"onelondon/sources/sourcetest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// asAt is the day of every question; records lie before and after it.
func asAt() clinical.Day {
	day, err := clinical.ParseDay("2026-03-01")
	if err != nil {
		panic(err) // a constant
	}
	return day
}

// world is everybody, and what each source holds of them.
type world struct {
	data    []sourcetest.Dataset
	numbers map[clinical.NHSNumber]clinical.Pseudonym // by every number a person ever had
	out     map[clinical.Pseudonym]bool               // who opted out
}

// stand gives stand-ins, as the gate does: by the current number, and to nobody who opted out.
func (w *world) stand(number clinical.NHSNumber) (clinical.Pseudonym, bool) {
	person, known := w.numbers[number]
	return person, known && !w.out[person]
}

// released keeps back conditions that are not known to be free of a seal, so that missing values do not release.
func released(kind clinical.Kind) condition.Condition {
	if kind != clinical.KindCondition {
		return condition.Always()
	}
	return condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelSealed), Op: condition.Equal,
		Values: []condition.Value{condition.Bool(false)}}})
}

func borough(practice clinical.Text) string {
	return map[clinical.Text]string{"F84001": "Newham", "F84002": "Newham", "F84003": "Tower Hamlets", "E87001": "Westminster"}[practice]
}

// maker draws people and their dirt.
type maker struct {
	*rand.Rand
	ids int
}

func one[V any](m *maker, of ...V) V { return of[m.IntN(len(of))] }

// makeWorld draws people and splits them over sources.
func makeWorld(seed uint64, people, sourceCount int) *world {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 3))}
	w := &world{numbers: map[clinical.NHSNumber]clinical.Pseudonym{}, out: map[clinical.Pseudonym]bool{}}
	for i := range sourceCount {
		w.data = append(w.data, sourcetest.Dataset{Source: clinical.SourceID(fmt.Sprintf("s%d", i))})
	}
	for i := range people {
		m.person(w, clinical.Pseudonym(m.Uint64()), i)
	}
	return w
}

// person draws somebody: one number or two, registrations in some sources, and records that may be in several of them.
func (m *maker) person(w *world, id clinical.Pseudonym, index int) {
	texts := []string{number(2 * index)}
	if m.IntN(4) == 0 {
		texts = append(texts, number(2*index+1)) // superseded, and still in use somewhere
	}
	for _, text := range texts {
		parsed, err := clinical.ParseNHSNumber(text)
		if err != nil {
			panic(err) // made valid
		}
		w.numbers[parsed] = id
	}
	w.out[id] = m.IntN(8) == 0
	var all []clinical.Record
	for range m.IntN(14) {
		all = append(all, m.record())
	}
	for s := range w.data {
		for range one(m, 0, 0, 1, 1, 1, 2) {
			held := sourcetest.Person{LocalID: m.id(), NHSNumber: one(m, texts...), Organisation: one(m, organisations()...),
				Registered: m.IntN(2) == 0, Sensitive: m.IntN(12) == 0, Deleted: m.IntN(20) == 0, Test: m.IntN(20) == 0}
			if m.IntN(15) == 0 {
				held.NHSNumber = one(m, "", "9990000019")
			}
			held.Records = append(held.Records, m.registration())
			for _, record := range all {
				if m.IntN(len(w.data)) < 2 {
					held.Records = append(held.Records, m.copied(record))
				}
			}
			w.data[s].People = append(w.data[s].People, held)
		}
	}
}

// number is the valid number of an index, of those for tests.
func number(index int) string {
	for n := 999_100_000 + index*11; ; n++ {
		for check := range 10 {
			text := fmt.Sprintf("%09d%d", n, check)
			if _, err := clinical.ParseNHSNumber(text); err == nil {
				return text
			}
		}
	}
}

func (m *maker) id() clinical.Text {
	m.ids++
	return clinical.Text(fmt.Sprintf("%s%d", one(m, "a", "B", "é", "_"), m.ids))
}

func organisations() []clinical.Text {
	return []clinical.Text{"F84001", "F84002", "F84003", "E87001", "R1H", "RYJ", ""}
}

// date is missing, partial, before, on or after the day of the question.
func (m *maker) date() clinical.DateTime {
	at := asAt() + clinical.Day(one(m, -3000, -800, -400, -366, -365, -100, -31, -30, -29, -2, -1, 0, 1, 40)+one(m, 0, 0, 1, 2))
	text := at.String()
	text = one(m, text, text, text, text, text[:7], text[:4], text+"T08:30", text+"T08:30:15", "")
	date, _ := clinical.ParseDateTime(text) // missing where there is no text
	return date
}

func (m *maker) meta() clinical.Meta {
	meta := clinical.Meta{Code: m.concept(), Date: m.date(), Status: one(m, append(clinical.Statuses()[:4], "")...)}
	if m.IntN(3) == 0 {
		meta.End = m.date()
	}
	return meta
}

func (m *maker) concept() clinical.Concept {
	concept := clinical.Concept{}
	for i := range one(m, 0, 1, 1, 1, 2) {
		coding := clinical.Coding{System: one(m, clinical.SNOMED, clinical.SNOMED, clinical.DMD, clinical.Read2, clinical.LocalCode, ""), Code: one(m, codes()...)}
		if i == 0 {
			concept.Coding = coding
			continue
		}
		concept.Translations = append(concept.Translations, coding)
	}
	return concept
}

func codes() []clinical.Text {
	return []clinical.Text{"73211009", "44054006", "C10..", "c10..", "X40J4"}
}

func (m *maker) record() clinical.Record {
	switch m.IntN(5) {
	case 0:
		return &clinical.Condition{Meta: m.meta()}
	case 1:
		return &clinical.Encounter{Meta: m.meta(), Class: one(m, append(clinical.EncounterClasses()[:3], "")...)}
	case 2:
		return &clinical.Medication{Meta: m.meta()}
	}
	observation := &clinical.Observation{Meta: m.meta(), Unit: one[clinical.Text](m, "mmHg", "mmhg", "kg", "")}
	observation.Value = one[clinical.Decimal](m, "", "0", "-0", "5", "5.0", "7.25", "80", "140", "150")
	return observation
}

// copied is a record as another registration has it: the same, or with something changed.
func (m *maker) copied(record clinical.Record) clinical.Record {
	duplicate := copyOf(record)
	meta := duplicate.About()
	meta.ID, meta.Organisation.Code = m.id(), one(m, organisations()...)
	switch m.IntN(8) {
	case 0:
		meta.Date = m.date()
	case 1:
		meta.End = m.date()
	case 2:
		meta.Code = m.concept()
	}
	if duplicate.Kind() == clinical.KindCondition && m.IntN(6) > 0 {
		meta.Labels.Put(clinical.LabelSealed, m.IntN(8) == 0)
	}
	return duplicate
}

// copyOf is a record that can be changed while the other stays as it is.
func copyOf(record clinical.Record) clinical.Record {
	duplicate := record.Kind().Descriptor().New()
	reflect.ValueOf(duplicate).Elem().Set(reflect.ValueOf(record).Elem())
	return duplicate
}

func (m *maker) registration() clinical.Record {
	born := func() clinical.DateTime {
		text := fmt.Sprintf("%d-%02d-%02d", one(m, 1940, 1960, 1961, 2007, 2008, 2009), one(m, 2, 3), one(m, 1, 2, 28))
		date, _ := clinical.ParseDateTime(one(m, text, text, text[:4], text[:7], "2008-02-29", "2031-01-01",
			one(m, asAt(), asAt()-1, asAt()-30, asAt()-365).String(), "")) // some are born on the day that is asked about
		return date
	}
	made := &clinical.Registration{Meta: clinical.Meta{ID: m.id(), Date: m.date()}, BirthDate: born(), Gender: one(m, append(clinical.Genders(), "")...),
		Practice: one[clinical.Text](m, "F84001", "F84002", "F84003", "E87001", "")}
	made.Organisation.Code = one(m, organisations()...)
	if m.IntN(3) == 0 {
		made.End = m.date()
	}
	if m.IntN(6) == 0 {
		made.DeathDate = m.date()
	}
	return made
}
