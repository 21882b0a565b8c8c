package sqlsource_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// wordings draws expressions of the mapping language over one row of texts and a truth value.
type wordings struct{ dice *rand.Rand }

func (w wordings) pick(texts ...string) string { return texts[w.dice.IntN(len(texts))] }

func (w wordings) literal() string {
	return w.pick("''", "' '", "'a'", "'A'", "'a '", "'yes'", "'1'", "'x''y'", "'%'", "'b'")
}

func (w wordings) text(depth int) string {
	if depth == 0 {
		return w.pick("o.A", "o.B", "o.C", "o.A", "o.B")
	}
	inner := func() string { return w.text(w.dice.IntN(depth)) }
	either := func() string { return w.pick(inner(), inner(), w.literal()) }
	switch w.dice.IntN(8) {
	case 0:
		return fmt.Sprintf("coalesce(%s, %s)", inner(), either())
	case 1:
		return fmt.Sprintf("concat(%s, %s, %s)", either(), inner(), either())
	case 2:
		return fmt.Sprintf("nullif(%s, %s)", inner(), either())
	case 3:
		return fmt.Sprintf("trim(%s)", inner())
	case 4:
		return fmt.Sprintf("%s(%s)", w.pick("lower", "upper", "text"), inner())
	case 5:
		return fmt.Sprintf("substring(%s, %s, %s)", inner(), w.pick("1", "2", "5"), w.pick("1", "2", "9"))
	}
	return inner()
}

func (w wordings) condition(depth int) string {
	if depth == 0 {
		switch w.dice.IntN(4) {
		case 0:
			return fmt.Sprintf("%s %s %s", w.text(1), w.pick("=", "!="), w.literal())
		case 3:
			return w.pick("o.Flag", "o.A", "o.B")
		case 1:
			return fmt.Sprintf("o.Flag is %s", w.pick("true", "false", "not true", "not false", "null", "not null"))
		}
		return fmt.Sprintf("%s is %s", w.text(1), w.pick("true", "false", "not true", "not false", "null", "not null"))
	}
	inner := func() string { return "(" + w.condition(w.dice.IntN(depth)) + ")" }
	switch w.dice.IntN(8) {
	case 0, 1:
		return inner() + " and " + inner()
	case 2, 3:
		return inner() + " or " + inner()
	case 4:
		return "not " + inner()
	case 5:
		return fmt.Sprintf("%s %s in (%s, %s)", w.text(1), w.pick("", "not"), w.literal(), w.literal())
	case 6:
		compared := fmt.Sprintf("(%s %s %s)", w.text(1), w.pick("=", "!="), w.literal()) // two columns would be compared as they are
		return fmt.Sprintf("%s %s %s", w.pick("o.Flag", compared), w.pick("=", "!="), w.pick("true", "false", compared))
	}
	return inner() + " is " + w.pick("true", "false", "not true", "not false", "null", "not null")
}

// expressions makes a mapping whose sets each show a text, under a condition.
func expressions(t *testing.T, count int, seed uint64) (*mapping.Mapping, []string) {
	t.Helper()
	w := wordings{rand.New(rand.NewPCG(7, seed))}
	var b strings.Builder
	b.WriteString(`
system: words
title: Words
person: {from: Person as p, nhs_number: p.Nhs, organisation: {code: "'F84001'"}}
records:
  Registration:
    - {id: p.Id, labels: {sealed: false}, fields: {familyName: p.Id}}
  Observation:
`)
	var all []string
	for n := range count {
		text, condition := w.text(3), w.condition(3)
		all = append(all, text+" where "+condition)
		fmt.Fprintf(&b, `    - {from: Obs as o, person: o.PersonId = p.Id, where: %q, id: "concat('%d-', o.Id)", labels: {sealed: %q}, fields: {date: {from: o.Taken, type: iso}, note: %q}}`+"\n",
			condition, n, w.condition(2), text)
	}
	m, err := mapping.Load("words.yaml", []byte(b.String()), nil)
	if err != nil {
		t.Fatal(err)
	}
	return m, all
}

func TestAnExpressionSaysTheSameOnEveryEngine(t *testing.T) {
	m, all := expressions(t, testkit.Size(60, 1000), testkit.Seed(t))
	statements := []string{`CREATE TABLE "Person" ("Id" VARCHAR(10), "Nhs" VARCHAR(10))`, `INSERT INTO "Person" VALUES ('p', '9990000018')`,
		`CREATE TABLE "Obs" ("Id" VARCHAR(10), "PersonId" VARCHAR(10), "A" VARCHAR(20), "B" VARCHAR(20), "C" VARCHAR(20), "Flag" BOOL, "Taken" VARCHAR(20))`}
	dice := rand.New(rand.NewPCG(8, 9))
	word := func() string {
		words := []string{"NULL", "''", "' '", "'a'", "'A'", "'a '", "' a'", "'yes'", "'no'", "'1'", "'0'", "'TRUE'", "'x''y'", "'ab'", "'b'", "'Yes '"}
		return words[dice.IntN(len(words))]
	}
	for n := range 24 {
		statements = append(statements, fmt.Sprintf(`INSERT INTO "Obs" VALUES ('%02d', 'p', %s, %s, %s, %s, '2020')`, n, word(), word(), word(),
			[]string{"TRUE", "FALSE", "NULL"}[n%3]))
	}
	var first map[string]string
	onTheModelToo(t, func(t *testing.T, e engine) {
		var own []string
		for _, statement := range statements {
			own = append(own, strings.ReplaceAll(statement, " BOOL", " "+e.kind["BOOL"]))
		}
		source := e.open(t, own, m, "words")
		part := everything(t, clinical.KindObservation)
		part.Limit = 100_000
		answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{part}, Limits: sources.Limits{Rows: 1_000_000, Bytes: 1 << 30}})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, record := range answer.Parts[0].Records {
			about := record.About()
			sealed, known := about.Labels.Value(clinical.LabelSealed)
			got[string(about.ID)] = fmt.Sprintf("%q sealed %v %v", about.Note, sealed, known)
		}
		if first == nil {
			if first = got; len(got) < len(all) {
				t.Fatalf("only %d rows to compare", len(got))
			}
			return
		}
		wrong := 0
		for n := range all {
			for row := range 24 {
				id := fmt.Sprintf("%d-%02d", n, row)
				if got[id] != first[id] && wrong < 5 {
					wrong++
					t.Errorf("%s\nof row %02d (%s)\nsays %s, on SQLite %s", all[n], row, statements[3+row], got[id], first[id])
				}
			}
		}
	})
}
