package engine

import "errors"

var (
	// ErrDefinition reports a definition that cannot be planned: something it names is not there.
	ErrDefinition = errors.New("definition cannot be planned")
	// ErrTooLarge reports a question whose answer does not fit in the memory it may use.
	ErrTooLarge = errors.New("question needs more memory than it may use")
	// ErrGathered reports columns that were gathered for another plan or under other rules.
	ErrGathered = errors.New("gathered for another question")
)
