package sqlsource

import "errors"

var (
	// ErrReadOnly reports a write that the database refused because the session is read-only, as it must.
	ErrReadOnly = errors.New("session is read-only")
	// ErrDenied reports an operation for which the role lacks the right.
	ErrDenied = errors.New("role has no right to it")
	// ErrPlanDenied reports that the role may not see plans, on databases where that is a separate right.
	ErrPlanDenied = errors.New("role may not see plans")
	// ErrWritable reports a session that can write. Such a source must not be used.
	ErrWritable = errors.New("session can write")
)
