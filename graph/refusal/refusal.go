package refusal

// Code is the extensions.code of an error.
type Code string

// The codes. There are no others.
const (
	Unauthenticated    Code = "UNAUTHENTICATED"           // no verified caller
	PurposeRequired    Code = "PURPOSE_REQUIRED"          // no purpose of use, or one that is none
	BadRequest         Code = "BAD_REQUEST"               // an argument is not what the schema says
	ParseFailed        Code = "GRAPHQL_PARSE_FAILED"      // the document is not GraphQL
	ValidationFailed   Code = "GRAPHQL_VALIDATION_FAILED" // the document or a variable does not fit the schema
	InvalidNHSNumber   Code = "INVALID_NHS_NUMBER"
	InvalidCursor      Code = "INVALID_CURSOR"
	InvalidPreference  Code = "INVALID_PREFERENCE"      // a preference that nobody can have, or one too many
	ReasonRequired     Code = "REASON_REQUIRED"         // a reason or a finding that says next to nothing, or too much
	EvidenceRequired   Code = "EVIDENCE_REQUIRED"       // a choice that staff may record on somebody's word with evidence only
	NoObjection        Code = "NO_OBJECTION"            // a decision about an objection of somebody who does not object
	NotPermitted       Code = "NOT_PERMITTED"           // the policy does not let this caller do this
	NoSuchAlert        Code = "NO_SUCH_ALERT"           // a review of what is no alert, or none that the caller may see
	InvalidGrant       Code = "INVALID_EMERGENCY_GRANT" // an emergency grant that does not hold here, or has run out
	ConsentBehind      Code = "CONSENT_BEHIND"          // the register has not reached minConsentRevision yet
	DocumentTooLarge   Code = "DOCUMENT_TOO_LARGE"
	DocumentTooDeep    Code = "DOCUMENT_TOO_DEEP"
	TooManyAliases     Code = "TOO_MANY_ALIASES"
	TooManyPatients    Code = "TOO_MANY_PATIENTS"
	TooComplex         Code = "TOO_COMPLEX"
	DeferUnsupported   Code = "DEFER_NOT_SUPPORTED" // @defer where the answer cannot be sent in parts
	Timeout            Code = "TIMEOUT"
	InvalidDefinition  Code = "INVALID_DEFINITION"  // of a cohort; the message says every fault with its path
	StudyRefused       Code = "STUDY_REFUSED"       // the policy or the project's ledger refuses a question about many people
	TooManyRuns        Code = "TOO_MANY_RUNS"       // an analyst has as many questions under way as they may
	TooLarge           Code = "QUESTION_TOO_LARGE"  // a question about many people needs too much memory
	SourcesUnavailable Code = "SOURCES_UNAVAILABLE" // no source answered a question about many people
	LedgerUnavailable  Code = "LEDGER_UNAVAILABLE"
	ConsentUnavailable Code = "CONSENT_UNAVAILABLE"
	PolicyUnavailable  Code = "POLICY_UNAVAILABLE"
	Internal           Code = "INTERNAL"
)

// Codes lists every code.
func Codes() []Code {
	return []Code{Unauthenticated, PurposeRequired, BadRequest, ParseFailed, ValidationFailed, InvalidNHSNumber, InvalidCursor,
		InvalidPreference, ReasonRequired, EvidenceRequired, NoObjection, NotPermitted, NoSuchAlert,
		InvalidGrant, ConsentBehind,
		DocumentTooLarge, DocumentTooDeep, TooManyAliases, TooManyPatients, TooComplex, DeferUnsupported, Timeout,
		InvalidDefinition, StudyRefused, TooManyRuns, TooLarge, SourcesUnavailable,
		LedgerUnavailable, ConsentUnavailable, PolicyUnavailable, Internal}
}

// Error is a refusal. Its message is meant for the caller.
type Error struct {
	Code    Code
	Message string
}

// New returns a refusal.
func New(code Code, message string) *Error { return &Error{code, message} }

// Error returns the message.
func (e *Error) Error() string { return e.Message }
