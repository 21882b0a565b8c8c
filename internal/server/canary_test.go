package server_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
)

const canary = "Canary9990000018"

// Nothing of a question may come back in an error or stand in a log, wherever in the request it stood.
func TestNothingOfABadRequestIsEverRepeated(t *testing.T) {
	d := newDesk(t, nil)
	bodies := map[string]string{
		"JSON that does not parse":   `{"query":"` + canary,
		"a JSON text":                `"` + canary + `"`,
		"a key of the body":          `{"` + canary + `":1}`,
		"an operation's name":        `{"query":"{ __typename }","operationName":"` + canary + `"}`,
		"a field":                    `{"query":"{ ` + canary + ` }"}`,
		"an argument":                `{"query":"{ patient(` + canary + `: 1) { nhsNumber } }"}`,
		"an argument's text":         `{"query":"{ patient(nhsNumber: [\"` + canary + `\"]) { allergies(first: \"` + canary + `\") { nodes { id } } } }"}`,
		"an enum's word":             `{"query":"{ patient(nhsNumber: \"1\") { timeline(kinds: [` + canary + `]) { nodes { id } } } }"}`,
		"an object's key":            `{"query":"{ patient(nhsNumber: \"1\") { allergies(filter: {` + canary + `: 1}) { nodes { id } } } }"}`,
		"a variable's name":          `{"query":"query A($` + canary + `: Int) { __typename }"}`,
		"a variable's value":         `{"query":"query A($a: Int!) { patient(nhsNumber: \"1\") { allergies(first: $a) { nodes { id } } } }","variables":{"a":"` + canary + `"}}`,
		"a variable's type":          `{"query":"query A($a: ` + canary + `) { __typename }"}`,
		"a key within a variable":    `{"query":"query A($a: RecordFilter) { patient(nhsNumber: \"1\") { allergies(filter: $a) { nodes { id } } } }","variables":{"a":{"` + canary + `":1}}}`,
		"a word within a variable":   `{"query":"query A($a: [RecordKind!]) { patient(nhsNumber: \"1\") { timeline(kinds: $a) { nodes { id } } } }","variables":{"a":["` + canary + `"]}}`,
		"a fragment":                 `{"query":"{ ...` + canary + ` }"}`,
		"fragments in a circle":      `{"query":"{ ...` + canary + ` } fragment ` + canary + ` on Query { ...` + canary + ` }"}`,
		"a fragment's type":          `{"query":"{ ... on ` + canary + ` { id } }"}`,
		"a directive":                `{"query":"{ __typename @` + canary + ` }"}`,
		"fields that cannot merge":   `{"query":"{ ` + canary + `: sources { id } ` + canary + `: patient(nhsNumber: \"1\") { nhsNumber } }"}`,
		"a string that does not end": `{"query":"{ patient(nhsNumber: \"` + canary + ` }"}`,
		"a strange character":        `{"query":"{ ` + canary + ` \u0007 ` + canary + ` }"}`,
		"a mutation":                 `{"query":"mutation ` + canary + ` { a }"}`,
		"a subscription":             `{"query":"subscription ` + canary + ` { a b }"}`,
	}
	for where, body := range bodies {
		for _, accept := range []string{plain, both} {
			got := d.ask(t, body, "Accept", accept)
			if !strings.Contains(got.body, `"errors"`) {
				t.Errorf("%s: no error: %s", where, got.body)
			}
			if leaks(got.body, fmt.Sprint(got.header)) {
				t.Errorf("%s: repeated in %s %v", where, got.body, got.header)
			}
		}
	}
	for _, header := range []string{"Authorization", "Accept", "Content-Type", "X-Purpose-Of-Use", "Content-Encoding"} {
		if got := d.ask(t, typename, header, canary); leaks(got.body, fmt.Sprint(got.header)) || got.status < 400 {
			t.Errorf("%s: %d %s", header, got.status, got.body)
		}
	}
	for _, path := range []string{"/" + canary, "/graphql/" + canary, "/console/" + canary, "/graphql?query=" + canary} {
		if got := d.send(t, "GET", path, ""); leaks(got.body, fmt.Sprint(got.header)) {
			t.Errorf("%s: %s", path, got.body)
		}
	}
	d.send(t, canary, "/graphql", "")
	if leaks(d.logs.String()) {
		t.Errorf("logged:\n%s", d.logs)
	}
	if metrics := d.send(t, "GET", "/metrics", ""); leaks(metrics.body) || !strings.Contains(metrics.body, "onelondon_questions_total") {
		t.Error("a metric repeats it, or there are none")
	}
	if strings.Contains(d.logs.String(), d.token) || strings.Contains(d.logs.String(), "gp-1") {
		t.Error("the log says who asked")
	}
}

func leaks(texts ...string) bool {
	for _, text := range texts {
		if strings.Contains(strings.ToLower(text), strings.ToLower(canary)) || strings.Contains(text, "9990000018") {
			return true
		}
	}
	return false
}

func TestAPanicBehindTheServerSaysNothingOfItself(t *testing.T) {
	d := newDesk(t, nil)
	for name, answer := range map[string]func(context.Context) (string, error){
		"in a transport": func(context.Context) (string, error) { panic("row of " + canary) },
		"in a resolver": func(ctx context.Context) (string, error) {
			return `{"patient":null}`, graphql.GetOperationContext(ctx).Recover(ctx, "row of "+canary)
		},
	} {
		d.gate.answer = answer
		got := d.ask(t, typename)
		if !strings.Contains(got.body, `"code":"INTERNAL"`) || leaks(got.body, fmt.Sprint(got.header)) {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if leaks(d.logs.String()) || !d.logs.Contains("panic in the server") || !d.logs.Contains("panic while answering") {
		t.Errorf("the log repeats it, or does not say where:\n%s", d.logs)
	}
}

func TestAnUnknownErrorIsInternalAndNoMore(t *testing.T) {
	d := newDesk(t, nil)
	d.gate.answer = func(context.Context) (string, error) { return `{"patient":null}`, errors.New("column of " + canary) }
	if got := d.ask(t, typename); !strings.Contains(got.body, `"code":"INTERNAL"`) || leaks(got.body, fmt.Sprint(got.header)) {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestAnErrorBesideAnAnswerIsToldBesideIt(t *testing.T) {
	d := newDesk(t, nil)
	d.gate.answer = func(context.Context) (string, error) { return `{"patient":null}`, errors.New("a fault") }
	for _, accept := range []string{plain, both} {
		got := d.ask(t, typename, "Accept", accept)
		if !strings.HasPrefix(got.body, `{"errors":[{"message":"The server met a fault.`) || got.status != 200 ||
			!strings.HasSuffix(got.body, `}}],"data":{"patient":null}}`) || !strings.Contains(got.body, `"code":"INTERNAL"`) {
			t.Errorf("%s: %d %s", accept, got.status, got.body)
		}
	}
}

func TestWhatIsSaidBesideTheDataIsSent(t *testing.T) {
	d := newDesk(t, nil)
	d.gate.answer = func(ctx context.Context) (string, error) {
		graphql.RegisterExtension(ctx, "notices", []string{"PERSON_NOT_SHOWN"})
		return `{"patient":null}`, nil
	}
	if got := d.ask(t, `{"query":"{ __typename }"}`).body; got != `{"data":{"patient":null},"extensions":{"notices":["PERSON_NOT_SHOWN"]}}` {
		t.Error(got)
	}
}
