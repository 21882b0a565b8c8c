package sqlsource

import "errors"

// ErrReadOnly reports a write that the database refused because the session may only read. It is what a write must end in.
var ErrReadOnly = errors.New("session is read-only")
