package embedded

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"onelondon/internal/clinical"
)

// Options say which log to open. All but ReadOnly and Follower are required.
type Options struct {
	Path     string
	Purpose  string // what the log is for, "audit"; a file made for another purpose is refused
	Key      Key
	Log      *slog.Logger
	ReadOnly bool     // read beside the process that writes: no lock, no append
	Follower Follower // sees every row, in order
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

// Log is one file. It is safe for concurrent use.
type Log struct {
	options Options
	keys    *keyring
	reader  *sql.DB
	writer  *sql.DB  // nil when read only
	session *session // the writer's connection; nil when read only
	lock    *os.File // nil when read only

	tail Receipt // the last row this process knows; only the writing goroutine touches it after Open
	lost bool    // the disk may hold more than tail; likewise

	untidied int // rows written since the log was tidied; likewise

	closing  sync.RWMutex // held for reading while a submission is queued
	closed   bool
	queue    chan *submission
	finished chan struct{}
}

// Open opens the log at the path and makes it if it is not there. A key that does not fit is [ErrKey], a second writer is
// [ErrInUse], a file whose head does not fit its last row is [ErrBroken]; with a Follower, so is any row that does not hold.
func Open(ctx context.Context, options Options) (*Log, error) {
	l := &Log{options: options, queue: make(chan *submission, 256), finished: make(chan struct{})}
	if err := l.open(ctx); err != nil {
		l.release()
		return nil, fmt.Errorf("open the %s log %s: %w", options.Purpose, options.Path, err)
	}
	if options.ReadOnly {
		close(l.finished)
	} else {
		go l.run()
	}
	return l, nil
}

func (l *Log) open(ctx context.Context) (err error) {
	if !l.options.ReadOnly {
		if err := l.openWriter(ctx); err != nil {
			return err
		}
	}
	if l.reader, err = connect(l.options.Path, false); err != nil {
		return err
	}
	if l.keys == nil {
		if l.keys, err = l.readOrigin(ctx); err != nil {
			return err
		}
	}
	switch {
	case l.options.Follower == nil && l.options.ReadOnly:
		return nil // a broken log can be read, or nobody could find out where it broke
	case l.options.Follower == nil:
		l.tail, err = readTail(l.reader.QueryRowContext(ctx, tailText), l.keys)
		return err
	}
	l.tail = Receipt{Hash: l.keys.first()}
	return l.catchUp(ctx)
}

func (l *Log) openWriter(ctx context.Context) (err error) {
	if l.lock, err = lock(l.options.Path + "-lock"); err != nil {
		return err
	}
	created, err := prepareFile(l.options.Path)
	if err != nil {
		return err
	}
	if l.writer, err = connect(l.options.Path, true); err != nil {
		return err
	}
	if err := checkDurable(ctx, l.writer); err != nil {
		return err
	}
	if created {
		l.options.Log.WarnContext(ctx, "made a new, empty log", "purpose", l.options.Purpose, "path", l.options.Path)
	}
	if err := migrate(ctx, l.writer, l.makeOrigin); err != nil {
		return err
	}
	if l.session, err = openSession(ctx, l.writer); err != nil {
		return err
	}
	// Within a transaction, so that nobody outside adds to the file meanwhile.
	return l.session.within(ctx, func() error { return layOut(l.options.Path) })
}

// makeOrigin gives a new file its identity and an empty chain.
func (l *Log) makeOrigin(tx *sql.Tx) error {
	var chain chainID
	_, _ = rand.Read(chain[:]) // never fails: crypto/rand ends the program instead
	keys, err := newKeyring(l.options.Key, l.options.Purpose, chain)
	if err != nil {
		return err
	}
	head := Receipt{Hash: keys.first()}
	proof := keys.sign(head)
	_, originErr := tx.Exec("INSERT INTO origin VALUES (1, ?, ?, ?)", l.options.Purpose, chain[:], keys.check)
	_, headErr := tx.Exec("INSERT INTO head VALUES (1, 0, ?, ?)", head.Hash[:], proof[:])
	if err := errors.Join(originErr, headErr); err != nil {
		return fmt.Errorf("write the origin: %w", err)
	}
	return nil
}

// readOrigin derives the file's keys and proves that they are the right ones.
func (l *Log) readOrigin(ctx context.Context) (*keyring, error) {
	var purpose string
	var chain, proof []byte
	err := l.reader.QueryRowContext(ctx, "SELECT purpose, chain, proof FROM origin").Scan(&purpose, &chain, &proof)
	if err != nil {
		return nil, fmt.Errorf("read the origin: %w", err)
	}
	var id chainID
	if purpose != l.options.Purpose || copy(id[:], chain) != len(chain) || len(chain) != len(id) {
		return nil, fmt.Errorf("%w: made for another purpose", ErrKey)
	}
	keys, err := newKeyring(l.options.Key, l.options.Purpose, id)
	if err != nil {
		return nil, err
	}
	if !hmac.Equal(keys.check, proof) {
		return nil, ErrKey
	}
	return keys, nil
}

// Person returns what stands for the person in this log, and nobody for the zero number.
func (l *Log) Person(number clinical.NHSNumber) Person { return l.keys.person(number) }

// Close waits for what has been queued to be written and lets go of the file. Every later call fails with [ErrClosed].
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
	return l.release()
}

// release lets go of whatever is open; the lock goes last.
func (l *Log) release() error {
	var faults []error
	if l.session != nil {
		faults = append(faults, l.session.close())
	}
	for _, db := range []*sql.DB{l.reader, l.writer} {
		if db != nil {
			faults = append(faults, db.Close())
		}
	}
	if l.lock != nil {
		faults = append(faults, l.lock.Close())
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("close the %s log: %w", l.options.Purpose, err)
	}
	return nil
}
