package embedded

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"onelondon/internal/clinical"
)

// Options say which log to open. Purpose, Key and Log are required, and either Path or Store.
type Options struct {
	Path     string // of an SQLite file
	Store    Store  // elsewhere; the log closes it
	Purpose  string // what the log is for, "audit"; a file made for another purpose is refused
	Key      Key
	Log      *slog.Logger
	ReadOnly bool     // read beside the process that writes: no lock, no append
	Follower Follower // sees every row, in order
	// Terms gives what a row can be found by, besides its person, from its body; the same body must always give the same. Nil
	// where rows are found by their person alone.
	Terms func(body []byte) []Term
	// Staleness is how long the follower of a [Shared] store may be believed without having looked; 0 for 900 ms.
	Staleness time.Duration
}

// Follower keeps a picture of a log in memory. Its methods are called by one goroutine at a time, in the order of the rows.
type Follower interface {
	// Committed gives it the rows that follow those it has seen: at Open every row there is, then each batch, before their
	// callers know of them.
	Committed(rows []Row) error
	// Lost says that the rows on the disk may be others than it has seen. It must not be believed until Found is called.
	Lost(err error)
	// Found says that it has seen every row there is. It is first called at the end of Open.
	Found()
}

// Item is what is appended: some bytes, about a person or about nobody.
type Item struct {
	Person Person
	Body   []byte
}

// Row is an item that has been appended.
type Row struct {
	Receipt
	Item
}

// Log is one log. It is safe for concurrent use.
type Log struct {
	options Options
	store   Store
	shared  Shared // the store, where others write to it as well; else nil
	tagged  Tagged // the store, where it keeps tags; else nil
	keys    *keyring

	advance sync.Mutex // held while the follower moves on
	tail    Receipt    // the last row this process knows
	lost    bool       // the store may hold others than those up to tail
	opened  time.Time
	seen    atomic.Int64 // nanoseconds from then to when tail was last known to be all there is

	closing   sync.RWMutex // held for reading while a submission is queued
	closed    bool
	queue     chan *submission
	waiting   *submission // a stream that the writing goroutine has taken from the queue and not begun
	crowded   bool        // the writing goroutine found several callers the last time
	finished  chan struct{}
	following sync.WaitGroup
	leave     context.CancelFunc // ends the following
}

// Open opens a log, and makes a file that is not there. A key that does not fit is [ErrKey], a second writer of a file is
// [ErrInUse], a log whose head does not fit its last row is [ErrBroken]; with a Follower, so is any row that does not hold.
func Open(ctx context.Context, options Options) (*Log, error) {
	if options.Staleness <= 0 {
		options.Staleness = usualStaleness
	}
	l := &Log{options: options, store: options.Store, opened: time.Now(), queue: make(chan *submission, 256), finished: make(chan struct{})}
	if err := l.open(ctx); err != nil {
		if l.store != nil {
			_ = l.store.Close()
		}
		return nil, fmt.Errorf("open the %s log %s: %w", options.Purpose, options.Path, err)
	}
	if options.ReadOnly {
		close(l.finished)
	} else {
		go l.run()
	}
	l.follow()
	return l, nil
}

func (l *Log) open(ctx context.Context) (err error) {
	if l.store == nil {
		opened, err := openFile(ctx, l.options.Path, l.options.ReadOnly, l.options.Log)
		if err != nil {
			return err
		}
		l.store = opened
	}
	l.shared, _ = l.store.(Shared)
	l.tagged, _ = l.store.(Tagged)
	if l.keys, err = l.origin(ctx); err != nil {
		return err
	}
	if err := l.prepare(ctx); err != nil || l.options.ReadOnly {
		return err
	}
	return l.index(ctx, func() bool { return false })
}

// prepare learns where the log ends, and gives the follower what there is.
func (l *Log) prepare(ctx context.Context) (err error) {
	l.tail = Receipt{Hash: l.keys.first()}
	switch {
	case l.options.Follower == nil && l.options.ReadOnly:
		return nil // a broken log can be read, or nobody could find out where it broke
	case l.options.Follower == nil:
		l.tail, err = l.ending(ctx)
		return err
	}
	return l.catchUp(ctx)
}

// origin derives the log's keys and proves that they are the right ones.
func (l *Log) origin(ctx context.Context) (*keyring, error) {
	origin, err := l.store.Origin(ctx, l.birth)
	if err != nil {
		return nil, err
	}
	var id chainID
	if origin.Purpose != l.options.Purpose || copy(id[:], origin.Chain) != len(origin.Chain) || len(origin.Chain) != len(id) {
		return nil, fmt.Errorf("%w: made for another purpose", ErrKey)
	}
	keys, err := newKeyring(l.options.Key, l.options.Purpose, id)
	if err != nil {
		return nil, err
	}
	if !hmac.Equal(keys.check, origin.Proof) {
		return nil, ErrKey
	}
	return keys, nil
}

// birth makes the identity of a new log and the head of an empty chain.
func (l *Log) birth() (Origin, StoredHead, error) {
	var chain chainID
	_, _ = rand.Read(chain[:]) // never fails: crypto/rand ends the program instead
	keys, err := newKeyring(l.options.Key, l.options.Purpose, chain)
	if err != nil {
		return Origin{}, StoredHead{}, err
	}
	return Origin{l.options.Purpose, chain[:], keys.check}, keys.head(Receipt{Hash: keys.first()}), nil
}

// Person returns what stands for the person in this log, and nobody for the zero number.
func (l *Log) Person(number clinical.NHSNumber) Person { return l.keys.person(number) }

// Close waits for what has been queued to be written and lets go of the store. Every later call fails with [ErrClosed].
func (l *Log) Close() error {
	l.closing.Lock()
	already := l.closed
	l.closed = true
	l.closing.Unlock()
	if already {
		return nil
	}
	close(l.queue)
	<-l.finished
	if l.leave != nil {
		l.leave()
	}
	l.following.Wait()
	if err := l.store.Close(); err != nil {
		return fmt.Errorf("close the %s log: %w", l.options.Purpose, err)
	}
	return nil
}
