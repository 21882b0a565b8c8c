package peer

import (
	"sync"
	"time"

	"onelondon/internal/condition"
	"onelondon/sources/onelondon/wire"
)

// lists keeps a peer's lists of codes. The zero value is empty.
type lists struct {
	mu    sync.Mutex
	codes map[wire.Digest]*condition.Codes
	bytes int
}

var _ wire.Lists = (*lists)(nil)

// mostListed bounds what is kept of one peer, in bytes; beyond it the peer sends its lists anew.
const mostListed = 64 << 20

// Codes finds a list; nil where it is not known.
func (l *lists) Codes(digest wire.Digest) *condition.Codes {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.codes[digest]
}

// Keep keeps a list.
func (l *lists) Keep(codes *condition.Codes) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if size := len(codes.JSON()) + 256; l.codes == nil || l.bytes+size > mostListed {
		l.codes, l.bytes = map[wire.Digest]*condition.Codes{codes.Digest(): codes}, size
	} else {
		l.codes[codes.Digest()] = codes
		l.bytes += size
	}
}

// skew is how far the clocks of two OneLondons may be apart, and how long a question may be on its way.
const skew = 2 * time.Minute

// nonces remembers which questions a peer asked lately, so that none is asked again by whoever saw it. The zero value is empty.
type nonces struct {
	mu          sync.Mutex
	now, before map[[16]byte]struct{}
	turned      time.Time
}

// fresh reports whether a question that says that it was sent at a time is one of now that was not asked before.
func (n *nonces) fresh(nonce [16]byte, at, now time.Time) bool {
	if age := now.Sub(at); age > skew || age < -skew {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if now.Sub(n.turned) > 2*skew || n.now == nil {
		n.before, n.now, n.turned = n.now, map[[16]byte]struct{}{}, now
	}
	_, lately := n.before[nonce]
	_, again := n.now[nonce]
	n.now[nonce] = struct{}{}
	return !lately && !again
}
