package policy

import "sync/atomic"

// Live is the policy in force while it changes: one Engine, replaced as a whole. It is safe for concurrent use.
//
// It decides nothing itself. Callers take the Engine once and keep it for the duration of one question, so that no
// question is decided partly by one revision and partly by the next. The decisions cached by an Engine are dropped with
// it.
type Live struct{ engine atomic.Pointer[Engine] }

// NewLive starts with a policy; a Live is never without one.
func NewLive(first *Engine) *Live {
	live := &Live{}
	live.engine.Store(first)
	return live
}

// Engine returns the policy in force.
func (l *Live) Engine() *Engine { return l.engine.Load() }

// Replace puts another policy in force and returns the previous one. Questions under way keep the policy they began
// with.
func (l *Live) Replace(next *Engine) *Engine { return l.engine.Swap(next) }
