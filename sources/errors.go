package sources

import "errors"

// What can go wrong with a source, as its line in an answer tells it. Everything else is a failure.
var (
	// ErrUnavailable reports a source that could not be reached.
	ErrUnavailable = errors.New("source unavailable")
	// ErrSchema reports a source whose tables or columns are not what its mapping says.
	ErrSchema = errors.New("source does not match its mapping")
	// ErrMalformed reports an answer that cannot be read, or that is no answer to the question.
	ErrMalformed = errors.New("answer does not fit the question")
	// ErrBehind reports another OneLondon that has not heard of a change of people's preferences on which the question rests.
	ErrBehind = errors.New("source knows an older state of preferences")
	// ErrRefused reports a source that is there and will not answer this question; why is the error's code, see [WithCode].
	ErrRefused = errors.New("source refused the question")
)
