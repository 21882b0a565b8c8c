package embedded

import "context"

// Store is where the rows of one log are kept. It holds no key and proves nothing: what it gives is believed only once the log
// has proved it. It is safe for concurrent use, but for Write, which the log calls from one goroutine.
type Store interface {
	// Origin returns the log's identity, which a store that has never been used takes from birth, together with an empty
	// head. A store that lost its origin fails: it must not be born twice.
	Origin(ctx context.Context, birth func() (Origin, StoredHead, error)) (Origin, error)
	// Page returns up to so many rows that follow a sequence, oldest first, and the head, both as they were at one moment.
	Page(ctx context.Context, after uint64, limit int) ([]StoredRow, StoredHead, error)
	// Select returns the rows that a query asks for by person and place alone. Its limit is above zero.
	Select(ctx context.Context, query Query) ([]StoredRow, error)
	// Write runs work in one transaction, in which nobody else writes from the moment that work reads the ending: all of it is
	// on the disk when Write returns nil. After an error it may be or not.
	Write(ctx context.Context, work func(Writing) error) error
	// Close lets go of everything.
	Close() error
}

// Tidier is a store with work that callers need not wait for. It is called by the goroutine that writes.
type Tidier interface {
	// Due reports whether there is enough of it, or so much that it must not wait though the next batch does.
	Due(waiting bool) bool
	// Tidy does it.
	Tidy(ctx context.Context) error
}

// Writing is one transaction that writes.
type Writing interface {
	// Ending returns the head and the last row. From then on nobody else writes until the transaction ends.
	Ending(ctx context.Context) (Ending, error)
	// Insert adds rows after the last.
	Insert(ctx context.Context, rows []StoredRow) error
	// SetHead takes the place of the head.
	SetHead(ctx context.Context, head StoredHead) error
}

// Shared is a store that other processes write to as well.
type Shared interface {
	Store
	// Watch calls moved soon after anybody has written, until the context ends or the store is out of sight, which is its
	// error. It may miss some, and call for nothing: a log looks by itself every so often.
	Watch(ctx context.Context, moved func()) error
}

// Origin tells one log from another: what it is for, a number drawn at its birth, and what proves that a key is its own.
type Origin struct {
	Purpose      string
	Chain, Proof []byte
}

// StoredRow is a row as a store has it, believed in nothing.
type StoredRow struct {
	Sequence           int64
	Person, Body, Hash []byte // Person is nil for nobody in particular
}

// StoredHead is the head as a store has it: the last row's sequence and hash, and what proves them. A head that is gone is
// the zero value.
type StoredHead struct {
	Sequence    int64
	Hash, Proof []byte
}

// Ending is how a log ends: its head and its last row, which is the zero value where there is none.
type Ending struct {
	Head StoredHead
	Last StoredRow // without person and body
}
