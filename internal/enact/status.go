package enact

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"onelondon/policy"
	"onelondon/policy/approval"
)

// Record is a policy that was put in force.
type Record struct {
	At       time.Time  `json:"at"`
	Revision string     `json:"revision"`         // as its author numbered it; of a plain folder, its digest
	Number   uint64     `json:"number,omitempty"` // what the revision begins with
	Bundle   string     `json:"bundle,omitempty"` // SHA-256 of the bundle, in hexadecimal digits; empty for a plain folder
	Policy   string     `json:"policy"`           // digest of the rules and tables, as decisions and the ledger name it
	Key      string     `json:"key,omitempty"`    // id of the key that signed it
	Approved []Approver `json:"approved,omitempty"`
	Pinned   bool       `json:"pinned,omitempty"`
	Unread   []string   `json:"unread,omitempty"` // codes of the code lists that it leaves out, with their places
	Apart    []string   `json:"apart,omitempty"`  // what in its rules keeps decisions from being shared by organisations, with its place
}

// Approver is somebody who approved a bundle.
type Approver struct {
	Name string        `json:"name"`
	Role approval.Role `json:"role"`
	At   time.Time     `json:"at"`
}

// unreadBy are the codes that a policy leaves out, in words.
func unreadBy(engine *policy.Engine) []string {
	var places []string
	for _, fault := range engine.Unread() {
		places = append(places, fmt.Sprintf("%s:%d: %s", fault.File, fault.Line, fault.Message))
	}
	return places
}

// apartBy is what keeps a policy's decisions from being shared, in words.
func apartBy(engine *policy.Engine) []string {
	var places []string
	for _, fault := range engine.Apart() {
		places = append(places, fault.Error())
	}
	return places
}

func approvedBy(approvals []approval.Approval) []Approver {
	approvers := make([]Approver, len(approvals))
	for i, a := range approvals {
		approvers[i] = Approver{Name: a.Name, Role: a.Role, At: a.At}
	}
	return approvers
}

// Status is what is in force and what is wrong.
type Status struct {
	Source  string    `json:"source"` // where policies come from
	InForce Record    `json:"inForce"`
	Stale   time.Time `json:"staleSince,omitzero"` // since when the policy in force may not be the one that should be; zero where it is
	Refused string    `json:"refused,omitempty"`   // revision of the policy that was refused last, where that was legible
	Why     string    `json:"why,omitempty"`       // what is wrong, with its place
	// StartFailed is when a server last could not start with this history; zero once one has. What is said to be in force was so before.
	StartFailed time.Time `json:"startFailed,omitzero"`
}

// Status says what is in force and what is wrong.
func (k *Keeper) Status() Status {
	k.state.Lock()
	defer k.state.Unlock()
	return k.status
}

// Record finds the policy with a digest that is in force, or that was so last where questions still end by it.
func (k *Keeper) Record(policy string) (Record, bool) {
	if now := k.Status().InForce; now.Policy == policy {
		return now, true
	}
	if k.history == nil {
		return Record{}, false
	}
	records, err := k.history.Records()
	if err != nil {
		return Record{}, false
	}
	for _, record := range slices.Backward(records) {
		if record.Policy == policy {
			return record, true
		}
	}
	return Record{}, false
}

// Stale is for how long the policy in force may not have been the one that should be: what was on offer was refused, or it
// could not be found out. It is zero where all is well, and where somebody pinned the policy.
func (k *Keeper) Stale() time.Duration {
	since := k.Status().Stale
	if since.IsZero() {
		return 0
	}
	return k.options.Now().Sub(since)
}

// fail notes what is wrong: that something was refused, or that it could not be found out what is on offer.
func (k *Keeper) fail(err error) {
	if refusal := (*Refusal)(nil); errors.As(err, &refusal) {
		k.note(func() { k.refused, k.unknown = err, nil })
		return
	}
	k.note(func() { k.unknown = err })
}

// reached notes that it could be found out what is on offer, and that it has not changed. What was refused stays refused.
func (k *Keeper) reached() { k.note(func() { k.unknown = nil }) }

// succeed notes what is in force now.
func (k *Keeper) succeed(record Record) {
	k.note(func() { k.refused, k.unknown, k.status.InForce = nil, nil, record })
}

// note changes what is known, and tells whoever should hear of it where that makes a difference.
func (k *Keeper) note(change func()) {
	k.state.Lock()
	before := k.status
	change()
	k.status.Why, k.status.Refused = "", ""
	if wrong := errors.Join(k.refused, k.unknown); wrong != nil {
		k.status.Why = wrong.Error()
	}
	if refusal := (*Refusal)(nil); errors.As(k.refused, &refusal) {
		k.status.Refused = refusal.Revision
	}
	switch {
	case k.status.Why == "":
		k.status.Stale = time.Time{}
	case k.status.Stale.IsZero():
		k.status.Stale = k.options.Now().UTC()
	}
	now := k.status
	k.state.Unlock()
	if now.Why != "" && now.Why != before.Why {
		k.options.Log.LogAttrs(context.Background(), slog.LevelWarn, "the policy in force stays",
			slog.String("revision", now.InForce.Revision), slog.String("because", now.Why))
	}
	if now.Why != before.Why || !now.InForce.same(before.InForce) {
		k.publish(now)
	}
}

// publish writes the status where the command finds it. Without it the server runs as well.
func (k *Keeper) publish(status Status) {
	if k.history == nil {
		return
	}
	if err := k.history.publish(status); err != nil {
		k.options.Log.LogAttrs(context.Background(), slog.LevelWarn, "the policy's status could not be written",
			slog.String("error", err.Error()))
	}
}

// same reports whether nothing changed between two records.
func (r Record) same(other Record) bool {
	return r.Bundle == other.Bundle && r.Policy == other.Policy && r.Pinned == other.Pinned
}
