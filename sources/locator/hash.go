package locator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"

	"onelondon/internal/clinical"
)

// hasher maps NHS numbers to 64 bits: HMAC-SHA-256, truncated. The probability that any two of ten million people share
// a hash is 3 in a million; that a given number meets another person's hash, 1 in 10^12.
type hasher struct{ states sync.Pool }

// state is a reusable HMAC, which saves hashing the key each time.
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
	clear(s.in[copy(s.in[:], person.Reveal()):]) // clears the previous person's digits
	s.mac.Write(s.in[:])
	return binary.BigEndian.Uint64(s.mac.Sum(s.out[:0]))
}
