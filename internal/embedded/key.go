package embedded

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"log/slog"
	"sync"

	"onelondon/internal/clinical"
)

// Key is the 32 secret bytes from which all keys of a log are derived. It masks itself wherever it is printed or logged.
type Key [32]byte

// ParseKey reads a key written as 64 hexadecimal digits. The error holds nothing of the text.
func ParseKey(text string) (Key, error) {
	var key Key
	if len(text) != hex.EncodedLen(len(key)) {
		return Key{}, errors.New("not a key: expected 64 hexadecimal digits")
	}
	if _, err := hex.Decode(key[:], []byte(text)); err != nil {
		return Key{}, errors.New("not a key: expected hexadecimal digits only")
	}
	return key, nil
}

// String masks the key.
func (k Key) String() string { return "key (masked)" }

// GoString masks the key under %#v as well.
func (k Key) GoString() string { return k.String() }

// LogValue masks the key in structured logs.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText masks the key: encoding a struct that holds one must not disclose it.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Person stands for one person in a file: HMAC-SHA-256 of the NHS number, cut to 128 bits, so that 60 million people
// collide with a chance of one in 10^23. The zero value is nobody in particular.
type Person [16]byte

// Hash is a link of the chain.
type Hash [sha256.Size]byte

// String writes the hash as hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// keyring holds the keys derived for one file. It is safe for concurrent use.
type keyring struct {
	persons, links, heads, tags sync.Pool // of hash.Hash
	bodies                      cipher.AEAD
	check                       []byte // proves that the right key was given, before anything is looked up with a wrong one
}

// chainID tells one file from another. It is drawn when the file is made.
type chainID [16]byte

// Persons returns what gives each person's stand-in in every log of this purpose under this key. It is safe for concurrent use.
func Persons(key Key, purpose string) (func(clinical.NHSNumber) Person, error) {
	ring, err := newKeyring(key, purpose, chainID{})
	if err != nil {
		return nil, err
	}
	return ring.person, nil
}

// newKeyring derives a key for each use. A person's key depends on the purpose but not on the file, so that the ledgers of
// several servers name a person alike and the ledger and the register do not.
func newKeyring(key Key, purpose string, chain chainID) (*keyring, error) {
	if key == (Key{}) {
		return nil, errors.New("derive keys: the key is all zeros")
	}
	var err error
	derive := func(use string, salt []byte) []byte {
		derived, deriveErr := hkdf.Key(sha256.New, key[:], salt, "onelondon "+purpose+" "+use, sha256.Size)
		err = errors.Join(err, deriveErr)
		return derived
	}
	person, link, head := derive("person", nil), derive("link", chain[:]), derive("head", chain[:])
	body, check, tag := derive("body", chain[:]), derive("check", chain[:]), derive("tag", chain[:])
	if err != nil {
		return nil, fmt.Errorf("derive keys: %w", err)
	}
	block, err := aes.NewCipher(body)
	if err != nil {
		return nil, fmt.Errorf("derive keys: %w", err)
	}
	bodies, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("derive keys: %w", err)
	}
	ring := &keyring{bodies: bodies, check: check}
	ring.persons.New = func() any { return hmac.New(sha256.New, person) }
	ring.links.New = func() any { return hmac.New(sha256.New, link) }
	ring.heads.New = func() any { return hmac.New(sha256.New, head) }
	ring.tags.New = func() any { return hmac.New(sha256.New, tag) }
	return ring, nil
}

// sum runs the parts through one of the ring's keys.
func sum(pool *sync.Pool, parts ...[]byte) (out Hash) {
	mac, _ := pool.Get().(hash.Hash)
	defer pool.Put(mac)
	mac.Reset()
	for _, part := range parts {
		_, _ = mac.Write(part)
	}
	mac.Sum(out[:0])
	return out
}

func (k *keyring) person(number clinical.NHSNumber) (p Person) {
	if number.IsZero() {
		return Person{}
	}
	full := sum(&k.persons, []byte(number.Reveal()))
	copy(p[:], full[:])
	return p
}

func (k *keyring) tag(term Term) (t Tag) {
	full := sum(&k.tags, []byte(term.Kind), []byte{0}, []byte(term.Value))
	copy(t[:], full[:])
	return t
}

// place is what binds a body to its row: where it stands and whom it is about. Both have a fixed length.
func place(sequence uint64, person Person) []byte {
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, 24), sequence), person[:]...)
}

func (k *keyring) seal(place, body []byte) []byte { return k.bodies.Seal(nil, nil, body, place) }

func (k *keyring) unseal(place, sealed []byte) ([]byte, error) {
	return k.bodies.Open(nil, nil, sealed, place)
}

// link is the hash of a row that follows the one with hash previous.
func (k *keyring) link(previous Hash, place, sealed []byte) Hash {
	return sum(&k.links, previous[:], place, sealed)
}

// first is the hash that the first row follows.
func (k *keyring) first() Hash { return sum(&k.links, []byte("first")) }

// sign is what proves a head.
func (k *keyring) sign(head Receipt) Hash {
	return sum(&k.heads, binary.BigEndian.AppendUint64(nil, head.Sequence), head.Hash[:])
}

// head is a head as a store keeps it.
func (k *keyring) head(last Receipt) StoredHead {
	proof := k.sign(last)
	return StoredHead{Sequence: int64(last.Sequence), Hash: last.Hash[:], Proof: proof[:]}
}

// open reads a head, and reports whether it is one that this key has signed.
func (k *keyring) open(stored StoredHead) (head Receipt, ours bool) {
	head.Sequence = uint64(max(stored.Sequence, 0))
	copy(head.Hash[:], stored.Hash)
	proof := k.sign(head)
	return head, len(stored.Hash) == len(head.Hash) && hmac.Equal(proof[:], stored.Proof)
}
