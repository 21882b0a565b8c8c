package adversary_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/graph/refusal"
)

// quoted writes a document as the body of a request.
func quoted(t *testing.T, document string) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// hurtful are requests made to hurt, and what each must get. Status is for clients that know the GraphQL media type.
type hurtful struct {
	name, body string
	status     int
	codes      []refusal.Code
}

func hurtfulOnes(t *testing.T, n string) []hurtful {
	deep := func(levels int) string {
		return "{" + strings.Repeat("patient{", levels) + "nhsNumber" + strings.Repeat("}", levels) + "}"
	}
	aliases := func(count int) string {
		var b strings.Builder
		for i := range count {
			fmt.Fprintf(&b, "a%d:__typename ", i)
		}
		return "{" + b.String() + "}"
	}
	var doubling strings.Builder
	doubling.WriteString("{ patient(nhsNumber: \"" + n + "\") { ...F0 } } ")
	for i := range 40 {
		fmt.Fprintf(&doubling, "fragment F%d on Patient { ...F%d ...F%d } ", i, i+1, i+1)
	}
	doubling.WriteString("fragment F40 on Patient { nhsNumber }")
	parsed := []refusal.Code{refusal.ParseFailed, refusal.ValidationFailed}
	chart := `{ patient(nhsNumber: "` + n + `") `
	return []hurtful{
		{"ten thousand deep", quoted(t, deep(10_000)), 400, []refusal.Code{refusal.ParseFailed, refusal.DocumentTooLarge}},
		{"some levels too deep", quoted(t, chart+"{ allergies { nodes {"+strings.Repeat(" contributors {", 20)+" id"+strings.Repeat("}", 24)), 400,
			[]refusal.Code{refusal.DocumentTooDeep}},
		{"the schema's own circles", quoted(t, "{ __schema { types {"+strings.Repeat(" fields { type {", 10)+" name"+strings.Repeat("}", 23)), 400,
			[]refusal.Code{refusal.ValidationFailed}},
		{"a hundred thousand aliases", quoted(t, aliases(100_000)), 413, []refusal.Code{refusal.DocumentTooLarge}},
		{"three thousand aliases", quoted(t, aliases(3000)), 400, []refusal.Code{refusal.ParseFailed, refusal.TooManyAliases}},
		{"a thousand aliases", quoted(t, aliases(1000)), 400, []refusal.Code{refusal.TooManyAliases}},
		{"fragments in a circle", quoted(t, chart+"{ ...A } } fragment A on Patient { ...B } fragment B on Patient { ...A }"), 400, parsed},
		{"fragments that double", quoted(t, doubling.String()), 400, []refusal.Code{refusal.TooComplex, refusal.ValidationFailed, refusal.ParseFailed, refusal.DocumentTooDeep}},
		{"five megabytes", quoted(t, "{ sources { id } } #"+strings.Repeat("x", 5<<20)), 413, []refusal.Code{refusal.DocumentTooLarge}},
		{"half a megabyte of comment", quoted(t, "{ sources { id } } #"+strings.Repeat("x", 1<<19)), 400, []refusal.Code{refusal.DocumentTooLarge}},
		{"invalid UTF-8", "{\"query\":\"{ sources { id } } \xff\xfe\"}", 400, []refusal.Code{refusal.BadRequest}},
		{"an unpaired surrogate", `{"query":"{ patient(nhsNumber: \"\ud800\") { nhsNumber } }"}`, 200, []refusal.Code{refusal.InvalidNHSNumber}},
		{"a batch", "[" + quoted(t, "{ sources { id } }") + "," + quoted(t, "{ sources { id } }") + "]", 400, []refusal.Code{refusal.BadRequest}},
		{"@defer by plain POST", quoted(t, chart+"{ nhsNumber ... @defer { allergies { nodes { id } } } } }"), 400, []refusal.Code{refusal.DeferUnsupported}},
		{"eleven patients", quoted(t, "{"+strings.Repeat(` a: patient(nhsNumber: "`+n+`") { nhsNumber }`, 11)+"}"), 400,
			[]refusal.Code{refusal.TooManyPatients}},
		{"pages of everything", quoted(t, chart+"{"+strings.Repeat(" timeline(first: 200) { nodes { id code { code translations { code } } } }", 200)+"} }"), 400,
			[]refusal.Code{refusal.TooComplex}},
		{"a page of minus one", quoted(t, chart+"{ allergies(first: -1) { nodes { id } } } }"), 200, []refusal.Code{refusal.BadRequest}},
		{"a page of two thousand million", quoted(t, chart+"{ allergies(first: 2000000000) { nodes { id } } } }"), 200,
			[]refusal.Code{refusal.BadRequest}},
		{"a number that is none", quoted(t, `{ patient(nhsNumber: "1234567890") { nhsNumber } }`), 200, []refusal.Code{refusal.InvalidNHSNumber}},
		{"a mutation", quoted(t, "mutation { erase }"), 400, parsed},
		{"a subscription", quoted(t, "subscription { patient { nhsNumber } }"), 400, parsed},
		{"an unknown kind", quoted(t, chart+"{ timeline(kinds: [Secret]) { nodes { id } } } }"), 400, parsed},
		{"nothing", `{"query":""}`, 400, []refusal.Code{refusal.BadRequest}},
		{"a million brackets", quoted(t, strings.Repeat("[", 1<<15)), 400, parsed},
	}
}

func TestADocumentMadeToHurtGetsItsCodeAndCostsNothing(t *testing.T) {
	c := build(t, people(nil))
	h := c.open(t)
	token := h.Token(t, trial.GP(heroinesPractice))
	ones := hurtfulOnes(t, c.cast.Heroine.NHSNumber.Reveal())
	ask := func(one hurtful) trial.Reply {
		return h.Send(t, "POST", "/graphql", token, one.body, "Accept", "application/graphql-response+json")
	}
	for _, one := range ones {
		t.Run(one.name, func(t *testing.T) {
			begun := time.Now()
			reply := ask(one)
			if took := time.Since(begun); took > 3*time.Second {
				t.Errorf("took %v", took)
			}
			code := codeOf(t, reply)
			known := false
			for _, each := range one.codes {
				known = known || string(each) == code
			}
			if !known || reply.Status != one.status {
				t.Errorf("%d %s: want %d %v: %.300s", reply.Status, code, one.status, one.codes, reply.Body)
			}
			if reply.Status >= 400 && strings.Contains(reply.Body, `"data"`) {
				t.Errorf("a refused document has data: %.200s", reply.Body)
			}
		})
	}
	goroutines, heap := runtime.NumGoroutine(), kept()
	for range 3 {
		for _, one := range ones {
			ask(one)
		}
	}
	if more := runtime.NumGoroutine() - goroutines; more > 5 {
		t.Errorf("%d goroutines more than before", more)
	}
	if now := kept(); now > heap+32<<20 {
		t.Errorf("%d MiB are kept, %d before", now>>20, heap>>20)
	}
}

// codeOf is the code of an answer's first error.
func codeOf(t *testing.T, reply trial.Reply) string {
	t.Helper()
	var body struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal([]byte(reply.Body), &body); err != nil || len(body.Errors) == 0 {
		t.Fatalf("%d %.300s", reply.Status, reply.Body)
	}
	return body.Errors[0].Extensions.Code
}

// kept is how much of the heap is in use once what is not has been given back.
func kept() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// A cursor belongs to one caller, purpose, person and question.
func TestACursorFromElsewhereIsRefused(t *testing.T) {
	c := build(t, people(nil))
	h := c.open(t)
	query := func(list, more string) string {
		return `query($n: NHSNumber!, $after: Cursor) { patient(nhsNumber: $n) { ` + list + `(first: 2, after: $after` + more + `) { nodes { id } pageInfo { endCursor } } } }`
	}
	n := c.cast.Heroine.NHSNumber.Reveal()
	gp := h.Token(t, trial.GP(heroinesPractice))
	var first struct {
		Data struct {
			Patient struct {
				Observations struct{ PageInfo struct{ EndCursor string } }
			}
		}
	}
	if err := json.Unmarshal([]byte(h.Ask(t, gp, query("observations", ""), map[string]any{"n": n}).Body), &first); err != nil {
		t.Fatal(err)
	}
	cursor := first.Data.Patient.Observations.PageInfo.EndCursor
	if cursor == "" {
		t.Fatal("there is no cursor")
	}
	if reply := h.Ask(t, gp, query("observations", ""), map[string]any{"n": n, "after": cursor}); strings.Contains(reply.Body, "errors") {
		t.Fatalf("its own question refuses it: %s", reply.Body)
	}
	last := cursor[:len(cursor)-1] + map[bool]string{true: "B", false: "A"}[cursor[len(cursor)-1] == 'A']
	for name, each := range map[string]struct{ token, query, number, cursor string }{
		"another caller":  {h.Token(t, trial.Emergency("RF4")), query("observations", ""), n, cursor},
		"another list":    {gp, query("conditions", ""), n, cursor},
		"another filter":  {gp, query("observations", `, filter: {from: "2020"}`), n, cursor},
		"another person":  {h.Token(t, trial.GP("F84012")), query("observations", ""), c.cast.Sealed.NHSNumber.Reveal(), cursor},
		"changed a bit":   {gp, query("observations", ""), n, last},
		"cut":             {gp, query("observations", ""), n, cursor[:len(cursor)/2]},
		"longer":          {gp, query("observations", ""), n, cursor + cursor},
		"made up":         {gp, query("observations", ""), n, "eyJvZmZzZXQiOjB9"},
		"very long":       {gp, query("observations", ""), n, strings.Repeat("A", 1<<18)},
		"not base64":      {gp, query("observations", ""), n, "' OR 1=1 --"},
		"a line break":    {gp, query("observations", ""), n, cursor[:20] + "\n" + cursor[20:]},
		"somebody hidden": {h.Token(t, trial.GP("F84012")), query("observations", ""), c.cast.SFlagged.NHSNumber.Reveal(), cursor},
		"nobody":          {h.Token(t, trial.GP("F84012")), query("observations", ""), unknown(t).Reveal(), cursor},
	} {
		reply := h.Ask(t, each.token, each.query, map[string]any{"n": each.number, "after": each.cursor})
		if code := codeOf(t, reply); code != string(refusal.InvalidCursor) || strings.Contains(reply.Body, `"nodes"`) {
			t.Errorf("%s: %s %.300s", name, code, reply.Body)
		}
	}
}
