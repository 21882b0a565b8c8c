package sqlsource

import "errors"

var (
	// ErrReadOnly reports a write that the database refused because the session may only read. It is what a write must end in.
	ErrReadOnly = errors.New("session is read-only")
	// ErrDenied reports something that the role has no right to.
	ErrDenied = errors.New("role has no right to it")
	// ErrWritable reports a session that could write. Such a source must not be used.
	ErrWritable = errors.New("session can write")
)
