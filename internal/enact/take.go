package enact

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"onelondon/policy"
	"onelondon/policy/approval"
)

// What a bundle that is in order may still be refused for.
var (
	// ErrOlder reports a bundle that is not newer than every one before it. A signature does not age, so an old bundle that
	// somebody puts in the way of a new one would otherwise bring an old policy back.
	ErrOlder = errors.New("not newer than the newest that was in force")
	// ErrNotApproved reports a bundle that too few people approved.
	ErrNotApproved = errors.New("not approved")
)

// Refusal is a policy that was not taken, and why.
type Refusal struct {
	Revision string // of the bundle, where that was legible
	Err      error
}

// Error says which and why.
func (r *Refusal) Error() string {
	if r.Revision == "" {
		return "policy not taken: " + r.Err.Error()
	}
	return fmt.Sprintf("policy %s not taken: %s", r.Revision, r.Err)
}

// Unwrap is why.
func (r *Refusal) Unwrap() error { return r.Err }

// take judges what is on offer and puts it in force. Back allows it to be older than what was in force before.
func (k *Keeper) take(ctx context.Context, offer *offer, back bool) error {
	if offer.files != nil {
		return k.takeFolder(ctx, offer)
	}
	engine, record, err := k.open(ctx, offer, back)
	if err != nil {
		return err
	}
	record.At, record.Pinned = k.options.Now().UTC(), k.pinned != ""
	if last, found := k.history.last(); found && last.same(record) {
		record.At = last.At // it was in force before this server started
	} else if err := k.history.keep(record, offer, k.options.Kept); err != nil {
		return &Refusal{record.Revision, fmt.Errorf("keep it in the history: %w", err)}
	}
	k.enforce(ctx, engine, record)
	return nil
}

// open judges and compiles a bundle.
func (k *Keeper) open(ctx context.Context, offer *offer, back bool) (*policy.Engine, Record, error) {
	bundle, approved, err := k.judge(offer, back)
	if err != nil {
		return nil, Record{}, err
	}
	engine, err := bundle.Open(ctx, k.engineOptions())
	if err != nil {
		return nil, Record{}, &Refusal{bundle.Revision, fmt.Errorf("%w; where it was built with another version of this program, build it anew with this one", err)}
	}
	return engine, Record{Revision: bundle.Revision, Number: bundle.Number, Bundle: hex.EncodeToString(bundle.Digest[:]),
		Policy: engine.Revision(), Key: bundle.Key, Approved: approvedBy(approved), Unread: unreadBy(engine), Apart: apartBy(engine)}, nil
}

// judge says whether a bundle may be put in force, and who approved it.
func (k *Keeper) judge(offer *offer, back bool) (*policy.Bundle, []approval.Approval, error) {
	bundle, err := policy.ReadBundle(offer.content, k.options.Keys...)
	if err != nil {
		return nil, nil, &Refusal{"", err}
	}
	if !back {
		if err := k.newer(bundle); err != nil {
			return nil, nil, &Refusal{bundle.Revision, err}
		}
	}
	verdict := k.options.Approval.Judge(offer.approvals, bundle.Digest)
	if verdict.Missing != "" {
		return nil, nil, &Refusal{bundle.Revision, fmt.Errorf("%w: missing %s", ErrNotApproved, verdict.Missing)}
	}
	return bundle, verdict.Approved, nil
}

// newer refuses a bundle that goes back. The newest itself may come again, after a rollback.
func (k *Keeper) newer(bundle *policy.Bundle) error {
	newest, err := k.history.newest()
	digest := hex.EncodeToString(bundle.Digest[:])
	switch {
	case err != nil:
		return err
	case bundle.Number > newest.Number || digest == newest.Bundle:
		return nil
	case bundle.Number == newest.Number:
		return fmt.Errorf("%w, %s, and other than it under the same number; build it with a higher one", ErrOlder, newest.Revision)
	}
	return fmt.Errorf("%w, %s; to go back, run: onelondon policy rollback", ErrOlder, newest.Revision)
}

func (k *Keeper) takeFolder(ctx context.Context, offer *offer) error {
	engine, err := policy.Open(ctx, offer.files, k.engineOptions())
	if err != nil {
		return &Refusal{"", err}
	}
	k.enforce(ctx, engine, Record{At: k.options.Now().UTC(), Revision: engine.Revision(), Policy: engine.Revision(),
		Unread: unreadBy(engine), Apart: apartBy(engine)})
	return nil
}

func (k *Keeper) engineOptions() policy.Options {
	options := k.options.Policy
	if k.options.Codelists != "" {
		options.Codelists = os.DirFS(k.options.Codelists)
	}
	return options
}

// enforce puts an engine in force. The one that is in force already stays, with what it remembers.
func (k *Keeper) enforce(ctx context.Context, engine *policy.Engine, record Record) {
	if k.live == nil {
		k.live = policy.NewLive(engine)
	} else if k.live.Engine().Revision() != engine.Revision() {
		k.live.Replace(engine)
	}
	before := k.Status().InForce
	if before.Policy == record.Policy && before.Bundle == "" {
		record.At = before.At // a plain folder that says what it said before
	}
	k.succeed(record)
	if before.same(record) {
		return
	}
	k.options.Log.LogAttrs(ctx, slog.LevelInfo, "policy in force", slog.String("revision", record.Revision),
		slog.String("policy", record.Policy), slog.String("before", before.Revision), slog.Bool("pinned", record.Pinned))
	if len(record.Unread) > 0 {
		k.options.Log.LogAttrs(ctx, slog.LevelWarn, "codes of the code lists are left out: records that carry them are not recognised as sensitive",
			slog.Int("codes", len(record.Unread)), slog.Any("places", record.Unread))
	}
	if len(record.Apart) > 0 {
		k.options.Log.LogAttrs(ctx, slog.LevelWarn, "rules keep decisions from being shared by organisations: each is decided for by itself, which takes longer",
			slog.Any("places", record.Apart))
	}
}
