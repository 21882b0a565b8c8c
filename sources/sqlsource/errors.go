package sqlsource

import "errors"

var (
	// ErrReadOnly reports a write that the database refused because the session may only read. It is what a write must end in.
	ErrReadOnly = errors.New("session is read-only")
	// ErrDenied reports something that the role has no right to.
	ErrDenied = errors.New("role has no right to it")
	// ErrPlanDenied reports a plan that the role may not see, where that is a right of its own.
	ErrPlanDenied = errors.New("role may not see plans")
	// ErrWritable reports a session that could write. Such a source must not be used.
	ErrWritable = errors.New("session can write")
)
