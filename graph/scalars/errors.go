package scalars

// Error reports an argument that is not of its type. It names the type and quotes nothing.
type Error struct {
	Code    string // of the closed set of error codes that callers see
	Message string // shown to the caller as it is
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// The codes of an Error.
const (
	CodeBadRequest       = "BAD_REQUEST"
	CodeInvalidNHSNumber = "INVALID_NHS_NUMBER"
	CodeInvalidCursor    = "INVALID_CURSOR"
)

func malformed(message string) error { return &Error{Code: CodeBadRequest, Message: message} }
