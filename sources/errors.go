package sources

import "errors"

// What can go wrong with a source, as its line in an answer tells it. Everything else is a failure.
var (
	// ErrUnavailable reports a source that could not be reached.
	ErrUnavailable = errors.New("source unavailable")
	// ErrSchema reports a source whose tables or columns are not what its mapping says.
	ErrSchema = errors.New("source does not match its mapping")
)
