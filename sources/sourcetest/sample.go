package sourcetest

import (
	"math/rand/v2"
	"reflect"

	"onelondon/internal/clinical"
)

// SampleSource is the id under which a source over [Sample] is opened. Other ids sort before and after it.
const SampleSource clinical.SourceID = "middle"

// Sample returns the suite's people and records, always the same: for every person several records of each kind, with
// values from short lists of awkward ones, so that equal dates, equal codes and missing values are common.
func Sample() Dataset {
	s := sampler{random: rand.New(rand.NewPCG(1948, 7))}
	d := Dataset{Source: SampleSource, People: []Person{
		{LocalID: "L1", NHSNumber: "9990000018", Organisation: "R1H", Registered: true},
		{LocalID: "L2", NHSNumber: "9990000018", Organisation: "F84003"}, // the same person again
		{LocalID: "L3", NHSNumber: "9990000026", Organisation: "R1H", Sensitive: true},
		{LocalID: "L4", NHSNumber: "9990000034"},
		{LocalID: "L5", NHSNumber: "9990000042", Organisation: "R1H", Deleted: true},
		{LocalID: "L6", NHSNumber: "9990000050", Organisation: "R1H", Test: true},
		{LocalID: "L7", NHSNumber: "9990000018", Organisation: "R1H", Deleted: true}, // a deleted registration of a living person
		{LocalID: "L8", NHSNumber: "", Organisation: "R1H"},
		{LocalID: "L9", NHSNumber: "9990000019", Organisation: "R1H"}, // wrong check digit
		{LocalID: "L10", NHSNumber: "9990000069", Organisation: "R1H"},
	}}
	for i := range d.People {
		if d.People[i].LocalID == "L10" {
			continue // known, but without records
		}
		s.person(&d.People[i], i)
	}
	return d
}

// sampler draws values.
type sampler struct{ random *rand.Rand }

// awkwardIDs sort differently under a comparison that folds case, trims or is language-specific.
func awkwardIDs() []clinical.Text {
	return []clinical.Text{"a", "B", "a ", "Z", "A", "b", "é", "e", "10", "9", "_", "ß", "ss", "'", "\"", "`", "%", "\\", "-", "æ"}
}

func (s *sampler) person(person *Person, index int) {
	for _, kind := range clinical.Kinds() {
		ids := awkwardIDs()
		s.random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		count := 7
		if kind == clinical.KindRegistration {
			count = 1
		}
		for i := range count {
			record := s.record(kind)
			// Ids are unique within source and kind, so each registration's have their own beginning.
			record.About().ID = clinical.Text(rune('p'+index)) + ids[i]
			if kind == clinical.KindUrgentCarePlan {
				record.About().ID += "!" // some systems keep all plans in one table, or in resources of one type
			}
			person.Records = append(person.Records, record)
		}
	}
	plans(person)
}

// plans makes what is part of a plan, which every third record may be, a part of one that is there: of others a gate shows nothing.
func plans(person *Person) {
	var ids []clinical.Text
	for _, record := range person.Records {
		if record.Kind() == clinical.KindUrgentCarePlan {
			ids = append(ids, record.About().ID)
		}
	}
	for i, record := range person.Records {
		switch meta := record.About(); {
		case i%3 > 0:
			meta.Plan = ""
		case meta.Plan != "":
			meta.Plan = ids[i%len(ids)]
		}
	}
}

func (s *sampler) record(kind clinical.Kind) clinical.Record {
	descriptor := kind.Descriptor()
	record := descriptor.New()
	for i := range descriptor.Fields {
		field := &descriptor.Fields[i]
		field.In(record).Set(reflect.ValueOf(s.value(field)))
	}
	meta := record.About()
	meta.Organisation.Code = pick[clinical.Text](s, "", "R1H", "r1h", "F84003", "R1H ")
	if meta.Organisation.Code != "" {
		meta.Organisation.Name = pick[clinical.Text](s, "", "Barts Health", "St Bartholomew's “West”")
	}
	for _, label := range []clinical.Label{clinical.LabelSealed, clinical.LabelThirdParty, clinical.LabelPlanShared} {
		switch s.random.IntN(3) {
		case 0:
			meta.Labels.Put(label, true)
		case 1:
			meta.Labels.Put(label, false)
		}
	}
	return record
}

func (s *sampler) value(field *clinical.Field) any {
	switch field.Type {
	case clinical.TypeConcept:
		return s.concept()
	case clinical.TypeDateTime:
		date, _ := clinical.ParseDateTime(pick(s, "", "2019", "2019-01", "2019-01-01", "2019-01-01T00:00", "2019-01-01T00:00:00",
			"2020-02-29", "2020-02-29T23:59:59", "1931-11-05", "2020-02-29T10:30", "2020", "2049-12-31"))
		return date
	case clinical.TypeDecimal:
		return clinical.Decimal(pick(s, "", "5.10", "0", "-0.5", "120", "99999999999999999999", "0.000001"))
	case clinical.TypeStatus:
		return pick(s, "", clinical.StatusActive, clinical.StatusResolved, clinical.StatusCompleted, clinical.StatusInError)
	case clinical.TypeClass:
		return pick(s, "", clinical.ClassEmergency, clinical.ClassInpatient)
	case clinical.TypeGender:
		return pick(s, "", clinical.GenderFemale, clinical.GenderUnknown)
	}
	return pick[clinical.Text](s, "", "R1H", "r1h", "O'Brien said \"no\"", "naïve 東京 ☕", "50% \\ `x`; --", "line\nbreak\tand tab",
		"$1 ? :a @b", "7")
}

func (s *sampler) concept() clinical.Concept {
	concept := clinical.Concept{Text: pick[clinical.Text](s, "", "sugar", "“words” typed")}
	codings := s.random.IntN(3)
	for i := range codings {
		coding := clinical.Coding{
			System:  pick(s, clinical.SNOMED, clinical.CTV3, clinical.LocalCode),
			Code:    pick[clinical.Text](s, "73211009", "C10..", "c10..", "C10.. ", "X40J4", "K'1"),
			Display: pick[clinical.Text](s, "", "Diabetes mellitus", "Zöliakie"),
		}
		if i == 0 {
			concept.Coding = coding
		} else {
			concept.Translations = append(concept.Translations, coding)
		}
	}
	return concept
}

func pick[V any](s *sampler, from ...V) V { return from[s.random.IntN(len(from))] }
