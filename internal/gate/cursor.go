package gate

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/fnv"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/sources"
)

// bookmark is the content of a cursor: where the next page begins, and which items of earlier pages may still absorb
// later records. It is sealed, because the holder must not be able to read record ids and dates, and it is bound to the
// caller and the question.
type bookmark struct {
	Date    string             `json:"d,omitempty"`
	Source  clinical.SourceID  `json:"s"`
	ID      clinical.Text      `json:"i"`
	Kind    clinical.Kind      `json:"k"`
	Leaders []bookmarkedLeader `json:"l,omitempty"`
}

type bookmarkedLeader struct {
	Key          uint64            `json:"k"`
	Kind         clinical.Kind     `json:"n"`
	Source       clinical.SourceID `json:"s"`
	Organisation clinical.Text     `json:"o,omitempty"`
	Intent       clinical.Text     `json:"t,omitempty"`
	Date         string            `json:"d,omitempty"`
}

// sealer seals bookmarks with AES-256-GCM; the cursor's binding is the additional authenticated data.
type sealer struct{ aead cipher.AEAD }

func newSealer(key [32]byte) (*sealer, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &sealer{aead}, nil
}

// RandomKey returns a fresh key. Cursors sealed with it do not survive a restart.
func RandomKey() (key [32]byte) {
	_, _ = rand.Read(key[:]) // never fails: the runtime stops the process instead
	return key
}

func (s *sealer) seal(mark bookmark, bound []byte) string {
	plain, err := json.Marshal(mark)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, bound))
}

// maxCursor is the longest text that is worth decrypting.
const maxCursor = 64 << 10

var errBookmark = errors.New("malformed bookmark")

func (s *sealer) open(text string, bound []byte) (bookmark, error) {
	var mark bookmark
	if len(text) > maxCursor {
		return mark, errBookmark
	}
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	// The decoder ignores line breaks and trailing bits; insisting on the canonical text gives each bookmark exactly
	// one.
	if err != nil || base64.RawURLEncoding.EncodeToString(sealed) != text {
		return mark, errBookmark
	}
	plain, err := s.aead.Open(nil, nil, sealed, bound)
	if err != nil {
		return mark, errBookmark
	}
	return mark, json.Unmarshal(plain, &mark)
}

// binding is what a cursor is bound to: the caller in this role and for this purpose, and this list of this person.
// Page size and fields may change from page to page.
func binding(caller auth.Caller, person clinical.NHSNumber, list *List) []byte {
	h := sha256.New()
	write := func(texts ...string) {
		for _, text := range texts {
			var length [8]byte
			binary.LittleEndian.PutUint64(length[:], uint64(len(text)))
			h.Write(length[:])
			h.Write([]byte(text))
		}
	}
	write(caller.ID, caller.Role, caller.Organisation, caller.Purpose, person.Reveal())
	for _, kind := range list.Kinds {
		write(kind.String())
	}
	write("codes")
	for _, code := range list.Filter.Codes {
		write(string(code.System), string(code.Code))
	}
	write("statuses")
	for _, status := range list.Filter.Statuses {
		write(string(status))
	}
	write(list.Filter.From.String(), list.Filter.Until.String())
	return h.Sum(nil)
}

// bookmarkAt is the bookmark for continuing after the item at a place on the walk's page.
func (w *walk) bookmarkAt(at place) bookmark {
	mark := bookmark{Date: at.Date.String(), Source: at.Source, ID: at.ID, Kind: at.Kind}
	for i := range w.open {
		l := &w.open[i]
		if !samenessOf(l.Kind).reaches(l.Date, at.Date) {
			continue
		}
		if l.item != nil {
			stands := place{sources.Position{Date: l.Date, Source: l.item.About().Source, ID: l.item.About().ID}, l.Kind}
			if stands.compare(&at) > 0 {
				continue
			}
		}
		mark.Leaders = append(mark.Leaders, bookmarkedLeader{l.Key, l.Kind, l.Source, l.Organisation, l.Intent, l.Date.String()})
	}
	return mark
}

// resume makes the walk continue from a bookmark and returns its place.
func (w *walk) resume(mark bookmark) (place, error) {
	at := place{Position: sources.Position{Source: mark.Source, ID: mark.ID}, Kind: mark.Kind}
	var err error
	if at.Date, err = optionalDate(mark.Date); err != nil || at.IsStart() {
		return place{}, errBookmark
	}
	for _, l := range mark.Leaders {
		date, err := optionalDate(l.Date)
		if err != nil {
			return place{}, errBookmark
		}
		w.open = append(w.open, leader{Key: l.Key, Kind: l.Kind, Source: l.Source, Organisation: l.Organisation,
			Intent: l.Intent, Date: date})
	}
	return at, nil
}

func optionalDate(text string) (clinical.DateTime, error) {
	if text == "" {
		return clinical.DateTime{}, nil
	}
	return clinical.ParseDateTime(text)
}

// hashKey hashes a sameness key; it is never zero.
func hashKey(kind clinical.Kind, key string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte{byte(kind)})
	_, _ = h.Write([]byte(key))
	return h.Sum64() | 1
}
