package sqlsource_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/sqlsource"
)

// hostile are texts that databases like to take for one another, and that break out of careless SQL.
var hostile = []string{"F", "f", "F ", " F", "", "ä", "a", "A", "a'", `a\`, `a\'`, `a"`, "a' OR 1=1) -- ", "%", "_", "é", "e\u0301",
	"E", "7", "07", "$1", "?", "ß", "ss", "😀", "COMPLETED", "SNOMED_CT", "LOCAL", "CTV3", "ACTIVE"}

var moments = []string{"", "2019", "2019-01-01", "2019-01", "2019-01-01T00:00:00", "2019-01-01 00:00:01", "2018-12-31T23:59",
	"1900-01-01", "2020-02-29", "2019-06"}

// hostileRows fills Obs with every text in every place that conditions speak of, drawn by a fixed dice.
func hostileRows(count int) []string {
	dice := rand.New(rand.NewPCG(1, 2))
	quote := func(values []string) string {
		if dice.IntN(6) == 0 {
			return "NULL"
		}
		return "'" + strings.ReplaceAll(values[dice.IntN(len(values))], "'", "''") + "'"
	}
	truth := []string{"TRUE", "FALSE", "NULL"}
	rows := []string{
		`INSERT INTO "Coding" VALUES (20, 'a', 'x'), (21, 'A', NULL), (22, 'a ', NULL), (23, '', 'empty'), (24, 'a''', NULL)`,
	}
	for i := range count {
		rows = append(rows, fmt.Sprintf(
			`INSERT INTO "Obs" VALUES ('%s', 'p1', %d, %s, %s, NULL, %s, %s, %s, NULL, %s, %s, NULL, NULL, %s, %s, %s)`,
			hostileID(i), 20+dice.IntN(7), quote([]string{"C", "c", "C ", "X"}), quote(hostile), quote(moments),
			quote([]string{"Y", "YM", "YMD", "U", "y", "YMDT"}), quote([]string{"F", "f", "a", "A", "7", "E", "Z", "F "}),
			quote(hostile), quote(hostile), "FALSE", truth[dice.IntN(3)], quote([]string{"yes", "YES", "no", "yes "})))
	}
	return rows
}

// diagnoses are codes of ICD-10 as systems keep them, and what is nearly one.
var diagnoses = []string{"X84", "x84", "X84.0", "X84.01", "X8401D", "I10", "I10X", "X84 ", ""}

// hostileVisits fills Visit with diagnoses, where a classification is all that a list of codes can go by, and Result, of which
// the mapping says once for all that nothing is sealed.
func hostileVisits(count int) (rows []string) {
	dice := rand.New(rand.NewPCG(3, 4))
	diagnosis := func() string {
		if dice.IntN(6) == 0 {
			return "NULL"
		}
		return "'" + diagnoses[dice.IntN(len(diagnoses))] + "'"
	}
	for i := range count {
		code := strings.ReplaceAll(hostile[dice.IntN(len(hostile))], "'", "''")
		rows = append(rows, fmt.Sprintf(`INSERT INTO "Result" VALUES (%d, %d, '%s', NULL, 1.5)`, 10+i, 200+i, code))
		rows = append(rows, fmt.Sprintf(`INSERT INTO "Visit" VALUES (%d, 'p1', '2019-01-01 08:00:00', %s, %s, %s)`, 200+i,
			[]string{"'Y'", "'N'", "NULL"}[dice.IntN(3)], diagnosis(), diagnosis()))
	}
	return rows
}

// hostileID gives identifiers whose order by language is not their order by bytes.
func hostileID(i int) string {
	return []string{"a", "A", "b", "B", "_", "é", "Z", "z-", "ä", "1"}[i%10] + fmt.Sprint(i/10)
}

// backslashes are only characters, whatever the loading session thinks of them.
func hostileClinic(t testing.TB, e engine) *sqlsource.Source {
	rows := append(hostileRows(150), hostileVisits(60)...)
	if e.name == "MariaDB" {
		for i := range rows {
			rows[i] = strings.ReplaceAll(rows[i], `\`, `\\`)
		}
	}
	return clinicOn(t, e, rows...)
}

func drawCondition(t *rapid.T) condition.Condition {
	return condition.Where(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) condition.Clause {
		if rapid.IntRange(0, 2).Draw(t, "must be free") == 0 {
			return drawFree(t)
		}
		return rapid.SliceOfN(rapid.Custom(drawAtom), 1, 3).Draw(t, "clause")
	}), 1, 3).Draw(t, "any of")...)
}

// drawFree draws a clause that wants a record to carry none of some labels that go by codes, as strict rules do.
func drawFree(t *rapid.T) (clause condition.Clause) {
	for _, label := range rapid.SliceOfNDistinct(rapid.SampledFrom([]clinical.Label{clinical.LabelSealed, clinical.LabelThirdParty,
		clinical.LabelHIV, clinical.LabelDrugs, clinical.LabelAlcohol}), 1, 4, rapid.ID).Draw(t, "labels") {
		free := condition.Atom{Attribute: condition.LabelAttribute(label), Op: condition.Equal,
			Values: []condition.Value{condition.Bool(false)}, Codes: drawCodes(t)}
		switch rapid.IntRange(0, 9).Draw(t, "nearly") {
		case 0:
			free.Op = condition.NotEqual
		case 1:
			free.Values[0] = condition.Bool(true)
		}
		clause = append(clause, free)
	}
	if rapid.Bool().Draw(t, "and something else") {
		clause = append(clause, drawAtom(t))
	}
	return clause
}

func drawAtom(t *rapid.T) condition.Atom {
	attribute := rapid.SampledFrom([]condition.Attribute{condition.Source, condition.Organisation, condition.Publisher,
		condition.System, condition.Code, condition.Status, condition.Date, condition.LabelAttribute(clinical.LabelSealed),
		condition.LabelAttribute(clinical.LabelSensitive), condition.LabelAttribute(clinical.LabelThirdParty),
		condition.LabelAttribute(clinical.LabelHIV), condition.LabelAttribute("unknown"), "nonsense"}).Draw(t, "attribute")
	op := rapid.SampledFrom([]condition.Op{condition.Equal, condition.NotEqual, condition.Less, condition.LessEqual,
		condition.Greater, condition.GreaterEqual, condition.In, condition.NotIn}).Draw(t, "operator")
	count := 1
	if op == condition.In || op == condition.NotIn {
		count = rapid.IntRange(0, 4).Draw(t, "count")
	}
	values := make([]condition.Value, count)
	for i := range values {
		values[i] = drawValue(t, attribute)
	}
	atom := condition.Atom{Attribute: attribute, Op: op, Values: values}
	if _, isLabel := attribute.Label(); isLabel && rapid.Bool().Draw(t, "by codes") {
		atom.Codes = drawCodes(t)
	}
	return atom
}

// drawCodes draws a list that is often about the codes of the clinic, hostile ones among them.
func drawCodes(t *rapid.T) *condition.Codes {
	systems := rapid.SampledFrom([]clinical.CodeSystem{clinical.SNOMED, clinical.CTV3, clinical.LocalCode, clinical.ICD10})
	var codes []clinical.Coding
	for range rapid.IntRange(0, 6).Draw(t, "listed") {
		codes = append(codes, clinical.Coding{System: systems.Draw(t, "system"),
			Code: clinical.Text(rapid.SampledFrom(slices.Concat(hostile, diagnoses, []string{"38341003"})).Draw(t, "code"))})
	}
	list := condition.NewCodes(codes, rapid.SliceOfN(systems, 0, 2).Draw(t, "covers")...)
	return list.Presuming(rapid.SampledFrom([]condition.Presumption{condition.PresumesNothing, condition.PresumesSilence, condition.PresumesAll}).
		Draw(t, "presumption"))
}

func drawValue(t *rapid.T, attribute condition.Attribute) condition.Value {
	_, isLabel := attribute.Label()
	switch odd := rapid.IntRange(0, 19).Draw(t, "odd"); {
	case odd == 0:
		return condition.Bool(true)
	case odd == 1:
		return condition.Moment(clinical.DateTime{})
	case isLabel && odd > 2:
		return condition.Bool(rapid.Bool().Draw(t, "truth"))
	case attribute == condition.Date && odd > 2:
		return condition.Moment(date(rapid.SampledFrom(moments).Draw(t, "moment")))
	case attribute == condition.Source && odd > 9:
		return condition.Text("clinic")
	}
	return condition.Text(rapid.SampledFrom(hostile).Draw(t, "text"))
}

func date(text string) clinical.DateTime {
	d, _ := clinical.ParseDateTime(text)
	return d
}

func TestADatabaseReleasesExactlyWhatTheConditionDoesInMemory(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := hostileClinic(t, e)
		for kind, most := range map[clinical.Kind]int{clinical.KindObservation: 150, clinical.KindCondition: 80, clinical.KindRegistration: 2} {
			whole := everything(t, kind)
			whole.Limit = 1000
			all := fetch(t, source, whole).Parts[0].Records
			if len(all) < most {
				t.Fatalf("only %d records of %s to try conditions on", len(all), kind)
			}
			rapid.Check(t, func(t *rapid.T) { agrees(t, source, whole, all) })
		}
	})
}

// agrees tries a random condition on records that a source holds.
func agrees(t *rapid.T, source *sqlsource.Source, whole sources.Part, all []clinical.Record) {
	whole.Condition = drawCondition(t)
	if rapid.Bool().Draw(t, "no field") { // what is compared is then in no column, and joined for the condition alone
		whole.Fields = 0
	}
	got := ids(answer(t, source, whole).Records)
	var want []clinical.Record
	for _, record := range all {
		if whole.Condition.Match(record) {
			want = append(want, record)
		}
	}
	if got != ids(want) {
		t.Fatalf("%v\nreleased %s\nwant     %s", whole.Condition, got, ids(want))
	}
}

func answer(t *rapid.T, source *sqlsource.Source, part sources.Part) sources.PartAnswer {
	answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{part}})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Parts[0]
}

func TestADatabaseFiltersAndPagesAsTheContractSays(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := hostileClinic(t, e)
		whole := everything(t, clinical.KindObservation)
		whole.Limit = 1000
		all := fetch(t, source, whole).Parts[0].Records
		if !slices.IsSortedFunc(all, func(a, b clinical.Record) int {
			return sources.PositionOf(a).Compare(sources.PositionOf(b))
		}) {
			t.Error("records do not come in the order of positions")
		}
		rapid.Check(t, func(t *rapid.T) {
			part := whole
			part.Filter = drawFilter(t)
			part.After = drawPosition(t, all)
			part.Limit = rapid.IntRange(1, 60).Draw(t, "limit")
			want := narrowed(all, part)
			if got := ids(answer(t, source, part).Records); got != ids(want) {
				t.Fatalf("%+v\ngot  %s\nwant %s", part, got, ids(want))
			}
		})
	})
}

func narrowed(all []clinical.Record, part sources.Part) []clinical.Record {
	var kept []clinical.Record
	for _, record := range all {
		if len(kept) < part.Limit && passes(record.About(), &part.Filter) && part.After.Compare(sources.PositionOf(record)) < 0 {
			kept = append(kept, record)
		}
	}
	return kept
}

func passes(m *clinical.Meta, f *sources.Filter) bool {
	if !f.From.IsZero() && (m.Date.IsZero() || m.Date.Compare(f.From) < 0) {
		return false
	}
	if !f.Until.IsZero() && (m.Date.IsZero() || m.Date.Compare(f.Until) >= 0) {
		return false
	}
	if len(f.Statuses) > 0 && !slices.Contains(f.Statuses, m.Status) {
		return false
	}
	return len(f.Codes) == 0 || slices.ContainsFunc(f.Codes, func(c sources.Code) bool {
		return m.Code.Has(c.System, c.Code)
	})
}

func drawFilter(t *rapid.T) sources.Filter {
	var f sources.Filter
	if rapid.Bool().Draw(t, "by date") {
		f.From = date(rapid.SampledFrom(moments).Draw(t, "from"))
		f.Until = date(rapid.SampledFrom(moments).Draw(t, "until"))
	}
	f.Statuses = rapid.SliceOfN(rapid.SampledFrom(clinical.Statuses()), 0, 2).Draw(t, "statuses")
	for range rapid.IntRange(0, 3).Draw(t, "codes") {
		f.Codes = append(f.Codes, sources.Code{
			System: rapid.SampledFrom([]clinical.CodeSystem{"", clinical.SNOMED, clinical.CTV3, clinical.LocalCode, "x' --"}).Draw(t, "system"),
			Code:   clinical.Text(rapid.SampledFrom(append(hostile, "38341003")).Draw(t, "code")),
		})
	}
	return f
}

func drawPosition(t *rapid.T, all []clinical.Record) sources.Position {
	if rapid.IntRange(0, 3).Draw(t, "page") == 0 {
		return sources.Position{}
	}
	at := sources.PositionOf(rapid.SampledFrom(all).Draw(t, "record"))
	at.Source = rapid.SampledFrom([]clinical.SourceID{"clinic", "clinib", "clinid", "a", "zz"}).Draw(t, "source")
	return at
}
