package sources

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onelondon/internal/clinical"
)

// Outcome says how one source did on one question.
type Outcome string

// The outcomes of asking a source directly. Having nothing to report is an answer.
const (
	OutcomeAnswered Outcome = "ANSWERED"  // the answer is present and has been checked
	OutcomeTimedOut Outcome = "TIMED_OUT" // no answer within the source's deadline or the question's
	OutcomeFailed   Outcome = "FAILED"    // an error, a panic, or an answer that cannot be believed
	OutcomeBehind   Outcome = "BEHIND"    // another OneLondon that has not heard of a change of preferences
	OutcomeNotAsked Outcome = "NOT_ASKED" // circuit open, no free slot, or no such source
)

// Further outcomes of the sources behind another OneLondon, see [Below], which has judged their answers already.
const (
	OutcomeNothing   Outcome = "NOTHING"   // it answered and had nothing
	OutcomeWithheld  Outcome = "WITHHELD"  // it was not asked, because the whole kind is withheld there
	OutcomeTruncated Outcome = "TRUNCATED" // it answered up to a cap
)

// Known reports whether o is one of the outcomes.
func (o Outcome) Known() bool { return o.Whole() || o.Unanswered() || o == OutcomeTruncated }

// Whole reports whether nothing that the source was asked for is missing.
func (o Outcome) Whole() bool {
	return o == OutcomeAnswered || o == OutcomeNothing || o == OutcomeWithheld
}

// Unanswered reports whether the source gave no answer.
func (o Outcome) Unanswered() bool {
	return o == OutcomeTimedOut || o == OutcomeFailed || o == OutcomeBehind || o == OutcomeNotAsked
}

// Class says why a source did not answer, in one word that is fit for logs and metrics. It never holds a value.
type Class string

// The classes of failure.
const (
	ClassNone        Class = ""
	ClassTimeout     Class = "timeout"     // the deadline passed
	ClassCancelled   Class = "cancelled"   // the caller went away
	ClassUnavailable Class = "unavailable" // ErrUnavailable
	ClassSchema      Class = "schema"      // ErrSchema
	ClassRefused     Class = "refused"     // ErrRefused; the code says why
	ClassMalformed   Class = "malformed"   // an answer that does not fit the question
	ClassPanic       Class = "panic"       // the driver panicked
	ClassCircuit     Class = "circuit"     // circuit open
	ClassBusy        Class = "busy"        // no free slot within the deadline
	ClassUnknown     Class = "unknown"     // no source with that id
	ClassError       Class = "error"       // anything else
)

// Ask is one question to one source. The query must not be changed afterwards, because a driver that ignores its
// deadline may still be reading it.
type Ask struct {
	Source clinical.SourceID
	Query  Query
	// Patience limits the wait for the source below its deadline; zero means no such limit. A source that has recently
	// been slower, or has never answered yet, is still waited for longer, up to its deadline, because its slowness does
	// not mean that it hangs.
	Patience time.Duration
}

// Reply is how a source did on one question. Answer is set only if the outcome is OutcomeAnswered.
type Reply struct {
	Source  clinical.SourceID
	Outcome Outcome
	Class   Class
	Code    string // the database's own error code, see WithCode; may be empty
	Answer  Answer
	Elapsed time.Duration
}

var (
	errPanicked = errors.New("driver panicked")
	errMixed    = fmt.Errorf("%w: it holds a registration of somebody else", ErrMalformed)
	// errUnjudged tells the breaker that a call says nothing about the source.
	errUnjudged = errors.New("call says nothing about the source")
)

// classify turns a driver's result into an outcome. Drivers report cancelled calls with different errors, so the
// context is examined first.
func classify(ctx context.Context, err error) (Outcome, Class) {
	switch {
	case err == nil:
		return OutcomeAnswered, ClassNone
	case errors.Is(err, errPanicked):
		return OutcomeFailed, ClassPanic
	case errors.Is(ctx.Err(), context.Canceled):
		return OutcomeTimedOut, ClassCancelled
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded):
		return OutcomeTimedOut, ClassTimeout
	case errors.Is(err, ErrMalformed):
		return OutcomeFailed, ClassMalformed
	case errors.Is(err, ErrBehind):
		return OutcomeBehind, ClassRefused
	case errors.Is(err, ErrRefused):
		return OutcomeFailed, ClassRefused
	case errors.Is(err, ErrSchema):
		return OutcomeFailed, ClassSchema
	case errors.Is(err, ErrUnavailable):
		return OutcomeFailed, ClassUnavailable
	}
	return OutcomeFailed, ClassError
}

// verdict is what the breaker is told about a call. A wrong schema is the mapping's fault: the source is up and prompt,
// and its other kinds still answer. A refusal concerns this caller only; the next may be answered. A timeout counts
// only if the source had at least half of its deadline to itself.
func verdict(class Class, underWay, deadline time.Duration) error {
	switch class {
	case ClassNone, ClassSchema, ClassRefused:
		return nil
	case ClassCancelled, ClassBusy:
		return errUnjudged
	case ClassTimeout:
		if underWay < deadline/2 {
			return errUnjudged
		}
	}
	return ErrUnavailable
}
