package presenter_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"onelondon/graph/presenter"
	"onelondon/graph/refusal"
	"onelondon/internal/auth"
	"onelondon/internal/gate"
)

func request() context.Context {
	return auth.WithCaller(context.Background(), auth.Caller{ID: "u1", RequestID: "req-7"})
}

func TestEveryErrorOfTheGateHasItsCode(t *testing.T) {
	for err, want := range map[error]refusal.Code{
		gate.ErrUnauthenticated:  refusal.Unauthenticated,
		gate.ErrPurpose:          refusal.PurposeRequired,
		gate.ErrCursor:           refusal.InvalidCursor,
		gate.ErrPolicy:           refusal.PolicyUnavailable,
		gate.ErrConsent:          refusal.ConsentUnavailable,
		gate.ErrLedger:           refusal.LedgerUnavailable,
		gate.ErrRevision:         refusal.ConsentBehind,
		gate.ErrNotPermitted:     refusal.NotPermitted,
		gate.ErrReason:           refusal.ReasonRequired,
		gate.ErrEvidence:         refusal.EvidenceRequired,
		gate.ErrPreference:       refusal.InvalidPreference,
		gate.ErrAlert:            refusal.NoSuchAlert,
		gate.ErrSubject:          refusal.BadRequest,
		context.DeadlineExceeded: refusal.Timeout,
		context.Canceled:         refusal.Timeout,
		refusal.New(refusal.BadRequest, "not that"): refusal.BadRequest,
		errors.New("connection to db7 lost"):        refusal.Internal,
	} {
		wrapped := gqlerror.WrapPath(ast.Path{ast.PathName("patient")}, fmt.Errorf("ask: %w", err))
		got := presenter.New(presenter.Options{}).Present(request(), wrapped)
		if got.Extensions["code"] != string(want) || got.Extensions["requestId"] != "req-7" {
			t.Errorf("%v: extensions are %v, want code %s", err, got.Extensions, want)
		}
		if got.Path.String() != "patient" {
			t.Errorf("%v: path is %q", err, got.Path)
		}
		if strings.Contains(got.Message, "db7") {
			t.Errorf("%v: message %q shows the fault", err, got.Message)
		}
	}
}

func TestAnAliasThatHoldsANumberIsNotRepeatedInAPath(t *testing.T) {
	path := ast.Path{ast.PathName("a9990000018"), ast.PathIndex(3), ast.PathName("conditions2")}
	got := presenter.New(presenter.Options{}).Present(request(), gqlerror.WrapPath(path, gate.ErrCursor))
	if got.Path.String() != "a…[3].conditions2" || path[0] != ast.PathName("a9990000018") {
		t.Errorf("the path is %s, the one given %s", got.Path, path)
	}
}

func TestOnlyAFaultIsLoggedAndOnlyUnderItsRequest(t *testing.T) {
	var log bytes.Buffer
	p := presenter.New(presenter.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	p.Present(request(), gate.ErrCursor)
	if log.Len() > 0 {
		t.Errorf("a refusal was logged: %s", log.String())
	}
	p.Present(request(), errors.New("bolt loose"))
	if !strings.Contains(log.String(), "bolt loose") || !strings.Contains(log.String(), "req-7") {
		t.Errorf("a fault was logged as %q", log.String())
	}
}

func TestAPanicKeepsItsPlaceAndLosesItsValue(t *testing.T) {
	p := presenter.New(presenter.Options{})
	var err error
	func() {
		defer func() { err = p.Recover(request(), recover()) }()
		panic("patient 9434765919")
	}()
	if strings.Contains(err.Error(), "9434765919") || !strings.Contains(err.Error(), "presenter_test.go") &&
		!strings.Contains(err.Error(), "presenter_test.") {
		t.Errorf("panic became %q", err)
	}
	if shown := p.Present(request(), err); shown.Extensions["code"] != string(refusal.Internal) {
		t.Errorf("panic is shown as %v", shown)
	}
}

func TestSuggestionsAreLeftOutUnlessWanted(t *testing.T) {
	given := &gqlerror.Error{Rule: "KnownTypeNames", Message: `Unknown type "Patien". Did you mean "Patient"?`,
		Extensions: map[string]any{"code": "GRAPHQL_VALIDATION_FAILED"}}
	for suggest, want := range map[bool]string{false: `Unknown type "Patien".`, true: given.Message} {
		if got := presenter.New(presenter.Options{Suggest: suggest}).Present(request(), given); got.Message != want {
			t.Errorf("suggest %v: %q", suggest, got.Message)
		}
	}
}

func TestAVariableThatDoesNotFitIsNamedWithItsPlaceAndWithoutItsValue(t *testing.T) {
	const definition = `query($d: CohortDefinition!) { cohort(project: "p", definition: $d) { words } }`
	const person = `query($n: NHSNumber!, $first: Int! = 5) { patient(nhsNumber: $n) { conditions(first: $first) { nodes { id } } } }`
	for _, each := range []struct {
		name, document string
		variables      map[string]any
		want           string
	}{
		{"missing", person, nil, "Variable $n is missing."},
		{"null", person, map[string]any{"n": nil}, "Variable $n must not be null."},
		{"a word for a number", person, map[string]any{"n": "9000000009", "first": mark + " cannot use x as Secret"}, "Variable $first is not of type Int."},
		{"a number in the variable's name", `query($n9434765919: Int!) { __typename @include(if: true) patient(nhsNumber: "9000000009") { conditions(first: $n9434765919) { nodes { id } } } }`,
			nil, "Variable $n… is missing."},
		{"no object", definition, map[string]any{"d": mark}, "Variable $d is not of type CohortDefinition."},
		{"a field that is missing", definition, map[string]any{"d": map[string]any{"version": 1}}, "Variable $d.name is missing."},
		{"a field that nobody knows", definition, map[string]any{"d": map[string]any{mark: 1}}, "Variable $d holds a field that the schema does not know."},
		{"a field within a list", `query($k: [RecordKind!]) { patient(nhsNumber: "9000000009") { timeline(kinds: $k) { nodes { __typename } } } }`,
			map[string]any{"k": []any{"CONDITION", mark + " is not a valid Secret"}}, "Variable $k[1] is not of type RecordKind."},
	} {
		t.Run(each.name, func(t *testing.T) {
			text, response := answer(t, graphql.RawParams{Query: each.document, Variables: each.variables})
			if len(response.Errors) != 1 || response.Errors[0].Message != each.want {
				t.Errorf("%s", text)
			}
			if strings.Contains(text, mark) {
				t.Errorf("quotes the value: %s", text)
			}
		})
	}
}

func TestADocumentThatEndsTooEarlyOrNamesNoOperationSaysSo(t *testing.T) {
	for document, want := range map[string]string{
		`{ patient(nhsNumber: "9434765919") { nhsNumber `:  "The document is not GraphQL: it ends before everything that it opens is closed.",
		`{ patient(nhsNumber: "9434765919") } nhsNumber }`: "The document is not GraphQL.",
		`query A { __typename } query B { __typename }`:    "Which operation? The document holds none or several: name one of its operations in operationName.",
	} {
		if text, response := answer(t, graphql.RawParams{Query: document}); len(response.Errors) != 1 || response.Errors[0].Message != want {
			t.Errorf("%s", text)
		}
	}
	if text, response := answer(t, graphql.RawParams{Query: `query A { __typename }`, OperationName: "B"}); len(response.Errors) != 1 ||
		response.Errors[0].Message != "The document has no operation of that name." {
		t.Errorf("%s", text)
	}
}
