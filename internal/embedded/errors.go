package embedded

import (
	"errors"
	"fmt"
)

// What can go wrong with a log. The text of these errors names files and sequence numbers, never a row's content.
var (
	// ErrUnavailable reports that the log could not be written or read. What was to be appended is not known to be kept.
	ErrUnavailable = errors.New("log unavailable")
	// ErrClosed reports a call after Close. It comes with ErrUnavailable.
	ErrClosed = errors.New("log closed")
	// ErrReadOnly reports an append to a log opened for reading. It comes with ErrUnavailable.
	ErrReadOnly = errors.New("log opened for reading only")
	// ErrInUse reports a file that another process, or another part of this one, already writes.
	ErrInUse = errors.New("file in use by another writer")
	// ErrMissing reports a database without a log. A new one would know nothing, so it is made only on demand.
	ErrMissing = errors.New("the database holds no log")
	// ErrKey reports a key that is not the one the file was made with, or a file made for another purpose.
	ErrKey = errors.New("key does not fit the file")
	// ErrBroken reports a chain that does not hold: something was changed, removed or put back.
	ErrBroken = errors.New("chain broken")
	// ErrNewer reports a file written by a newer version of this program.
	ErrNewer = errors.New("file written by a newer version")
)

// unavailable says that doing something with the log did not work.
func unavailable(what string, err error) error {
	return fmt.Errorf("%s: %w: %w", what, ErrUnavailable, err)
}
