package sqlsource_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/memory"
	"onelondon/sources/sourcetest"
)

// wholeSet asks for every record of a kind.
func wholeSet(kind clinical.Kind, wanted sources.EventFields) sources.RecordedSet {
	return sources.RecordedSet{Kind: kind, Condition: condition.Always(), From: clinical.NoDay, Until: clinical.NoDay, Wanted: wanted}
}

func dayOf(t *testing.T, text string) clinical.Day {
	t.Helper()
	day, err := clinical.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// clinicRecords are what the clinic shows of the one person in it who may be counted.
func clinicRecords(t *testing.T, source sources.Source) *memory.Source {
	t.Helper()
	number, err := clinical.ParseNHSNumber("9990000018")
	if err != nil {
		t.Fatal(err)
	}
	person := memory.Person{NHSNumber: number}
	for _, kind := range clinical.Kinds() {
		part := everything(t, kind)
		part.Person, part.Limit = number, 1000
		answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{part}})
		if err != nil {
			t.Fatal(err)
		}
		person.Records = append(person.Records, answer.Parts[0].Records...)
	}
	return memory.New("clinic", person)
}

func TestDatesOfEveryTypeAndNumbersThatAreNoneCountAsTheyAreShown(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := clinicOn(t, e, `INSERT INTO "Visit" VALUES (102, 'p1', '1900-01-01 00:00:00', 'N', 'I10', 'E11'),
			(103, 'p1', '2018-12-31 23:59:59', 'N', 'I10', 'E11'), (104, 'p1b', '2021-01-01 00:00:00', 'Y', 'I10', 'E11')`)
		shown, compared := clinicRecords(t, source), 0
		for _, kind := range []clinical.Kind{clinical.KindCondition, clinical.KindObservation} {
			for _, wanted := range []sources.EventFields{0, sources.WantDay, sources.WantDay | sources.WantEnd | sources.WantValue | sources.WantMark} {
				for reduce := sources.ReduceNothing; reduce <= sources.ReduceToLast; reduce++ {
					for _, bounds := range [][2]string{{"", ""}, {"2019-01-01", ""}, {"2018-01-01", "2018-12-31"}, {"", "2019-04-03"}, {"2020-05-01", "2020-05-01"}, {"", "1900-01-01"}} {
						set := wholeSet(kind, wanted)
						set.Reduce = reduce
						if bounds[0] != "" {
							set.From = dayOf(t, bounds[0])
						}
						if bounds[1] != "" {
							set.Until = dayOf(t, bounds[1])
						}
						compared += sourcetest.SameEvents(t, source, shown, set)
						set.Undated = true
						compared += sourcetest.SameEvents(t, source, shown, set)
					}
				}
			}
		}
		if compared < 100 {
			t.Errorf("only %d events were compared", compared)
		}
	})
}

// ledger is a system whose codes stand in a table of their own, and another way of writing them: TERM!code in either of two
// columns, of the row and of the table it points to.
const ledger = `system: ledger
title: Ledger
person: {from: Patient as p, nhs_number: p.Nhs, organisation: {code: "'F84001'"}}
records:
  Registration: [{id: p.Id, labels: {sealed: false}, fields: {familyName: p.Id}}]
  Observation:
    - from: Entry as o
      join: [left Code as c on c.CodeId = o.CodeId]
      person: o.PatientId = p.Id
      id: o.Id
      labels: {sealed: false}
      fields:
        code: {codings: [{system: SNOMED_CT, code: c.Snomed}, {system: READ_2, code: c.ReadCode}]}
        date: o.Happened
  Procedure:
    - from: Entry as o
      join: [left Code as c on c.CodeId = o.CodeId]
      person: o.PatientId = p.Id
      id: o.Id
      labels: {sealed: false}
      fields:
        code: {codings: [{system: SNOMED_CT, code: {from: "coalesce(nullif(o.Cki, ''), c.Cki)", after: "SNOMED!"}}]}
        date: o.Happened
  Condition:
    - from: Entry as o
      person: o.PatientId = p.Id
      id: o.Id
      labels: {sealed: false}
      fields:
        code: {codings: [{system: CTV3, code: o.Ctv3}]}
        date: o.Happened
`

// ledgerRows are some thousand entries of three hundred codes, of which each database knows the statistics.
func ledgerRows(e engine) []string {
	statements := []string{`CREATE TABLE "Patient" ("Id" INTEGER PRIMARY KEY, "Nhs" VARCHAR(12))`,
		`CREATE TABLE "Code" ("CodeId" BIGINT PRIMARY KEY, "Snomed" BIGINT, "ReadCode" VARCHAR(10), "Cki" VARCHAR(30))`,
		`CREATE TABLE "Entry" ("Id" INTEGER PRIMARY KEY, "PatientId" INTEGER, "CodeId" BIGINT, "Ctv3" VARCHAR(10), "Cki" VARCHAR(30), "Happened" DATE)`,
		`CREATE INDEX "code_snomed" ON "Code" ("Snomed")`, `CREATE INDEX "entry_code" ON "Entry" ("CodeId")`,
		`CREATE INDEX "entry_ctv3" ON "Entry" ("Ctv3")`, `CREATE INDEX "entry_cki" ON "Entry" ("Cki")`, `CREATE INDEX "entry_patient" ON "Entry" ("PatientId")`}
	insert := func(table string, rows int, row func(n int) string) {
		var values []string
		for n := range rows {
			values = append(values, "("+row(n)+")")
		}
		for chunk := range slices.Chunk(values, 500) {
			statements = append(statements, `INSERT INTO "`+table+`" VALUES `+strings.Join(chunk, ", "))
		}
	}
	numbers := []string{"9990000018", "9990000026", "9990000034", "9990000042"}
	insert("Patient", 400, func(n int) string { return fmt.Sprintf("%d, '%s'", n, numbers[n%4]) })
	insert("Code", 300, func(n int) string { return fmt.Sprintf("%d, %d, 'R%d', 'SNOMED!%d'", n, 7000+n, n, 7000+n) })
	insert("Entry", 20_000, func(n int) string {
		cki := "''"
		if n%1000 == 1 {
			cki = "'SNOMED!5'"
		}
		return fmt.Sprintf("%d, %d, %d, 'X%d', %s, '2020-01-%02d'", n, n%397, n%300, n%300, cki, 1+n%28)
	})
	switch e.name {
	case "MariaDB":
		return append(statements, `ANALYZE TABLE "Entry", "Code", "Patient"`)
	}
	return append(statements, "ANALYZE")
}

func TestACodeIsReachedByAnIndexWhereverItStands(t *testing.T) {
	m, err := mapping.Load("ledger.yaml", []byte(ledger), nil)
	if err != nil {
		t.Fatal(err)
	}
	codes := func(codes ...sources.Code) sources.RecordedSet {
		set := wholeSet(clinical.KindObservation, sources.WantDay)
		set.Codes = codes
		return set
	}
	snomed, read, any := codes(sources.Code{System: clinical.SNOMED, Code: "7003"}), codes(sources.Code{System: clinical.Read2, Code: "R4"}), codes(sources.Code{Code: "R5"}, sources.Code{Code: "nine"})
	behind, beside, direct := codes(sources.Code{System: clinical.SNOMED, Code: "5"}), codes(sources.Code{System: clinical.SNOMED, Code: "7007"}), codes(sources.Code{System: clinical.CTV3, Code: "X8"})
	behind.Kind, beside.Kind, direct.Kind = clinical.KindProcedure, clinical.KindProcedure, clinical.KindCondition
	onEveryEngine(t, func(t *testing.T, e engine) {
		source := e.open(t, ledgerRows(e), m, "ledger")
		for name, set := range map[string]sources.RecordedSet{"a number in a table of codes": snomed, "text in a table of codes": read,
			"a code of whatever terminology": any, "text behind a prefix": behind, "the same in a table of codes": beside, "a column of the row": direct} {
			tables, err := source.EventScans(t.Context(), set)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if slices.Contains(tables, "o") || slices.Contains(tables, "Entry") {
				explained, _ := source.ExplainEvents(t.Context(), set)
				t.Errorf("%s: %v are read from end to end by %s", name, tables, explained[0].SQL)
			}
			rows := 0
			stand := func(clinical.NHSNumber) (clinical.Pseudonym, bool) { return 1, true }
			if err := source.Events(t.Context(), sources.EventQuery{Sets: []sources.RecordedSet{set}, Stand: stand}, func(int, sources.Event) error {
				rows++
				return nil
			}); err != nil || rows < 15 || rows > 70 {
				t.Errorf("%s: %d events, %v", name, rows, err)
			}
		}
		everybody, err := source.EventScans(t.Context(), wholeSet(clinical.KindObservation, sources.WantDay))
		if err != nil || len(everybody) == 0 {
			t.Errorf("a set of everything reads %v from end to end, %v: the check of plans sees nothing", everybody, err)
		}
		nothing, err := source.ExplainEvents(t.Context(), codes(sources.Code{System: clinical.SNOMED, Code: "1"}))
		if err != nil || len(nothing) != 0 {
			t.Errorf("a code that no table has is asked for by %v, %v", nothing, err)
		}
	})
}
