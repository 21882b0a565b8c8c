package sqlsource_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sqlsource"
)

// joined is a system in which one record may be found by several rows: a product has several codes, a note several flags, a row was
// sent twice.
const joined = `
system: joined
title: Joined
person:
  from: Patient as p
  nhs_number: p.Nhs
  organisation: {code: "'F84001'"}
records:
  Registration:
    - {id: p.Id, labels: {sealed: p.Sealed}, fields: {familyName: p.Name}}
  Medication:
    - from: Drug as m
      join: [left Product as x on x.Product = m.Product]
      person: m.Patient = p.Id
      id: concat('drug-', m.Id)
      labels: {sealed: false}
      fields: {code: {codings: [{system: SNOMED_CT, code: x.Code}]}, date: m.Day}
  Procedure:
    - from: Drug as m
      join: [left Product as x on x.Product = m.Product]
      person: m.Patient = p.Id
      id: concat(m.Id, '-', x.Product)
      labels: {sealed: m.Day = '2020-01-04'}
      fields: {date: m.Day}
  Immunisation:
    - from: Drug as m
      join: [left Product as x on x.Product = m.Product]
      person: m.Patient = p.Id and x.Code = '1'
      id: m.Id
      labels: {sealed: x.Code = '86406008'}
      fields: {date: m.Day}
  Observation:
    - from: Note as n
      join: [left Flag as f on f.Note = n.Id]
      person: n.Patient = p.Id
      where: n.Gone is not true
      id: n.Id
      labels: {sealed: f.Sealed is true}
      fields: {note: n.Words, date: n.Day}
`

func joinedTables() []string {
	return []string{
		`CREATE TABLE "Patient" ("Id" VARCHAR(10), "Nhs" VARCHAR(10), "Name" VARCHAR(20), "Sealed" VARCHAR(1))`,
		`CREATE TABLE "Drug" ("Id" VARCHAR(10), "Patient" VARCHAR(10), "Product" VARCHAR(10), "Day" VARCHAR(10))`,
		`CREATE TABLE "Product" ("Product" VARCHAR(10), "Code" VARCHAR(20))`,
		`CREATE TABLE "Note" ("Id" VARCHAR(10), "Patient" VARCHAR(10), "Day" VARCHAR(10), "Words" VARCHAR(20), "Gone" VARCHAR(1))`,
		`CREATE TABLE "Flag" ("Note" VARCHAR(10), "Sealed" VARCHAR(1))`,
		`INSERT INTO "Patient" VALUES ('p', '9990000018', 'One', 'N'), ('p', '9990000018', 'Two', 'Y'), ('q', '9990000026', 'Two', 'N')`,
		`INSERT INTO "Drug" VALUES ('1', 'p', 'plain', '2020-01-01'), ('2', 'p', 'both', '2020-01-02'), ('3', 'p', 'both', '2020-01-03'),
	('4', 'p', 'unknown', '2020-01-04'), ('2', 'q', 'plain', '2020-01-02')`,
		`INSERT INTO "Product" VALUES ('plain', '1'), ('both', '1'), ('both', '86406008'), ('unknown', '1'), ('unknown', NULL)`,
		`INSERT INTO "Note" VALUES ('a', 'p', '2020-01-01', 'open', NULL), ('b', 'p', '2020-01-02', 'sealed', NULL),
	('c', 'p', '2020-01-03', 'no flag', NULL), ('d', 'p', '2020-01-04', 'sent twice', NULL), ('d', 'p', '2020-01-04', 'sent again', 'Y'),
	('e', 'p', '2020-01-05', 'last', NULL), (NULL, 'p', '2020-01-06', 'nameless', NULL)`,
		`INSERT INTO "Flag" VALUES ('a', 'N'), ('a', 'N'), ('b', 'N'), ('b', 'Y'), ('b', 'N'), ('d', 'N'), ('e', 'N')`,
	}
}

// openOf is the condition that a record is not sealed, and is of no code on a list.
func openOf() condition.Condition {
	sealed := condition.Atom{Attribute: condition.LabelAttribute(clinical.LabelSealed), Op: condition.Equal, Values: []condition.Value{condition.Bool(false)}}
	return condition.Where(condition.Clause{sealed, about(clinical.LabelHIV, false, "86406008")})
}

func joinedOn(t *testing.T, e engine) *sqlsource.Source {
	t.Helper()
	m, err := mapping.Load("joined.yaml", []byte(joined), nil)
	if err != nil {
		t.Fatal(err)
	}
	return e.open(t, joinedTables(), m, "joined")
}

// What is withheld in one row of a record is withheld of the record: which of its rows a join finds first, and which of its codes
// is on a list, is nothing that whoever sealed it thought of.
func TestARecordIsWithheldWhenAnyOfItsRowsIs(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := joinedOn(t, e)
		sealed := condition.Where(openOf().Clauses()[0][:1])
		for _, test := range []struct {
			kind     clinical.Kind
			released condition.Condition
			want     string
		}{
			{clinical.KindMedication, openOf(), "drug-1"},
			{clinical.KindObservation, sealed, "e d c a"},
			{clinical.KindRegistration, sealed, ""},
			{clinical.KindProcedure, sealed, "3-both 2-both 1-plain"},
			{clinical.KindImmunisation, sealed, "4 3 2 1"}, // of which the sealed rows are no rows
		} {
			part := everything(t, test.kind)
			part.Condition = test.released
			answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{part}})
			if err != nil {
				t.Fatal(err)
			}
			if got := ids(answer.Parts[0].Records); got != test.want {
				t.Errorf("%s: released %q, want %q", test.kind, got, test.want)
			}
		}
	})
}

// A page is as full as it can be, and a filter that one row fits shows nothing that another row withholds.
func TestWhatIsHeldBackTakesNoPlaceOnAPageAndIsFoundByNoFilter(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := joinedOn(t, e)
		page := everything(t, clinical.KindObservation)
		page.Condition, page.Limit = condition.Where(openOf().Clauses()[0][:1]), 2
		page.After = sources.Position{Date: date("2020-01-04"), Source: "joined", ID: "d"}
		filtered := everything(t, clinical.KindMedication)
		filtered.Condition, filtered.Filter.Codes = openOf(), []sources.Code{{System: clinical.SNOMED, Code: "1"}}
		theirs := filtered
		theirs.Person = person(t, "9990000026")
		answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{page, filtered, theirs}})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"c a", "drug-1", "drug-2"} {
			if got := ids(answer.Parts[i].Records); got != want {
				t.Errorf("part %d: released %q, want %q", i, got, want)
			}
		}
	})
}

// standByNumber tells people by the last digits of their numbers.
func standByNumber(number clinical.NHSNumber) (clinical.Pseudonym, bool) {
	switch number.Reveal() {
	case "9990000018":
		return 1, true
	case "9990000026":
		return 2, true
	}
	return 0, false
}

// Whoever counts sees as much of a record as whoever reads it.
func TestARecordIsNotCountedWhenAnyOfItsRowsIsWithheld(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := joinedOn(t, e)
		sealed := condition.Where(openOf().Clauses()[0][:1])
		for _, test := range []struct {
			kind     clinical.Kind
			released condition.Condition
			want     map[uint64]int
		}{
			{clinical.KindMedication, openOf(), map[uint64]int{1: 1, 2: 1}},
			{clinical.KindObservation, sealed, map[uint64]int{1: 4}},
		} {
			set := wholeSet(test.kind, sources.WantDay)
			set.Condition = test.released
			got := map[uint64]map[clinical.Day]bool{}
			err := source.Events(t.Context(), sources.EventQuery{Stand: standByNumber, Sets: []sources.RecordedSet{set},
				Organisation: func(clinical.Text) uint32 { return 0 }}, func(_ int, event sources.Event) error {
				who := uint64(event.Person)
				if got[who] == nil {
					got[who] = map[clinical.Day]bool{}
				}
				got[who][event.Day] = true
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			for who, want := range test.want {
				if len(got[who]) != want {
					t.Errorf("%s: person %d has %d days, want %d", test.kind, who, len(got[who]), want)
				}
			}
		}
		facts := 0
		err := source.Facts(t.Context(), sources.FactQuery{Stand: standByNumber, Condition: sealed}, func(sources.Facts) error {
			facts++
			return nil
		})
		if err != nil || facts != 1 {
			t.Errorf("%d registrations are counted, want the one that no row seals: %v", facts, err)
		}
	})
}

// The other rows of a record are looked for unless the database vouches that there are none, by keys that cover all that the condition
// reads.
func TestOtherRowsAreLookedForUnlessDeclaredKeysExcludeThem(t *testing.T) {
	const patient = `CREATE TABLE "Patient" ("Id" VARCHAR(10), "Nhs" VARCHAR(10), "Name" VARCHAR(20), "Sealed" VARCHAR(1))`
	const note = `CREATE TABLE "Note" ("Id" VARCHAR(10) NOT NULL PRIMARY KEY, "Flag" VARCHAR(10), "Patient" VARCHAR(10), "Sealed" VARCHAR(1))`
	const flag = `CREATE TABLE "Flag" ("Id" VARCHAR(10) NOT NULL PRIMARY KEY, "Note" VARCHAR(10), "Place" INTEGER, "Sealed" VARCHAR(1))`
	for name, test := range map[string]struct {
		id, join, sealed string
		tables           []string
		looked           bool
	}{
		"the flag is in the record's own row":   {"n.Id", "", "n.Sealed", []string{note, flag, patient}, false},
		"an identifier with a word before it":   {"concat('n-', text(n.Id))", "", "n.Sealed", []string{note, flag, patient}, false},
		"no key is declared":                    {"n.Id", "", "n.Sealed", []string{strings.Replace(note, "PRIMARY KEY", "", 1), flag, patient}, true},
		"the identifier is another column":      {"n.Flag", "", "n.Sealed", []string{note, flag, patient}, true},
		"the identifier is made of two columns": {"concat(n.Id, n.Flag)", "", "n.Sealed", []string{note, flag, patient}, true},
		"the identifier is cut":                 {"substring(n.Id, 1, 2)", "", "n.Sealed", []string{note, flag, patient}, true},
		"the flag is found by its key":          {"n.Id", "left Flag as f on f.Id = n.Flag", "f.Sealed", []string{note, flag, patient}, false},
		"the same, in any case":                 {"n.Id", "Flag as f on n.Flag = f.Id", "f.Sealed", []string{note, flag, patient}, false},
		"the flag is found by something else":   {"n.Id", "left Flag as f on f.Note = n.Id", "f.Sealed", []string{note, flag, patient}, true},
		"the same, in any case, by another":     {"n.Id", "Flag as f on f.Note = n.Id", "f.Sealed", []string{note, flag, patient}, true},
		"one of two ways is by the key":         {"n.Id", "left Flag as f on f.Id = n.Flag or f.Note = n.Id", "f.Sealed", []string{note, flag, patient}, true},
		"not the key":                           {"n.Id", "left Flag as f on f.Id != n.Flag", "f.Sealed", []string{note, flag, patient}, true},
		"half of the key": {"n.Id", "left Flag as f on f.Id = n.Flag", "f.Sealed",
			[]string{note, strings.Replace(flag, " PRIMARY KEY", "", 1)[:len(flag)-len(" PRIMARY KEY")-1] + `, PRIMARY KEY ("Id", "Place"))`, patient}, true},
		"a key of another type is equal to several": {"n.Id", "left Flag as f on f.Id = n.Flag", "f.Sealed",
			[]string{note, strings.Replace(flag, `"Id" VARCHAR(10)`, `"Id" INTEGER`, 1), patient}, true},
		"a key that is compared as text": {"n.Id", "left Flag as f on text(f.Id) = n.Flag", "f.Sealed", []string{note, flag, patient}, true},
		"the person's flag, by no key":   {"n.Id", "", "p.Sealed", []string{note, flag, patient}, true},
		"the person's flag, by a key":    {"n.Id", "", "p.Sealed", []string{note, flag, strings.Replace(patient, `"Id" VARCHAR(10)`, `"Id" VARCHAR(10) NOT NULL PRIMARY KEY`, 1)}, false},
		"a left join that rests on one of several": {"n.Id", "left Flag as g on g.Note = n.Id, left Flag as f on f.Id = n.Flag and g.Sealed is true", "f.Sealed",
			[]string{note, flag, patient}, true},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.NewReplacer("ID", test.id, "JOIN", test.join, "SEALED", test.sealed).Replace(keyed)
			m, err := mapping.Load("keyed.yaml", []byte(text), nil)
			if err != nil {
				t.Fatal(err)
			}
			on := engines()
			if !strings.HasPrefix(name, "the flag is") { // what keys mean is the same everywhere, only how they are read is not
				on = on[:1]
			}
			for _, e := range on {
				set := wholeSet(clinical.KindObservation, 0)
				set.Condition = condition.Where(openOf().Clauses()[0][:1])
				explained, err := e.open(t, test.tables, m, "keyed").ExplainEvents(t.Context(), set)
				if err != nil {
					t.Fatal(err)
				}
				if looked := strings.Count(explained[0].SQL, "SELECT") > 1; looked != test.looked {
					t.Errorf("%s: looked for others: %v, want %v\n%s", e.name, looked, test.looked, explained[0].SQL)
				}
			}
		})
	}
}

const keyed = `
system: keyed
title: Keyed
person: {from: Patient as p, nhs_number: p.Nhs, organisation: {code: "'F84001'"}}
records:
  Registration:
    - {id: p.Id, labels: {sealed: false}, fields: {familyName: p.Name}}
  Observation:
    - from: Note as n
      join: [JOIN]
      person: n.Patient = p.Id
      id: ID
      labels: {sealed: SEALED}
      fields: {note: n.Flag, date: {from: n.Flag, type: iso}}
`

// What hangs together with any row of a record is told with whatever any of them carries.
func TestEveryRowOfARecordGivesWhatItCarriesToWhatItHangsTogetherWith(t *testing.T) {
	const tied = `
system: tied
title: Tied
person: {from: Patient as p, nhs_number: p.Nhs, organisation: {code: "'F84001'"}}
records:
  Registration:
    - {id: p.Id, labels: {sealed: false}, fields: {familyName: p.Name}}
  Medication:
    - from: Drug as m
      join: [left Product as x on x.Product = m.Product]
      person: m.Patient = p.Id
      id: m.Id
      labels: {sealed: false, third_party: x.Third}
      fields: {code: {codings: [{system: SNOMED_CT, code: x.Code}]}, encounterId: x.Visit, date: {from: x.Visit, type: iso}}
`
	tables := []string{
		`CREATE TABLE "Patient" ("Id" VARCHAR(10), "Nhs" VARCHAR(10), "Name" VARCHAR(20))`,
		`CREATE TABLE "Drug" ("Id" VARCHAR(10), "Patient" VARCHAR(10), "Product" VARCHAR(10))`,
		`CREATE TABLE "Product" ("Product" VARCHAR(10), "Code" VARCHAR(20), "Third" VARCHAR(1), "Visit" VARCHAR(10))`,
		`INSERT INTO "Patient" VALUES ('p', '9990000018', 'One')`,
		`INSERT INTO "Drug" VALUES ('1', 'p', 'a'), ('2', 'p', 'b')`,
		`INSERT INTO "Product" VALUES ('a', '1', 'Y', 'v1'), ('a', '86406008', 'N', 'v1'), ('a', '86406008', 'N', 'v2'), ('b', '1', 'N', 'v3'), ('b', '1', 'Y', 'v3')`,
	}
	m, err := mapping.Load("tied.yaml", []byte(tied), nil)
	if err != nil {
		t.Fatal(err)
	}
	onTheModelToo(t, func(t *testing.T, e engine) {
		third := condition.Atom{Attribute: condition.LabelAttribute(clinical.LabelThirdParty), Op: condition.Equal, Values: []condition.Value{condition.Bool(true)}}
		part := everything(t, clinical.KindMedication)
		part.Fields, part.Ties = clinical.KindMedication.Descriptor().Set("encounterId"), true
		part.Condition = condition.Where(condition.Clause{about(clinical.LabelHIV, true, "86406008")}, condition.Clause{third})
		carried := map[clinical.Text]string{}
		for _, record := range fetch(t, e.open(t, tables, m, "tied"), part).Parts[0].Records {
			for _, label := range []clinical.Label{clinical.LabelHIV, clinical.LabelThirdParty} {
				if set, _ := record.About().Labels.Value(label); set {
					carried[record.About().Encounter] += string(label) + " "
				}
			}
		}
		want := map[clinical.Text]string{"v1": string(clinical.LabelHIV) + " " + string(clinical.LabelThirdParty) + " ",
			"v2": string(clinical.LabelHIV) + " ", "v3": string(clinical.LabelThirdParty) + " "}
		if diff := cmp.Diff(want, carried); diff != "" {
			t.Error(diff)
		}

		// The same where the condition is of a form that records answer in the place of stand-ins.
		part.Condition = condition.Where(condition.Clause{third, {Attribute: condition.Organisation, Op: condition.Equal, Values: []condition.Value{condition.Text("F84001")}}})
		var visits []clinical.Text
		for _, record := range fetch(t, e.open(t, tables, m, "tied"), part).Parts[0].Records {
			visits = append(visits, record.About().Encounter)
		}
		if slices.Sort(visits); !slices.Equal(visits, []clinical.Text{"v1", "v3"}) {
			t.Errorf("of records: %v", visits)
		}
	})
}
