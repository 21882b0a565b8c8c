package locator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"

	"onelondon/internal/clinical"
)

// hasher turns NHS numbers into the 64 bits that stand for them: HMAC-SHA-256, cut. Two of ten million people share a hash
// with a probability of 3 in a million; that a number asked for meets a stranger's hash, 1 in 10^12.
type hasher struct{ states sync.Pool }

// state is one HMAC ready to be used again, which spares hashing the key.
type state struct {
	mac hash.Hash
	in  [10]byte
	out [sha256.Size]byte
}

func newHasher(key [32]byte) *hasher {
	return &hasher{sync.Pool{New: func() any { return &state{mac: hmac.New(sha256.New, key[:])} }}}
}

func (h *hasher) hash(person clinical.NHSNumber) uint64 {
	s := h.states.Get().(*state)
	defer h.states.Put(s)
	s.mac.Reset()
	clear(s.in[copy(s.in[:], person.Reveal()):]) // of the last person, where this is no number
	s.mac.Write(s.in[:])
	return binary.BigEndian.Uint64(s.mac.Sum(s.out[:0]))
}
