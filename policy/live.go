package policy

import "sync/atomic"

// Live is the policy in force while it changes: one Engine, replaced whole. It is safe for concurrent use.
//
// It decides nothing itself. Whoever asks takes the Engine once and keeps it for as long as one question lasts, so that no
// question is decided half by one revision and half by the next. Decisions that an Engine remembers end with it.
type Live struct{ engine atomic.Pointer[Engine] }

// NewLive starts with a policy; there is no Live without one.
func NewLive(first *Engine) *Live {
	live := &Live{}
	live.engine.Store(first)
	return live
}

// Engine returns the policy in force.
func (l *Live) Engine() *Engine { return l.engine.Load() }

// Replace puts another policy in force and returns the one that was. Questions under way keep the one that they began with.
func (l *Live) Replace(next *Engine) *Engine { return l.engine.Swap(next) }
