package consent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/embedded"
)

// purpose tells a register's file and keys from those of other logs.
const purpose = "consent"

// What can go wrong, see package embedded.
var (
	ErrUnavailable = embedded.ErrUnavailable // the register could not be written, or cannot vouch for what it knows
	ErrBroken      = embedded.ErrBroken      // a directive was changed or is missing
	ErrKey         = embedded.ErrKey         // the key is not the one the register was made with
	ErrInUse       = embedded.ErrInUse       // another process has this register
	// ErrDirective reports a directive that says too little or what nobody understands.
	ErrDirective = errors.New("not a directive")
)

// Key is the secret under which a register is sealed and chained.
type Key = embedded.Key

// Receipt proves that a directive was recorded: its revision and its hash.
type Receipt = embedded.Receipt

// Report says whether a register's chain holds, and where it first does not.
type Report = embedded.Report

// Register is one register file, with what holds now in memory. It is safe for concurrent use.
type Register struct {
	log     *embedded.Log
	picture *picture
}

// Open opens the register at path and makes it if it is not there, which is logged as a warning: an empty register knows no
// objection. It reads and proves every directive, and refuses a register in which one does not hold. Only one process can
// have it open, or one would not see what the other records.
func Open(ctx context.Context, path string, key Key, log *slog.Logger) (*Register, error) {
	p := newPicture()
	opened, err := embedded.Open(ctx, embedded.Options{Path: path, Purpose: purpose, Key: key, Log: log, Follower: p})
	if err != nil {
		return nil, err
	}
	return &Register{opened, p}, nil
}

// Record adds a directive and returns its revision once it is on the disk and State answers by it. After [ErrUnavailable],
// as after a context that ended while waiting, it may or may not have been recorded: State tells.
func (r *Register) Record(ctx context.Context, directive Directive) (Revision, error) {
	return r.record(ctx, []Directive{directive})
}

// record adds directives, all or none, and returns the revision of the last.
func (r *Register) record(ctx context.Context, directives []Directive) (Revision, error) {
	items, now := make([]embedded.Item, len(directives)), time.Now()
	for i := range directives {
		if fault := directives[i].fault(now); fault != "" {
			return 0, fmt.Errorf("%w: %s", ErrDirective, fault)
		}
		body, err := encode(directives[i])
		if err != nil {
			return 0, err
		}
		items[i] = embedded.Item{Person: r.log.Person(directives[i].Person), Body: body}
	}
	receipts, err := r.log.Append(ctx, items...)
	if err != nil {
		return 0, err
	}
	return Revision(receipts[len(receipts)-1].Sequence), nil
}

// State returns what holds for the person now, and the revision of the register by which it does. It fails, and says
// nothing of the person, when the register cannot vouch for it; the caller then must not release what hangs on it. A
// register that lost sight of its file regains it with the next directive recorded, or when opened anew.
func (r *Register) State(person clinical.NHSNumber) (State, Revision, error) {
	if person.IsZero() {
		return State{}, 0, fmt.Errorf("%w: no NHS number", ErrDirective)
	}
	return r.picture.look(r.log.Person(person))
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
