package consent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/embedded"
	"onelondon/internal/embedded/postgres"
)

// purpose tells a register's file and keys from those of other logs.
const purpose = "consent"

// What can go wrong, see package embedded.
var (
	ErrUnavailable = embedded.ErrUnavailable // the register could not be written, or cannot vouch for what it knows
	ErrBroken      = embedded.ErrBroken      // a directive was changed or is missing
	ErrKey         = embedded.ErrKey         // the key is not the one the register was made with
	ErrInUse       = embedded.ErrInUse       // another process has this register
	ErrMissing     = embedded.ErrMissing     // the database holds no register
	// ErrDirective reports a directive that says too little or what nobody understands.
	ErrDirective = errors.New("not a directive")
)

// Key is the secret under which a register is sealed and chained.
type Key = embedded.Key

// Receipt proves that a directive was recorded: its revision and its hash.
type Receipt = embedded.Receipt

// ParseReceipt reads a receipt in the form "sequence:hash".
func ParseReceipt(text string) (Receipt, error) { return embedded.ParseReceipt(text) }

// Report says whether a register's chain holds, and where it first does not.
type Report = embedded.Report

// Register is one register, with what holds now in memory. It is safe for concurrent use.
type Register struct {
	log     *embedded.Log
	picture *picture
	clock   func() time.Time
	reader  bool // it follows nothing
}

// Options say which register to open. Key and Log are required, and either Path or PostgreSQL.
type Options struct {
	Path       string // its file
	PostgreSQL string // the DSN of its database, for several replicas; secret: it may hold a password
	Create     bool   // make the register where the database holds none; a file is made in any case
	Key        Key
	Log        *slog.Logger
	Clock      func() time.Time // what validity is told by; nil for the time there is
	// Bitten is told of each directive, when look-ups here answer by it, how long ago it was taken for recording. That is an
	// upper bound of the time since it was acknowledged, as far as the clocks of the machines agree. It must not wait.
	Bitten func(time.Duration)
	// Staleness is how long State may answer without having looked at the database; 0 for 900 ms, see package embedded.
	Staleness time.Duration
}

// Open opens the register in a file, see [New].
func Open(ctx context.Context, path string, key Key, log *slog.Logger) (*Register, error) {
	return New(ctx, Options{Path: path, Key: key, Log: log})
}

// New opens a register. It reads and proves every directive, and refuses a register in which one does not hold. A file that is
// not there is made, which is logged as a warning: an empty register knows no objection. Only one process can have a file
// open, or one would not see what the other records; a database is for as many replicas as there are, and each sees within a
// second what another records, or fails.
func New(ctx context.Context, options Options) (*Register, error) {
	if options.Clock == nil {
		options.Clock = time.Now
	}
	key, err := embedded.Persons(options.Key, purpose)
	if err != nil {
		return nil, fmt.Errorf("open the register: %w", err)
	}
	p := &picture{key: key, bitten: options.Bitten, clock: options.Clock, lists: map[List]time.Time{}, lost: errNotRead}
	opened, err := openLog(ctx, &options, p, false)
	if err != nil {
		return nil, err
	}
	return &Register{log: opened, picture: p, clock: options.Clock}, nil
}

// OpenReader opens a register to verify, export and read what was recorded, beside the process that writes it or without one. It
// opens a broken register too. It projects nothing: State always fails, as does Record.
func OpenReader(ctx context.Context, options Options) (*Register, error) {
	if options.Clock == nil {
		options.Clock = time.Now
	}
	options.Create = false
	key, err := embedded.Persons(options.Key, purpose)
	if err != nil {
		return nil, fmt.Errorf("open the register: %w", err)
	}
	opened, err := openLog(ctx, &options, nil, true)
	if err != nil {
		return nil, err
	}
	p := &picture{key: key, clock: options.Clock, lost: errNotRead}
	return &Register{log: opened, picture: p, clock: options.Clock, reader: true}, nil
}

func openLog(ctx context.Context, o *Options, follower embedded.Follower, readOnly bool) (*embedded.Log, error) {
	options := embedded.Options{Path: o.Path, Purpose: purpose, Key: o.Key, Log: o.Log, Follower: follower, ReadOnly: readOnly,
		Staleness: o.Staleness}
	if o.PostgreSQL != "" {
		store, err := postgres.Open(ctx, postgres.Options{DSN: o.PostgreSQL, Create: o.Create, Log: o.Log})
		if err != nil {
			return nil, fmt.Errorf("open the register: %w", err)
		}
		options.Store = store
	}
	return embedded.Open(ctx, options)
}

// Record adds directives, all or none, and returns the revision of the last once they are on the disk and State answers by
// them. After [ErrUnavailable], as after a context that ended while waiting, they may or may not have been recorded: State
// tells.
func (r *Register) Record(ctx context.Context, directives ...Directive) (Revision, error) {
	if len(directives) == 0 {
		return 0, fmt.Errorf("%w: there is none", ErrDirective)
	}
	items, now := make([]embedded.Item, len(directives)), r.clock()
	for i := range directives {
		item, err := r.item(&directives[i], now)
		if err != nil {
			return 0, err
		}
		items[i] = item
	}
	receipts, err := r.log.Append(ctx, items...)
	if err != nil {
		return 0, err
	}
	return Revision(receipts[len(receipts)-1].Sequence), nil
}

func (r *Register) item(directive *Directive, now time.Time) (embedded.Item, error) {
	fault := directive.fault(now)
	if adoption, is := directive.About.(Adoption); is && fault == "" && adoption.Revision > r.Revision() {
		fault = "the register has not reached the revision that was applied"
	}
	if fault != "" {
		return embedded.Item{}, fmt.Errorf("%w: %s", ErrDirective, fault)
	}
	body, err := encode(directive, now)
	if err != nil {
		return embedded.Item{}, err
	}
	return embedded.Item{Person: r.picture.key(directive.Person), Body: body}, nil
}

// State returns what holds for a person now, given every number the person ever had, and the revision of the register by which
// it does. It fails, and says nothing of the person, when the register cannot vouch for it; the caller then must not release
// what hangs on it. A register that lost sight of its file regains it with the next directive recorded, or when opened anew; one
// in a database as soon as it can.
func (r *Register) State(numbers ...clinical.NHSNumber) (State, Revision, error) {
	if len(numbers) == 0 || slices.ContainsFunc(numbers, clinical.NHSNumber.IsZero) {
		return State{}, 0, fmt.Errorf("%w: no NHS number", ErrDirective)
	}
	if err := r.log.Fresh(); err != nil {
		return State{}, 0, err
	}
	if len(numbers) == 1 {
		return r.picture.look(r.picture.key(numbers[0]))
	}
	people := make([]embedded.Person, len(numbers))
	for i, number := range numbers {
		people[i] = r.picture.key(number)
	}
	return r.picture.lookAtAll(people)
}

// Verify walks the whole chain. Receipts noted elsewhere must all be in it.
func (r *Register) Verify(ctx context.Context, noted ...Receipt) (Report, error) {
	return r.log.Verify(ctx, noted...)
}

// Close waits for what has been queued to be recorded. State fails from then on.
func (r *Register) Close() error {
	// In this order: what is written last would make the picture whole again.
	defer r.picture.Lost(embedded.ErrClosed)
	return r.log.Close()
}
