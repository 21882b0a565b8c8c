package enact

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"onelondon/policy"
	"onelondon/policy/approval"
)

// lookEvery is how often the pin and what lies on this machine are looked at. It costs a few calls to stat.
const lookEvery = time.Second

// Options say where a policy comes from and what it must satisfy. At most one of Folder, Bundle and URL is given; without any
// the policy is the one that the program carries.
type Options struct {
	Folder string // a plain folder, unsigned: for whoever develops rules
	Bundle string // the file of a bundle; its approvals lie beside it
	URL    string // of a bundle on a server; its approvals are at the same URL with approval.Suffix

	Token    string         // sent to the bundle server as a bearer token; empty for none
	Poll     time.Duration  // how often the bundle server is asked; default 1 min
	Keys     []policy.Key   // whose signature on a bundle is believed
	Approval approval.Rules // whose approvals it needs
	History  string         // folder of the history; needed for bundles
	Kept     int            // how many bundles the history keeps; default 10

	Codelists string         // folder of code lists, see policy.Options; empty for none
	Policy    policy.Options // of every engine, apart from the code lists

	Log       *slog.Logger
	Transport http.RoundTripper // default one that verifies certificates
	Now       func() time.Time
}

// Keeper keeps a policy in force. It is safe for concurrent use.
type Keeper struct {
	options Options
	live    *policy.Live
	source  source
	history *History // nil where policies are not bundles
	again   chan struct{}

	look   sync.Mutex // one look at a time
	lists  string     // fingerprint of the code lists
	pinned string     // digest of the bundle that the last look found pinned; empty for none

	state   sync.Mutex // guards what follows
	status  Status
	refused error // why what is on offer was not taken
	unknown error // why it could not be found out what is on offer
}

// Open puts the first policy in force: the pinned one, else the one on offer, else the last that was in force. Without any
// there is no Keeper.
func Open(ctx context.Context, options Options) (*Keeper, error) {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	k := &Keeper{options: options, source: newSource(options), again: make(chan struct{}, 1), status: Status{Source: from(options)}}
	if options.Bundle != "" || options.URL != "" {
		if err := options.Approval.Check(); err != nil {
			return nil, fmt.Errorf("open policy: %w", err)
		}
		history, err := OpenHistory(options.History)
		if err != nil {
			return nil, fmt.Errorf("open policy: %w", err)
		}
		k.history = history
	}
	if err := k.begin(ctx); err != nil {
		k.strand(err)
		return nil, fmt.Errorf("open policy: %w", err)
	}
	return k, nil
}

// begin finds the first policy.
func (k *Keeper) begin(ctx context.Context) error {
	k.look.Lock()
	defer k.look.Unlock()
	k.lists = fingerprint(k.options.Codelists)
	pin, err := k.pin()
	if err != nil {
		return err
	}
	if pin != "" {
		if err := k.hold(ctx, pin); err != nil {
			return fmt.Errorf("%w\n%s", err, k.otherwise(ctx, pin))
		}
		return nil
	}
	if err = k.follow(ctx, true); err == nil {
		return nil
	}
	if k.history == nil {
		return err
	}
	last, found := k.history.last()
	if !found {
		return fmt.Errorf("%w; and none was in force before", err)
	}
	lastErr := k.reopen(ctx, last.Bundle)
	if lastErr == nil {
		k.fail(err)
		return nil
	}
	if lastErr.Error() != err.Error() { // what is on offer is another
		err = errors.Join(err, fmt.Errorf("the last one in force, %s: %w", last.Revision, lastErr))
	}
	return fmt.Errorf("%w\n%s", err, k.otherwise(ctx, last.Bundle))
}

// otherwise says what can be done where the bundle that should be in force is refused. An older one is never taken by itself: it may
// give what a newer one has closed.
func (k *Keeper) otherwise(ctx context.Context, refused string) string {
	const publish = "to start, publish a bundle that this program takes"
	if record, found := instead(ctx, k.options, k.history, refused); found {
		return fmt.Sprintf("%s, or go back to %s, the newest of the history that it takes: onelondon policy rollback --config FILE --to %[2]s", publish, record.Revision)
	}
	return publish + "; of the bundles in the history it takes no other"
}

// strand notes for the command that a start failed, beside what the server before knew.
func (k *Keeper) strand(err error) {
	if k.history == nil {
		return
	}
	status, _, readErr := k.history.Status()
	if readErr != nil {
		status = Status{}
	}
	status.Source, status.StartFailed, status.Why, status.Refused = k.status.Source, k.options.Now().UTC(), err.Error(), ""
	if refusal := (*Refusal)(nil); errors.As(err, &refusal) {
		status.Refused = refusal.Revision
	}
	if status.Stale.IsZero() {
		status.Stale = status.StartFailed
	}
	k.publish(status)
}

// Engine returns the policy in force.
func (k *Keeper) Engine() *policy.Engine { return k.live.Engine() }

// Run looks again and again until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	if k.options.Folder == "" && k.history == nil && k.options.Codelists == "" {
		return // the policy that the program carries does not change
	}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			k.Look(ctx, false)
		case <-k.again:
			k.Look(ctx, true)
		case <-ctx.Done():
			return
		}
	}
}

// Reload makes Run look at once and read everything anew, changed or not. It does not wait.
func (k *Keeper) Reload() {
	select {
	case k.again <- struct{}{}:
	default: // it is about to
	}
}

// Look looks once at the pin and at what is on offer, and puts in force what should be. Again reads everything anew. What goes
// wrong is in the log and in [Keeper.Status]; the policy in force stays.
func (k *Keeper) Look(ctx context.Context, again bool) {
	k.look.Lock()
	defer k.look.Unlock()
	if lists := fingerprint(k.options.Codelists); lists != k.lists {
		k.lists, again = lists, true
	}
	pin, err := k.pin()
	switch {
	case err != nil:
	case pin != "":
		if pin == k.pinned && !again {
			return
		}
		err = k.hold(ctx, pin)
	default:
		released := k.pinned != ""
		k.pinned = ""
		err = k.follow(ctx, again || released)
	}
	if err != nil && ctx.Err() == nil {
		k.fail(err)
	}
}

// pin is the digest of the bundle that is pinned, empty where none is.
func (k *Keeper) pin() (string, error) {
	if k.history == nil {
		return "", nil
	}
	pin, err := k.history.Pin()
	return pin.Bundle, err
}

// hold puts the pinned bundle in force, whatever is on offer.
func (k *Keeper) hold(ctx context.Context, digest string) error {
	k.pinned = digest
	if err := k.reopen(ctx, digest); err != nil {
		return fmt.Errorf("the pinned bundle %.12s: %w; onelondon policy activate follows what is on offer instead", digest, err)
	}
	return nil
}

// reopen puts a bundle of the history in force. It is verified as if it were new: the folder is not believed.
func (k *Keeper) reopen(ctx context.Context, digest string) error {
	offer, err := k.history.offer(digest)
	if err != nil {
		return err
	}
	return k.take(ctx, offer, true)
}

// follow puts in force what is on offer, where that has changed.
func (k *Keeper) follow(ctx context.Context, again bool) error {
	offer, err := k.source.look(ctx, again)
	switch {
	case err != nil:
		return fmt.Errorf("look for a policy: %w", err)
	case offer == nil:
		k.reached()
		return nil
	}
	return k.take(ctx, offer, false)
}
