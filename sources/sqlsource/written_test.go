package sqlsource_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sqlsource"
)

// terse is a system of one-letter names, so that what a condition becomes can be read. An observation has everything, each thing
// in a table of its own that is joined only where it is spoken of; of a condition the mapping says some things of all records
// alike; a document has text where others have codes, and a registration hardly anything.
const terse = `
system: terse
title: Terse
person: {from: P as p, nhs_number: p.N, organisation: {code: "'R1H'"}}
records:
  Observation:
    - from: O as o
      join: [left A as a on a.I = o.I, left B as b on b.I = o.I, left C as c on c.I = o.I, left D as d on d.I = o.I, left E as e on e.I = o.I, left F as f on f.I = o.I]
      person: o.P = p.P
      id: o.I
      organisation: {code: a.Org}
      labels: {sealed: b.Sealed, alcohol: c.Drinks}
      fields:
        code: {codings: [{system: SNOMED_CT, code: d.Code}, {system: {from: e.System, values: {r: CTV3, i: ICD_10}}, code: f.Code}]}
        date: {from: o.Day, type: iso}
        status: {from: o.State, values: {F: COMPLETED}}
        publisher: o.Publisher
        encounterId: o.Visit
  Condition:
    - from: V as v
      join: [left D as d on d.I = v.I]
      person: v.P = p.P
      where: v.Live = 1
      id: v.I
      labels: {sealed: false, alcohol: true, drugs: unknown}
      fields: {code: {codings: [{system: ICD_10, code: d.Code}]}, date: {from: v.Day, type: iso}, encounterId: v.I}
  Document:
    - from: W as w
      person: w.P = p.P
      id: w.I
      labels: {sealed: w.Sealed, drugs: false}
      fields: {code: {text: w.Words}, status: COMPLETED, date: {from: w.Day, type: iso}, encounterId: w.Visit}
  Registration:
    - {id: p.P, labels: {sealed: false}, fields: {familyName: p.Name}}
`

// asked is a condition with a name, of one kind of record or of several, one part each.
type asked struct {
	name  string
	kinds []clinical.Kind
	any   []condition.Clause
	ties  bool
}

// asking is what is put to the terse system: each thing that a condition may say, once.
func conditions() []asked {
	observation, all := []clinical.Kind{clinical.KindObservation}, []clinical.Kind{clinical.KindObservation, clinical.KindCondition, clinical.KindDocument, clinical.KindRegistration}
	var made []asked
	for _, of := range []condition.Attribute{condition.Source, condition.Organisation, condition.Publisher, condition.System, condition.Code,
		condition.Status, "nonsense"} {
		made = append(made, asked{string(of) + " = 'terse'", all, one(compared(of, condition.Equal, condition.Text("terse"))), false},
			asked{string(of) + " <> 'terse'", all, one(compared(of, condition.NotEqual, condition.Text("terse"))), false})
	}
	day := condition.Moment(date("2019"))
	for op, word := range operatorWords() {
		made = append(made, asked{"date " + word + " 2019", all, one(compared(condition.Date, condition.Op(op), day)), false},
			asked{"date " + word + " nothing", observation, one(compared(condition.Date, condition.Op(op))), false},
			asked{"date " + word + " 2019, 2019", observation, one(compared(condition.Date, condition.Op(op), day, day)), false},
			asked{"date " + word + " a text", observation, one(compared(condition.Date, condition.Op(op), condition.Text("2019"))), false},
			asked{"code " + word + " a date, true, a text", observation, one(compared(condition.Code, condition.Op(op), day, condition.Bool(true), condition.Text("1"))), false},
			asked{"sealed " + word + " a text, false", observation, one(compared(condition.LabelAttribute(clinical.LabelSealed), condition.Op(op), condition.Text("0"), condition.Bool(false))), false})
	}
	for _, label := range []clinical.Label{clinical.LabelSealed, clinical.LabelAlcohol, clinical.LabelDrugs, clinical.LabelHIV} {
		for _, op := range []condition.Op{condition.Equal, condition.NotEqual} {
			for _, yes := range []bool{true, false} {
				name := fmt.Sprintf("%s %s %v", label, operatorWords()[op], yes)
				atom := compared(condition.LabelAttribute(label), op, condition.Bool(yes))
				made = append(made, asked{name, all, one(atom), false})
				if op == condition.NotEqual {
					continue
				}
				for _, list := range codeLists() {
					atom.Codes = list.codes
					made = append(made, asked{name + ", by " + list.name, all, one(atom), false})
				}
			}
		}
	}
	return append(append(made, several()...), tied()...)
}

func operatorWords() []string {
	return []string{"=", "<>", "<", "<=", ">", ">=", "in", "not in", "nonsense"}
}

func one(atoms ...condition.Atom) []condition.Clause { return []condition.Clause{atoms} }

func compared(of condition.Attribute, op condition.Op, values ...condition.Value) condition.Atom {
	return condition.Atom{Attribute: of, Op: op, Values: values}
}

// listed is a list of codes with a name.
type listed struct {
	name  string
	codes *condition.Codes
}

func codeLists() []listed {
	snomed, icd := clinical.Coding{System: clinical.SNOMED, Code: "1"}, clinical.Coding{System: clinical.ICD10, Code: "F10"}
	return []listed{
		{"a list of SNOMED CT", condition.NewCodes([]clinical.Coding{snomed})},
		{"the same, presuming", condition.NewCodes([]clinical.Coding{snomed}).Presuming(condition.PresumesAll)},
		{"a list of ICD-10", condition.NewCodes([]clinical.Coding{icd})},
		{"one that covers CTV3 and ICD-10", condition.NewCodes([]clinical.Coding{icd}, clinical.CTV3)},
		{"one that covers nothing here", condition.NewCodes(nil, clinical.LocalCode)},
		{"one that covers nothing", condition.NewCodes(nil)},
		{"one that covers nothing, presuming", condition.NewCodes(nil).Presuming(condition.PresumesAll)},
		{"a list of ICD-10, presuming", condition.NewCodes([]clinical.Coding{icd}).Presuming(condition.PresumesAll)},
		{"a list of ICD-10, presuming silence", condition.NewCodes([]clinical.Coding{icd}).Presuming(condition.PresumesSilence)},
		{"one that covers CTV3 and ICD-10, presuming silence", condition.NewCodes([]clinical.Coding{icd}, clinical.CTV3).Presuming(condition.PresumesSilence)},
	}
}

// by is an atom about a label that goes by one of the lists.
func by(label clinical.Label, yes bool, list int) condition.Atom {
	atom := compared(condition.LabelAttribute(label), condition.Equal, condition.Bool(yes))
	atom.Codes = codeLists()[list].codes
	return atom
}

// several are conditions of more than one comparison.
func several() []asked {
	all := []clinical.Kind{clinical.KindObservation, clinical.KindCondition, clinical.KindDocument, clinical.KindRegistration}
	published := compared(condition.Publisher, condition.Equal, condition.Text("R1H"))
	active := compared(condition.Status, condition.In, condition.Text("ACTIVE"), condition.Text("COMPLETED"))
	here, elsewhere := compared(condition.Source, condition.Equal, condition.Text("terse")), compared(condition.Source, condition.Equal, condition.Text("other"))
	notFree := by(clinical.LabelHIV, false, 2)
	notFree.Op = condition.NotEqual
	twice := by(clinical.LabelHIV, false, 0)
	twice.Values = append(twice.Values, condition.Bool(false))
	return []asked{
		{"two of a clause", all, one(published, active), false},
		{"either", all, []condition.Clause{{published}, {active}}, false},
		{"either, one of which no record satisfies", all, []condition.Clause{{published, elsewhere}, {active}}, false},
		{"neither can be", all, []condition.Clause{{published, elsewhere}, {elsewhere}}, false},
		{"what is settled is not asked", all, one(here, published, here), false},
		{"all of it is settled", all, []condition.Clause{{here}, {published}}, false},
		{"free of two", all, one(by(clinical.LabelSealed, false, 0), by(clinical.LabelHIV, false, 2)), false},
		{"free of two whose flags stand in tables", all, one(by(clinical.LabelSealed, false, 0), by(clinical.LabelAlcohol, false, 3)), false},
		{"free of two, presuming", all, one(by(clinical.LabelSealed, false, 1), by(clinical.LabelHIV, false, 6)), false},
		{"free of two, presuming silence", all, one(by(clinical.LabelDrugs, false, 8), by(clinical.LabelHIV, false, 9)), false},
		{"free of two, one presuming", all, one(by(clinical.LabelSealed, false, 1), by(clinical.LabelHIV, false, 2)), false},
		{"free of two by the same list", all, one(by(clinical.LabelSealed, false, 0), by(clinical.LabelHIV, false, 0)), false},
		{"free of two without flags by lists that cover the same", all, one(by(clinical.LabelDrugs, false, 0), by(clinical.LabelHIV, false, 0)), false},
		{"free of three and more", all, one(published, by(clinical.LabelDrugs, false, 2), by(clinical.LabelHIV, false, 3), by(clinical.LabelSealed, false, 4)), false},
		{"free of two, of one of which the mapping says that nothing carries it", all, one(by(clinical.LabelSealed, false, 2), by(clinical.LabelHIV, false, 3)), false},
		{"the same, where the other list presumes", all, one(by(clinical.LabelSealed, false, 2), by(clinical.LabelHIV, false, 7)), false},
		{"free of two and with a third", all, one(by(clinical.LabelDrugs, false, 2), by(clinical.LabelHIV, false, 3), by(clinical.LabelSealed, true, 0)), false},
		{"free of one", all, one(published, by(clinical.LabelHIV, false, 0)), false},
		{"free of one and with another", all, one(by(clinical.LabelHIV, false, 0), by(clinical.LabelSealed, true, 2)), false},
		{"free of one and not free of another", all, one(by(clinical.LabelHIV, false, 0), notFree), false},
		{"free of one and free of another twice", all, one(by(clinical.LabelSealed, false, 0), twice), false},
		{"free of one by codes and of one by the source", all, one(by(clinical.LabelHIV, false, 0),
			compared(condition.LabelAttribute(clinical.LabelSealed), condition.Equal, condition.Bool(false))), false},
		{"free of two, or of two others", all, []condition.Clause{{by(clinical.LabelHIV, false, 0), by(clinical.LabelDrugs, false, 2)},
			{by(clinical.LabelHIV, false, 3), by(clinical.LabelDrugs, false, 4)}}, false},
		{"one list presumes and one does not, but they are one", all, []condition.Clause{{by(clinical.LabelHIV, true, 0)}, {by(clinical.LabelDrugs, true, 1)}}, false},
		{"three lists", all, []condition.Clause{{by(clinical.LabelHIV, true, 0)}, {by(clinical.LabelDrugs, true, 2)}, {by(clinical.LabelSealed, true, 4)}}, false},
	}
}

// tied ask for what hangs together with what carries a label.
func tied() []asked {
	all := []clinical.Kind{clinical.KindObservation, clinical.KindCondition, clinical.KindDocument, clinical.KindRegistration}
	carrying := func(label clinical.Label) condition.Atom {
		return compared(condition.LabelAttribute(label), condition.Equal, condition.Bool(true))
	}
	return []asked{
		{"ties of what is sealed", all, one(carrying(clinical.LabelSealed)), true},
		{"ties of what a flag in a table says, or codes", all, []condition.Clause{{carrying(clinical.LabelAlcohol)}, {by(clinical.LabelSealed, true, 0)}}, true},
		{"ties of what codes say alone", all, []condition.Clause{{by(clinical.LabelHIV, true, 2)}, {by(clinical.LabelDrugs, true, 3)}}, true},
		{"ties of what nothing carries", all, one(carrying(clinical.LabelHIV)), true},
	}
}

func terseMapping(t *testing.T) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Load("terse.yaml", []byte(terse), nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func terseSource(t *testing.T, m *mapping.Mapping) *sqlsource.Source {
	t.Helper()
	dialect := &sqlsource.Dialect{Name: "terse", TextType: "T", Collation: "C", Unpack: "AS (%)"}
	source, err := sqlsource.New(sqlsource.Options{ID: "terse", Mapping: m, Plans: 10_000}, dialect, silent{})
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// queryOf asks for nothing but what every record carries.
func (a *asked) query(t *testing.T) (query sources.Query) {
	t.Helper()
	released := condition.Where(a.any...)
	for _, kind := range a.kinds {
		part := everything(t, kind)
		part.Condition, part.Fields, part.Ties = released, 0, a.ties
		if a.ties {
			part.Fields = kind.Descriptor().Set("encounterId")
		}
		query.Parts = append(query.Parts, part)
	}
	return query
}

// plainly is a statement without what no condition has a part in: the columns that are shown, how rows are ordered, how a column
// becomes text or a truth value, and how a day becomes a moment. Each of its branches begins with its number and the tables that it reads.
func plainly(statement string) string {
	for _, simpler := range [][2]string{
		{`CAST\("(\w)"\."(\w+)" AS T\) COLLATE C`, "$1.$2"},
		{`CASE SUBSTR\(TRIM\((\w\.Day)\), 1, 10\) WHEN '' THEN NULL ELSE SUBSTR\(REPLACE\(TRIM\(\w\.Day\).*?, 1, 19\) END`, "moment($1)"},
		{`CAST\(CASE LOWER\((\w\.\w+)\)( WHEN '(1|t|true|y|yes)' THEN '1'){5}( WHEN '(0|f|false|n|no)' THEN '0'){5} END AS T\) COLLATE C`, "said($1)"},
		{`CAST\(CASE WHEN \(NULL = NULL\) THEN '1' WHEN \(NOT \(NULL = NULL\)\) THEN '0' END AS T\) COLLATE C`, "unknown"},
		{`CAST\(CASE WHEN e\.System = 'r' THEN 'CTV3' WHEN e\.System = 'i' THEN 'ICD_10' END AS T\) COLLATE C`, "of(e.System)"},
		{`CAST\(('\w+') AS T\) COLLATE C`, "$1"},
		{`NULLIF\(([^,()]+(?:\(e\.System\))?), ''\)`, "full($1)"},
		{`\(SELECT "code" FROM "(\w+)"\)`, "$1"},
		{`SELECT \* FROM \(SELECT '(\d+)', [^\n]*? FROM "P" AS "p"`, `$1: p`},
		{` (LEFT )?JOIN "\w" AS "(\w)" ON \("\w"\."\w" = "\w"\."\w"\)`, " $2"},
		{` WHERE "p"\."N" = \?`, ""},
		{` ORDER BY [^\n]* LIMIT \?\)`, ""},
		{`UNION ALL\n`, ""},
	} {
		statement = regexp.MustCompile(simpler[0]).ReplaceAllString(statement, simpler[1])
	}
	return strings.TrimSuffix(statement, "\n") + "\n"
}

// Nothing of a condition gets lost or turned round on its way into SQL, and nothing is read for it that it does not speak of.
func TestAConditionIsWrittenAsBefore(t *testing.T) {
	var written strings.Builder
	source := terseSource(t, terseMapping(t))
	for _, asked := range conditions() {
		statements := source.SQL(asked.query(t))
		fmt.Fprintf(&written, "-- %s\n", asked.name)
		for _, statement := range statements {
			written.WriteString(plainly(statement))
		}
	}
	path := filepath.Join("testdata", "conditions.golden.sql")
	if *update {
		if err := os.WriteFile(path, []byte(written.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), written.String()); diff != "" {
		t.Errorf("conditions are written otherwise; renew with -update if that is meant (-want +got):\n%s", diff)
	}
}

// A source writes a statement once for each shape of question. Two questions that it takes for one are written alike.
func TestNoTwoConditionsAreTakenForOneUnlessTheyAreWrittenAlike(t *testing.T) {
	m := terseMapping(t)
	known := terseSource(t, m)
	for _, asked := range conditions() {
		query := asked.query(t)
		if diff := cmp.Diff(terseSource(t, m).SQL(query), known.SQL(query)); diff != "" {
			t.Errorf("%s is answered by the statement of another question (-own +given):\n%s", asked.name, diff)
		}
	}
}

// What is counted shows no label, so that the table of a flag is read for the condition alone.
func TestACountJoinsTheTablesThatItsConditionSpeaksOf(t *testing.T) {
	source := terseSource(t, terseMapping(t))
	for name, test := range map[string]struct {
		condition condition.Condition
		joined    string
	}{
		"nothing":                            {condition.Always(), ""},
		"a flag":                             {condition.Where(one(compared(condition.LabelAttribute(clinical.LabelAlcohol), condition.Equal, condition.Bool(false)))...), "c"},
		"a flag and a list of codes":         {condition.Where(one(by(clinical.LabelAlcohol, false, 5))...), "c"},
		"a list of codes alone":              {condition.Where(one(by(clinical.LabelHIV, false, 0))...), "def"},
		"two flags and lists, taken at once": {condition.Where(one(by(clinical.LabelAlcohol, false, 5), by(clinical.LabelSealed, false, 5))...), "bc"},
		"an organisation":                    {condition.Where(one(compared(condition.Organisation, condition.Equal, condition.Text("R1H")))...), "a"},
	} {
		set := wholeSet(clinical.KindObservation, 0)
		set.Condition = test.condition
		explained, err := source.ExplainEvents(t.Context(), set)
		if err != nil || len(explained) != 1 {
			t.Fatalf("%s: %d statements: %v", name, len(explained), err)
		}
		for _, table := range "abcdef" {
			if got, want := strings.Contains(explained[0].SQL, `AS "`+string(table)+`" ON`), strings.ContainsRune(test.joined, table); got != want {
				t.Errorf("%s: joins %c: %v\n%s", name, table, got, explained[0].SQL)
			}
		}
	}
}
