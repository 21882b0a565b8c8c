package study

import "errors"

// What stops a question besides the errors of package gate. None says anything about a person.
var (
	// ErrDefinition reports a definition with faults; the error holds them, each with its path.
	ErrDefinition = errors.New("definition has faults")
	// ErrSaved reports a definition that cannot be saved, or that does not say any more what it said when it was; the error says why.
	ErrSaved = errors.New("saved definition")
	// ErrNoRun reports a run that there is not, that is over for long, or that is another analyst's.
	ErrNoRun = errors.New("no such run")
	// ErrBusy reports too many runs of one analyst at once.
	ErrBusy = errors.New("too many runs at once")
	// ErrTooLarge reports a question that needs more memory than it may take.
	ErrTooLarge = errors.New("question needs more memory than it may take")
	// ErrBook reports that what a project was told cannot be read or written; nothing is told.
	ErrBook = errors.New("the project's book is unavailable")
	// ErrUnlisted reports a source that has never been listed: nobody knows who in it carries an S-flag and must not be counted.
	ErrUnlisted = errors.New("a source has not been listed yet")
	// ErrUnsteady reports people who are counted and of whom nothing is known.
	ErrUnsteady = errors.New("people are counted of whom nothing is known")
	// ErrRules reports rules that changed while the question was counted by those before.
	ErrRules = errors.New("the rules changed while the question was counted")
	// ErrUnanswered reports that no source answered, so that there is nothing to tell.
	ErrUnanswered = errors.New("no source answered")
)
