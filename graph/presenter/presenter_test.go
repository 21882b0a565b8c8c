package presenter_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

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
