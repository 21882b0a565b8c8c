package audit

import (
	"context"
	"encoding/hex"
	"log/slog"

	"onelondon/internal/clinical"
	"onelondon/internal/embedded"
)

// purpose tells a ledger's file and keys from those of other logs.
const purpose = "audit"

// What can go wrong, see package embedded.
var (
	ErrUnavailable = embedded.ErrUnavailable // the ledger could not be written or read
	ErrBroken      = embedded.ErrBroken      // the chain does not hold
	ErrKey         = embedded.ErrKey         // the key is not the one the ledger was made with
	ErrInUse       = embedded.ErrInUse       // another process writes this ledger
)

// Key is the secret under which a ledger is sealed and chained.
type Key = embedded.Key

// Receipt proves that an entry was written: its sequence and its hash.
type Receipt = embedded.Receipt

// Report says whether a ledger's chain holds, and where it first does not.
type Report = embedded.Report

// ParseReceipt reads a receipt in the form "sequence:hash".
func ParseReceipt(text string) (Receipt, error) { return embedded.ParseReceipt(text) }

// Ledger is one ledger file. It is safe for concurrent use.
type Ledger struct{ log *embedded.Log }

// Open opens the ledger at path to write it, and makes it if it is not there. Only one process can. A ledger whose end does
// not hold is not written on: [ErrBroken], and [OpenReader] with [Ledger.Verify] tells where it broke.
func Open(ctx context.Context, path string, key Key, log *slog.Logger) (*Ledger, error) {
	return open(ctx, embedded.Options{Path: path, Purpose: purpose, Key: key, Log: log, Terms: terms})
}

// OpenReader opens a ledger to read and verify it, beside the process that writes it or without one. It opens a broken
// ledger too, and its Append always fails.
func OpenReader(ctx context.Context, path string, key Key, log *slog.Logger) (*Ledger, error) {
	return open(ctx, embedded.Options{Path: path, Purpose: purpose, Key: key, Log: log, Terms: terms,
		ReadOnly: true})
}

func open(ctx context.Context, options embedded.Options) (*Ledger, error) {
	log, err := embedded.Open(ctx, options)
	if err != nil {
		return nil, err
	}
	return &Ledger{log}, nil
}

// Append writes entries, all or none, and returns their receipts, in their order, once they are on the disk. Concurrent
// calls share a transaction. A failure of the ledger comes as [ErrUnavailable] and then, as after a context that ended
// while waiting, the entries may or may not be kept: an entry too many is harmless, an answer without one must not leave.
func (l *Ledger) Append(ctx context.Context, entries ...Entry) ([]Receipt, error) {
	items := make([]embedded.Item, len(entries))
	for i := range entries {
		body, err := encode(entries[i])
		if err != nil {
			return nil, err
		}
		items[i] = embedded.Item{Person: l.log.Person(entries[i].Person), Body: body}
	}
	return l.log.Append(ctx, items...)
}

// Person returns what stands for the person in every ledger under the same key: 32 hexadecimal digits that say nothing
// without it. The zero number has none.
func (l *Ledger) Person(number clinical.NHSNumber) string { return subject(l.log.Person(number)) }

func subject(person embedded.Person) string {
	if person == (embedded.Person{}) {
		return ""
	}
	return hex.EncodeToString(person[:])
}

// Verify walks the whole chain, also while it is being written. Receipts noted elsewhere must all be in it, which is how a
// file put back from an older copy is found.
func (l *Ledger) Verify(ctx context.Context, noted ...Receipt) (Report, error) {
	return l.log.Verify(ctx, noted...)
}

// Close waits for what has been queued to be written. Every later call fails with [ErrUnavailable].
func (l *Ledger) Close() error { return l.log.Close() }
