package sqlsource_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// kept is a system that keeps every version of everything, as text.
const kept = `
system: kept
title: Kept
versions:
  - {table: Person, of: PersonId, number: Version}
  - {table: Note, of: [PersonId, NoteId], number: Version, text: Written}
  - {table: Word, of: WordId, text: Written}
person:
  from: Person as p
  nhs_number: p.Nhs
  organisation: {code: "'F84001'"}
  where: p.Gone is not true
records:
  Registration:
    - {id: p.PersonId, labels: {sealed: false}, fields: {familyName: p.Name}}
  Observation:
    - from: Note as n
      join: [left Word as w on w.WordId = n.WordId]
      person: n.PersonId = p.PersonId
      where: n.Gone is not true
      id: concat(n.NoteId, '-', n.Version, '-', n.Written)
      labels: {sealed: false}
      fields: {date: {from: n.Written, type: iso}, note: w.Word}
`

// versioned is a row of the system.
type versioned struct{ person, id, version, written, gone string }

// later orders versions as the mapping says.
func (v versioned) later(other versioned) int {
	return cmp.Or(cmp.Compare(len(v.version), len(other.version)), strings.Compare(v.version, other.version), strings.Compare(v.written, other.written))
}

// latestOf keeps of each thing the rows than which none is later.
func latestOf(rows []versioned) (latest []versioned) {
	for _, row := range rows {
		if !slices.ContainsFunc(rows, func(other versioned) bool {
			return other.person == row.person && other.id == row.id && other.later(row) > 0
		}) {
			latest = append(latest, row)
		}
	}
	return latest
}

func quoted(text string) string {
	if text == "" {
		return "NULL"
	}
	return "'" + text + "'"
}

// keptRows draws people and notes, hostile ones among them: numbers that are none, ids that differ in case or by a blank.
func keptRows(people int) (statements []string, notes []versioned) {
	dice := rand.New(rand.NewPCG(5, 6))
	pick := func(texts ...string) string { return texts[dice.IntN(len(texts))] }
	for n := range people {
		id := fmt.Sprintf("p%d", n)
		statements = append(statements, fmt.Sprintf(`INSERT INTO "Person" VALUES ('%s', '9', '9990000026', 'Old', '0')`, id),
			fmt.Sprintf(`INSERT INTO "Person" VALUES ('%s', '10', '%s', 'New', '0')`, id, numberFor(n)))
		for range 1 + dice.IntN(8) {
			row := versioned{id, pick("a", "A", "a ", "b"), pick("", "1", "2", "9", "10", "11", "x", "9999999999999999999999"), pick("", "2019-01-01", "2020-01-01"), pick("0", "0", "1", "")}
			notes = append(notes, row)
			statements = append(statements, fmt.Sprintf(`INSERT INTO "Note" VALUES ('%s', '%s', %s, %s, %s, 'w')`,
				row.person, row.id, quoted(row.version), quoted(row.written), quoted(row.gone)))
		}
	}
	return append(statements, `INSERT INTO "Word" VALUES ('w', '2019', 'old word')`, `INSERT INTO "Word" VALUES ('w', '2020', 'new word')`), notes
}

// numberFor gives the nth valid NHS number of the range for tests.
func numberFor(n int) string {
	for i := 0; ; i++ {
		if number, err := clinical.ParseNHSNumber(fmt.Sprintf("9991%06d", i)); err == nil {
			if n == 0 {
				return number.Reveal()
			}
			n--
		}
	}
}

func TestOnlyTheLatestVersionIsSeen(t *testing.T) {
	m, err := mapping.Load("kept.yaml", []byte(kept), nil)
	if err != nil {
		t.Fatal(err)
	}
	const people = 60
	rows, notes := keptRows(people)
	statements := append([]string{
		`CREATE TABLE "Person" ("PersonId" VARCHAR(10), "Version" VARCHAR(30), "Nhs" VARCHAR(10), "Name" VARCHAR(10), "Gone" VARCHAR(1))`,
		`CREATE TABLE "Note" ("PersonId" VARCHAR(10), "NoteId" VARCHAR(10), "Version" VARCHAR(30), "Written" VARCHAR(10), "Gone" VARCHAR(1), "WordId" VARCHAR(10))`,
		`CREATE TABLE "Word" ("WordId" VARCHAR(10), "Written" VARCHAR(10), "Word" VARCHAR(20))`}, rows...)
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := e.open(t, statements, m, "kept")
		seen := 0
		for n := range people {
			who := person(t, numberFor(n))
			observations, registrations := everything(t, clinical.KindObservation), everything(t, clinical.KindRegistration)
			observations.Person, registrations.Person = who, who
			answer := fetch(t, source, observations, registrations)
			var got, want []string
			for _, record := range answer.Parts[0].Records {
				got = append(got, string(record.About().ID))
				if record.About().Note != "new word" {
					t.Errorf("%s shows the word %q", record.About().ID, record.About().Note)
				}
			}
			for _, row := range latestOf(notes) {
				if row.person == fmt.Sprintf("p%d", n) && row.gone != "1" {
					want = append(want, row.id+"-"+row.version+"-"+row.written)
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			want = slices.Compact(want)
			if seen += len(got); !slices.Equal(got, want) {
				t.Errorf("person %d: got %q, want %q", n, got, want)
			}
			if name := answer.Parts[1].Records; len(name) != 1 || name[0].(*clinical.Registration).FamilyName != "New" {
				t.Errorf("person %d is shown as %v", n, name)
			}
		}
		if seen < people {
			t.Errorf("only %d records were seen", seen)
		}
		old := everything(t, clinical.KindRegistration)
		old.Person = person(t, "9990000026")
		if found := fetch(t, source, old).Parts[0].Records; len(found) > 0 {
			t.Errorf("people are found under numbers they no longer have: %v", found)
		}
		counted := map[clinical.Pseudonym]int{}
		err := source.Events(t.Context(), sources.EventQuery{Sets: []sources.RecordedSet{wholeSet(clinical.KindObservation, 0)},
			Stand: func(number clinical.NHSNumber) (clinical.Pseudonym, bool) { return 1, true }}, func(_ int, event sources.Event) error {
			counted[event.Person]++
			return nil
		})
		rowsLeft := slices.DeleteFunc(latestOf(notes), func(row versioned) bool { return row.gone == "1" })
		if err != nil || counted[1] != len(rowsLeft) {
			t.Errorf("counted %d, %v, want %d", counted[1], err, len(rowsLeft))
		}
	})
}
