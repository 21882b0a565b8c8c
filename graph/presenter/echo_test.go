package presenter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	gqlgen "github.com/99designs/gqlgen/graphql/executor"

	"onelondon/graph/executor"
	"onelondon/graph/limits"
	"onelondon/graph/presenter"
	"onelondon/graph/refusal"
	"onelondon/internal/auth"
	"onelondon/internal/gate"
	"onelondon/resolvers"
)

// emptyGate knows nobody.
type emptyGate struct{ resolvers.Gate }

func (emptyGate) Ask(_ context.Context, _ auth.Caller, questions []gate.Question) ([]gate.Answer, error) {
	return make([]gate.Answer, len(questions)), nil
}

func (emptyGate) Catalogue(context.Context, auth.Caller) ([]gate.SourceInfo, error) { return nil, nil }

// answer executes as the server does and returns the answer as JSON.
func answer(t *testing.T, params graphql.RawParams) (string, graphql.Response) {
	t.Helper()
	p := presenter.New(presenter.Options{Suggest: true})
	engine := gqlgen.New(executor.New(resolvers.New(emptyGate{}, nil)))
	engine.SetErrorPresenter(p.Present)
	engine.SetRecoverFunc(p.Recover)
	engine.SetParserTokenLimit(limits.Tokens)
	engine.Use(limits.Default())
	ctx := graphql.StartOperationTrace(request())
	var response *graphql.Response
	if oc, errs := engine.CreateOperationContext(ctx, &params); errs != nil {
		response = engine.DispatchError(graphql.WithOperationContext(ctx, oc), errs)
	} else {
		responses, ctx := engine.DispatchOperation(ctx, oc)
		response = responses(ctx)
	}
	text, err := json.Marshal(response)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), *response
}

// mark is what a caller might give by mistake in any place. It is a number too, so that it fits where names do not.
const mark = "9434765919"

// marked are values that hold the mark, one of each kind that GraphQL can write.
func marked() []string {
	return []string{`"` + mark + `"`, mark, "-" + mark, mark + ".5", "M" + mark, "[" + mark + "]", `["` + mark + `", null]`,
		`{code: "` + mark + `"}`, `{m` + mark + `: 1}`, `"""` + mark + `"""`, mark + mark + mark, `"x` + mark + `\u0000"`, "1e" + mark,
		`"` + mark, `"` + mark + `\q"`, mark + "x", "$m" + mark, "null"}
}

// positions are documents with a place for a value.
func positions() []string {
	return []string{
		`{ patient(nhsNumber: %s) { nhsNumber } }`,
		`{ patient(nhsNumber: "9000000009", claimedRelationship: %s) { nhsNumber } }`,
		`{ patient(nhsNumber: "9000000009") { conditions(first: %s) { nodes { id } } } }`,
		`{ patient(nhsNumber: "9000000009") { conditions(after: %s) { nodes { id } } } }`,
		`{ patient(nhsNumber: "9000000009") { conditions(filter: %s) { nodes { id } } } }`,
		`{ patient(nhsNumber: "9000000009") { conditions(filter: {codes: %s}) { nodes { id } } } }`,
		`{ patient(nhsNumber: "9000000009") { conditions(filter: {codes: [{system: %s, code: "1"}]}) { nodes { id } } } }`,
		`{ patient(nhsNumber: "9000000009") { conditions(filter: {codes: [{code: %s}]}) { nodes { id } } } }`,
		`{ patient(nhsNumber: "9000000009") { conditions(filter: {from: %s}) { nodes { id } } } }`,
		`{ patient(nhsNumber: "9000000009") { conditions(filter: {status: %s}) { nodes { id } } } }`,
		`{ patient(nhsNumber: "9000000009") { timeline(kinds: %s) { nodes { id } } } }`,
		`{ patient(nhsNumber: "9000000009") { nhsNumber @include(if: %s) } }`,
		`{ patient(nhsNumber: "9000000009", unknown: %s) { nhsNumber } }`,
		`query($f: Int! = %s) { patient(nhsNumber: "9000000009") { conditions(first: $f) { nodes { id } } } }`,
		`query($f: RecordFilter = %s) { patient(nhsNumber: "9000000009") { conditions(filter: $f) { nodes { id } } } }`,
		`%s`, `{ %s }`, `{ patient %s }`,
	}
}

func demandNoEcho(t *testing.T, params graphql.RawParams) {
	t.Helper()
	text, response := answer(t, params)
	if strings.Contains(text, mark) {
		t.Errorf("document %s\nvariables %v\ncame back in %s", params.Query, params.Variables, text)
	}
	for _, err := range response.Errors {
		code := refusal.Code(fmt.Sprint(err.Extensions["code"]))
		if !slices.Contains(refusal.Codes(), code) || code == refusal.Internal {
			t.Errorf("document %s\nvariables %v\ngot code %s: %s", params.Query, params.Variables, code, err.Message)
		}
	}
}

func TestNoLiteralComesBack(t *testing.T) {
	refused := 0
	for _, position := range positions() {
		for _, value := range marked() {
			document := fmt.Sprintf(position, value)
			demandNoEcho(t, graphql.RawParams{Query: document})
			if text, _ := answer(t, graphql.RawParams{Query: document}); strings.Contains(text, `"errors"`) {
				refused++
			}
		}
	}
	if refused < 200 {
		t.Errorf("only %d documents were refused; this test has gone blind", refused)
	}
}

func TestNoVariableComesBack(t *testing.T) {
	const document = `query($n: NHSNumber!, $w: String, $f: Int!, $c: Cursor, $r: RecordFilter, $k: [RecordKind!], $b: Boolean!) {
		patient(nhsNumber: $n, claimedRelationship: $w) {
			conditions(first: $f, after: $c, filter: $r) { nodes { id @include(if: $b) } } timeline(kinds: $k) { nodes { id } } } }`
	values := []any{mark, json.Number(mark), json.Number(mark + ".5"), []any{mark}, map[string]any{mark: mark}, nil, true,
		map[string]any{"from": mark}, map[string]any{"codes": []any{map[string]any{"code": mark, "system": mark}}},
		map[string]any{"status": []any{mark}}, map[string]any{"codes": mark}, []any{nil, mark}, []any{[]any{mark}},
		map[string]any{"status": map[string]any{mark: 1}}, map[string]any{"codes": []any{map[string]any{"code": json.Number(mark)}}}}
	for _, name := range []string{"n", "w", "f", "c", "r", "k", "b"} {
		for _, value := range values {
			variables := map[string]any{"n": "9000000009", "f": json.Number("5"), "b": true}
			variables[name] = value
			demandNoEcho(t, graphql.RawParams{Query: document, Variables: variables})
		}
	}
	demandNoEcho(t, graphql.RawParams{Query: document, OperationName: mark})
	demandNoEcho(t, graphql.RawParams{Query: `query Q` + mark + `($m` + mark + `: Int) { m` + mark + ` }`})
}

// FuzzDocument asks whatever comes to mind: nothing may be a fault of the server.
func FuzzDocument(f *testing.F) {
	for _, position := range positions() {
		f.Add(fmt.Sprintf(position, `"1"`))
	}
	f.Add(`{ patient(nhsNumber: "9000000009") { ...F } } fragment F on Patient { ...F }`)
	f.Add(`query($b: Boolean = true) { __typename @include(if: $b) __schema { types { name } } } subscription { x }`)
	f.Fuzz(func(t *testing.T, document string) {
		text, response := answer(t, graphql.RawParams{Query: document})
		for _, err := range response.Errors {
			if err.Extensions["code"] == string(refusal.Internal) {
				t.Errorf("%q gave %s", document, text)
			}
		}
	})
}
