package gate

import "errors"

// What stops a question. None of these says anything about a person.
var (
	// ErrUnauthenticated reports a question by nobody.
	ErrUnauthenticated = errors.New("no verified caller")
	// ErrPurpose reports a question without a purpose, or with one that is not a purpose of use.
	ErrPurpose = errors.New("no purpose of use")
	// ErrCursor reports a cursor that was made for another caller or question, was altered, or is too old.
	ErrCursor = errors.New("cursor does not belong to this caller and question")
	// ErrGrant reports an emergency grant that was made for another caller or person, was altered, or has run out.
	ErrGrant = errors.New("emergency grant does not hold for this caller and person")
	// ErrRevision reports a register that has not reached the revision that the caller demanded, though it was waited for.
	ErrRevision = errors.New("register of preferences is behind the revision demanded")
	// ErrPolicy reports that no policy could decide; nothing is released.
	ErrPolicy = errors.New("policy unavailable")
	// ErrConsent reports that the register of people's preferences could not be read; nothing is released.
	ErrConsent = errors.New("register of preferences unavailable")
	// ErrLedger reports that the ledger could not be written; nothing is released.
	ErrLedger = errors.New("ledger unavailable")
)

// What stops an act that is no question. None of these says anything about a person either.
var (
	// ErrNotPermitted reports that the policy does not let this caller do this; that they tried is in the ledger.
	ErrNotPermitted = errors.New("not permitted")
	// ErrReason reports a reason that says next to nothing.
	ErrReason = errors.New("no reason")
	// ErrEvidence reports a choice that may be recorded on somebody's word, but not without evidence.
	ErrEvidence = errors.New("no evidence")
	// ErrPreference reports a preference that nobody can have.
	ErrPreference = errors.New("not a preference")
	// ErrAlert reports a review of an entry that there is not, that is no alert, or that the caller may not see.
	ErrAlert = errors.New("no alert of this number")
	// ErrSubject reports a ledger asked for of nobody, or of several at once.
	ErrSubject = errors.New("not one person, user or organisation")
)
