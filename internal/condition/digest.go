package condition

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"
	"sync"

	"onelondon/internal/clinical"
)

// digested is a list's digest, made when it is first asked for: most lists never travel.
type digested struct {
	once sync.Once
	sum  [sha256.Size]byte
}

// Digest stands for the list: two lists that say the same of every record have the same, and no two others.
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

// ErrCodes reports a text that is no list of codes as [Codes.JSON] writes it.
var ErrCodes = errors.New("not a list of codes")

// ReadCodes makes the list of which JSON, Covers and Presumes say this.
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
