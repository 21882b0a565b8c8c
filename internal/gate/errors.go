package gate

import "errors"

// Errors that stop a question. None of them says anything about a person.
var (
	// ErrUnauthenticated reports a question without a verified caller.
	ErrUnauthenticated = errors.New("no verified caller")
	// ErrPurpose reports a question without a purpose, or with one that is not a purpose of use.
	ErrPurpose = errors.New("no purpose of use")
	// ErrCursor reports a cursor that was made for another caller or question, was altered, or has expired.
	ErrCursor = errors.New("cursor does not belong to this caller and question")
	// ErrGrant reports an emergency grant that was made for another caller or person, was altered, or has expired.
	ErrGrant = errors.New("emergency grant does not hold for this caller and person")
	// ErrRevision reports that the register did not reach the demanded revision in the time allowed.
	ErrRevision = errors.New("register of preferences is behind the revision demanded")
	// ErrPolicy reports that no decision could be made; nothing is released.
	ErrPolicy = errors.New("policy unavailable")
	// ErrConsent reports that the register of people's preferences could not be read; nothing is released.
	ErrConsent = errors.New("register of preferences unavailable")
	// ErrLedger reports that the ledger could not be written; nothing is released.
	ErrLedger = errors.New("ledger unavailable")
)

// Errors that stop an act other than a question. None of them says anything about a person either.
var (
	// ErrNotPermitted reports that the policy refuses the caller this act; the attempt is in the ledger.
	ErrNotPermitted = errors.New("not permitted")
	// ErrReason reports a reason that says too little.
	ErrReason = errors.New("no reason")
	// ErrEvidence reports a choice that may be recorded on somebody's word, but only with evidence.
	ErrEvidence = errors.New("no evidence")
	// ErrPreference reports a preference that cannot exist.
	ErrPreference = errors.New("not a preference")
	// ErrObjection reports a decision about an objection of somebody who does not object.
	ErrObjection = errors.New("no objection to decide about")
	// ErrAlert reports a review of an entry that does not exist, is not an alert, or is not visible to the caller.
	ErrAlert = errors.New("no alert of this number")
	// ErrSubject reports a request for the ledger of nobody, or of several subjects at once.
	ErrSubject = errors.New("not one person, user or organisation")
)
