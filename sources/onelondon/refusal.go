package onelondon

import (
	"context"
	"errors"
	"fmt"

	"onelondon/sources"
	"onelondon/sources/onelondon/wire"
)

// refused is a refusal as an error. Its class is that of the error it wraps.
type refused struct {
	error
	why wire.Refusal
}

func (r *refused) Unwrap() error { return r.error }

// refusal classes a refusal: whether the other is there and will not answer, could not answer, or was too late. What it says is
// told by our own words for it only.
func refusal(why wire.Refusal) error {
	var class error
	switch why {
	case wire.RefusedMalformed, wire.RefusedTooLarge, wire.RefusedLists, wire.RefusedInstance, wire.RefusedReplayed, wire.RefusedLoop,
		wire.RefusedDepth, wire.RefusedCaller:
		class = sources.ErrRefused
	case wire.RefusedBehind:
		class = sources.ErrBehind
	case wire.RefusedUnsupported:
		class = sources.ErrSchema
	case wire.RefusedLate:
		class = fmt.Errorf("%w: %w", sources.ErrUnavailable, context.DeadlineExceeded)
	case wire.RefusedBusy, wire.RefusedUnavailable:
		class = sources.ErrUnavailable
	default:
		return sources.ErrMalformed
	}
	return sources.WithCode(&refused{class, why}, string(why))
}

// refusedFor reports whether an error is that refusal.
func refusedFor(err error, why wire.Refusal) bool {
	var r *refused
	return errors.As(err, &r) && r.why == why
}
