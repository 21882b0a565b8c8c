package sources

import "errors"

// Errors that a driver may return; any other error is a plain failure.
var (
	// ErrUnavailable reports a source that could not be reached.
	ErrUnavailable = errors.New("source unavailable")
	// ErrSchema reports a source whose tables or columns are not what its mapping says.
	ErrSchema = errors.New("source does not match its mapping")
	// ErrMalformed reports an answer that cannot be read, or that does not answer the question.
	ErrMalformed = errors.New("answer does not fit the question")
	// ErrBehind reports another OneLondon that has not yet heard of a change of preferences on which the question
	// depends.
	ErrBehind = errors.New("source knows an older state of preferences")
	// ErrRefused reports a source that is up but refuses this question; the reason is the error's code, see [WithCode].
	ErrRefused = errors.New("source refused the question")
)
