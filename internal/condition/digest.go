package condition

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"
	"sync"

	"onelondon/internal/clinical"
)

// digested is a list's digest, computed on first use, since most lists never need one.
type digested struct {
	once sync.Once
	sum  [sha256.Size]byte
}

// Digest identifies the list: two lists have the same digest if and only if they give the same result for every record.
func (c *Codes) Digest() [sha256.Size]byte {
	c.digest.once.Do(func() {
		h := sha256.New()
		_, _ = h.Write([]byte(c.text))
		for _, system := range c.covers {
			_, _ = h.Write(append([]byte{0}, system...))
		}
		if c.presumes != PresumesNothing {
			_, _ = h.Write([]byte{0, byte(c.presumes - PresumesAll)})
		}
		h.Sum(c.digest.sum[:0])
	})
	return c.digest.sum
}

// ErrCodes reports a text that is not a list of codes in the form of [Codes.JSON].
var ErrCodes = errors.New("not a list of codes")

// ReadCodes rebuilds a list from its JSON, Covers and Presumes.
func ReadCodes(text string, covers []clinical.CodeSystem, presumes Presumption) (*Codes, error) {
	var keys []string
	if err := json.Unmarshal([]byte(text), &keys); err != nil {
		return nil, ErrCodes
	}
	codes := make([]clinical.Coding, len(keys))
	for i, key := range keys {
		system, code, ok := strings.Cut(key, "|")
		if !ok {
			return nil, ErrCodes
		}
		codes[i] = clinical.Coding{System: clinical.CodeSystem(system), Code: clinical.Text(code)}
	}
	c := NewCodes(codes, covers...)
	if presumes > PresumesSilence {
		return nil, ErrCodes
	}
	return c.Presuming(presumes), nil
}
