package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Documents made to cost the server much: each is refused, and refusing it is cheap. The time allowed is a hundred times what
// it takes, so that only a blow-up fails.
func TestHostileDocumentsAreRefusedCheaply(t *testing.T) {
	d := newDesk(t, nil)
	nested := func(depth int) string {
		return "{ patient(nhsNumber: \"1\") " + strings.Repeat("{ allergies { nodes { contributors ", depth) + "{ id }" + strings.Repeat("} } }", depth) + "}"
	}
	doubling := "{ ...f0 } "
	for i := range 60 {
		doubling += fmt.Sprintf("fragment f%d on Query { ...f%d a: sources { id } ...f%d } ", i, i+1, i+1)
	}
	doubling += "fragment f60 on Query { sources { id } }"
	circle := "{ ...a } fragment a on Query { ...b } fragment b on Query { ...c } fragment c on Query { ...a }"
	var aliases, spreads strings.Builder
	for i := range 700 {
		fmt.Fprintf(&aliases, "a%d: sources { id } ", i)
	}
	for i := range 40 {
		fmt.Fprintf(&spreads, "fragment g%d on Query { sources { id ...on Source { name } } patient(nhsNumber: \"1\") { nhsNumber } ", i)
		for j := i + 1; j < 40; j++ {
			fmt.Fprintf(&spreads, "...g%d ", j)
		}
		spreads.WriteString("} ")
	}
	for name, query := range map[string]string{
		"fields within fields":                    "{ patient(nhsNumber: \"1\") { allergies { nodes { contributors { contributors { contributors { contributors { contributors { contributors { contributors { contributors { contributors { id } } } } } } } } } } } } }",
		"braces without end":                      strings.Repeat("{a", 20_000),
		"nesting that the schema does not have":   nested(200),
		"fragments that double":                   doubling,
		"fragments in a circle":                   circle,
		"many fragments that spread each other":   "{ ...g0 } " + spreads.String(),
		"one field under many names":              "{ " + aliases.String() + "}",
		"one field again and again, as a blow-up": "{ " + strings.Repeat("patient(nhsNumber: \"1\") { nhsNumber } ", 500) + "patient(nhsNumber: \"2\") { nhsNumber } }",
		"pages of the greatest length of everything": "{ patient(nhsNumber: \"1\") { timeline(first: 200) { nodes { id contributors { id contributors { id } } } } } }" +
			strings.Repeat(" ", 70_000),
		"a long comment":      "#" + strings.Repeat("x", 200_000) + "\n{ __typename }",
		"a long name":         "{ " + strings.Repeat("x", 60_000) + " }",
		"deep lists":          "{ patient(nhsNumber: " + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + ") { nhsNumber } }",
		"introspection, deep": "{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }",
	} {
		body, err := json.Marshal(map[string]string{"query": query})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		got := d.ask(t, string(body), "Accept", both)
		if elapsed := time.Since(began); elapsed > 2*time.Second {
			t.Errorf("%s took %s", name, elapsed)
		}
		if got.status != 400 || len(got.body) > 20_000 {
			t.Errorf("%s: %d, %d bytes: %.300s", name, got.status, len(got.body), got.body)
		}
	}
	if len(d.seen) > 0 {
		t.Errorf("%d of them were executed", len(d.seen))
	}
}

func FuzzWhateverIsSentGetsAnAnswerInJSON(f *testing.F) {
	for _, seed := range []string{typename, "[]", `{"query":1}`, `{"query":"{","variables":{"a":[{}]}}`, "\xff", `{"query":"{ __typename }","variables":{"a":1e999}}`,
		`{"query":"query A($a: Int) { patient(nhsNumber: \"1\") { allergies(first: $a) { nodes { id } } } }","variables":{"a":99999999999999999999}}`} {
		f.Add([]byte(seed))
	}
	d := newDesk(f, nil)
	f.Fuzz(func(t *testing.T, body []byte) {
		got := d.ask(t, string(body), "Accept", both)
		var answer map[string]any
		if err := json.Unmarshal([]byte(got.body), &answer); err != nil || got.status != 200 && got.status != 400 && got.status != 413 {
			t.Errorf("%d %v: %s", got.status, err, got.body)
		}
	})
}
