package presenter

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"onelondon/graph/refusal"
	"onelondon/internal/auth"
	"onelondon/internal/gate"
)

// Options say how errors are presented. The zero value logs nothing and suggests nothing.
type Options struct {
	Log *slog.Logger
	// Suggest leaves "Did you mean" in messages about a document. It helps who writes one and tells the schema to who guesses.
	Suggest bool
}

// Presenter presents errors. It may be used from several goroutines at once.
type Presenter struct{ options Options }

// New returns a presenter.
func New(options Options) *Presenter {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	return &Presenter{options}
}

// Present makes an error fit for the caller. It is a graphql.ErrorPresenterFunc.
func (p *Presenter) Present(ctx context.Context, err error) *gqlerror.Error {
	if err == nil {
		return nil
	}
	shown := &gqlerror.Error{}
	var given *gqlerror.Error
	if errors.As(err, &given) {
		shown.Path, shown.Locations = spoken(given.Path), given.Locations
	}
	code, message := p.explain(err, given)
	if code == refusal.ParseFailed || code == refusal.ValidationFailed {
		shown.Path = nil // it would be a path into the variables, whose names the caller chose
	}
	request := auth.CallerFrom(ctx).RequestID
	if code == refusal.Internal {
		p.options.Log.LogAttrs(ctx, slog.LevelError, "request met a fault", slog.String("request", request),
			slog.String("error", err.Error()))
	}
	shown.Message = message
	shown.Extensions = map[string]any{"code": string(code)}
	if request != "" {
		shown.Extensions["requestId"] = request
	}
	return shown
}

// spoken is a path without long runs of digits: its names may be aliases, which the caller chose.
func spoken(path ast.Path) ast.Path {
	path = slices.Clone(path)
	for i, step := range path {
		if name, ok := step.(ast.PathName); ok {
			path[i] = ast.PathName(withoutDigits(string(name)))
		}
	}
	return path
}

// explain finds the code and the words for an error.
func (p *Presenter) explain(err error, given *gqlerror.Error) (refusal.Code, string) {
	var refused *refusal.Error
	if errors.As(err, &refused) {
		return refused.Code, refused.Message
	}
	for _, known := range explanations() {
		if errors.Is(err, known.err) {
			return known.code, known.message
		}
	}
	if given != nil {
		switch given.Extensions["code"] {
		case string(refusal.ParseFailed):
			return refusal.ParseFailed, parsing(given)
		case string(refusal.ValidationFailed):
			return refusal.ValidationFailed, p.validation(given)
		}
	}
	return refusal.Internal, "The server met a fault. Nothing of it is shown here; quote the request id."
}

type explanation struct {
	err     error
	code    refusal.Code
	message string
}

func explanations() []explanation {
	return []explanation{
		{gate.ErrUnauthenticated, refusal.Unauthenticated, "No verified caller."},
		{gate.ErrPurpose, refusal.PurposeRequired, "Say for what purpose you ask, in the header X-Purpose-Of-Use or in the token: a code of HL7 PurposeOfUse, such as TREAT."},
		{gate.ErrCursor, refusal.InvalidCursor, "The cursor does not belong to this caller and question, or is too old."},
		{gate.ErrGrant, refusal.InvalidGrant, "The emergency grant does not hold for this caller and person, or has run out. Break the glass again."},
		{gate.ErrRevision, refusal.ConsentBehind, "The register of preferences has not reached minConsentRevision here yet. Ask again in a moment."},
		{gate.ErrPolicy, refusal.PolicyUnavailable, "No policy could decide, so nothing is released."},
		{gate.ErrConsent, refusal.ConsentUnavailable, "The register of people's preferences cannot be read, so nothing is released."},
		{gate.ErrLedger, refusal.LedgerUnavailable, "The access cannot be recorded, so nothing is released."},
		{gate.ErrNotPermitted, refusal.NotPermitted, "The policy does not allow this in the role that you signed in with. The attempt is kept in the ledger."},
		{gate.ErrReason, refusal.ReasonRequired, "Say why, or what was found, in a sentence that somebody else can understand."},
		{gate.ErrEvidence, refusal.EvidenceRequired, "Name what proves it, such as the id of a signed form: what opens something, and what is not in the person's own words, is recorded with " +
			"evidence only."},
		{gate.ErrPreference, refusal.InvalidPreference, "Nobody can have such a preference: name an ODS code for an organisation, an R-code for a role, and " +
			"neither for anyone; and take back some where there are a hundred. Nobody is their own proxy, and nothing ends before it begins."},
		{gate.ErrObjection, refusal.NoObjection, "The person does not object, or not any more: there is nothing to decide."},
		{gate.ErrAlert, refusal.NoSuchAlert, "There is no access of this number that you may review."},
		{gate.ErrSubject, refusal.BadRequest, "Name exactly one of person, user and organisation."},
		{context.DeadlineExceeded, refusal.Timeout, "The question took too long."},
		{context.Canceled, refusal.Timeout, "The question was called off."},
	}
}

// errPanic is what a panic becomes.
var errPanic = errors.New("panic while answering")

// Recover makes a panic an error. It is a graphql.RecoverFunc. The value of a panic may hold anything, so only its type is
// kept, and the places in the code that led to it.
func (p *Presenter) Recover(_ context.Context, fault any) error {
	return fmt.Errorf("%w: %T at %s", errPanic, fault, places())
}

// places names the functions below the panic, without their arguments.
func places() string {
	callers := make([]uintptr, 12)
	frames := runtime.CallersFrames(callers[:runtime.Callers(4, callers)])
	text := ""
	for {
		frame, more := frames.Next()
		text += fmt.Sprintf("%s:%d ", frame.Function, frame.Line)
		if !more {
			return text
		}
	}
}
