package wire

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"

	"onelondon/internal/clinical"
)

// The addresses below a OneLondon's base, and what is said beside them.
const (
	AskPath       = "/peer/v1/ask"       // POST a question
	AboutPath     = "/peer/v1/about"     // GET an About
	PeoplePath    = "/peer/v1/people"    // GET whom its sources know
	WatermarkPath = "/peer/v1/watermark" // GET how fresh its sources are, as JSON text

	Media         = "application/vnd.onelondon.v1"
	HopsHeader    = "Onelondon-Path"    // the OneLondons that a GET passed, with commas between
	RefusalHeader = "Onelondon-Refusal" // why a question is refused
	AboutHeader   = "Onelondon-About"   // beside an answer: the digest of the About that was so when it was given
)

// Refusal says why a OneLondon does not answer another.
type Refusal string

// The refusals.
const (
	RefusedMalformed   Refusal = "malformed"      // the question cannot be read
	RefusedUnsupported Refusal = "unsupported"    // it speaks of what that version does not know
	RefusedTooLarge    Refusal = "too large"      // it has more bytes, parts or people than are taken
	RefusedLists       Refusal = "lists needed"   // it names lists of codes that are not known there
	RefusedInstance    Refusal = "wrong instance" // it is meant for another
	RefusedReplayed    Refusal = "replayed"       // it was asked before, or long ago
	RefusedLoop        Refusal = "loop"           // it has been there before
	RefusedDepth       Refusal = "too deep"       // it has passed too many
	RefusedCaller      Refusal = "not allowed"    // the sender may not speak for this caller, or not so
	RefusedBehind      Refusal = "behind"         // the register of preferences there has not got as far
	RefusedBusy        Refusal = "busy"           // the sender has too many questions under way
	RefusedUnavailable Refusal = "unavailable"    // policy, register or ledger cannot be had
	RefusedLate        Refusal = "late"           // no answer in time
)

// About is what a OneLondon says of itself to another that may ask it.
type About struct {
	Instance string              `json:"instance"`
	Kinds    map[string][]string `json:"kinds"` // that its sources hold, with the fields it knows of each
}

// DigestOf tells one About from another, as it is sent.
func DigestOf(about []byte) string {
	sum := sha256.Sum256(about)
	return hex.EncodeToString(sum[:16])
}

// Vocabulary is the kinds with the fields that this version knows of each.
func Vocabulary(kinds []clinical.Kind) map[string][]string {
	known := make(map[string][]string, len(kinds))
	for _, kind := range kinds {
		descriptor := kind.Descriptor()
		names := make([]string, len(descriptor.Fields))
		for i := range descriptor.Fields {
			names[i] = descriptor.Fields[i].Name
		}
		known[descriptor.Name] = names
	}
	return known
}

// Fields are the kinds and fields that both ends know. What the other end has more is left out.
func (a *About) Fields() map[clinical.Kind]clinical.FieldSet {
	known := map[clinical.Kind]clinical.FieldSet{}
	for name, fields := range a.Kinds {
		if kind, ok := clinical.ParseKind(name); ok {
			known[kind] = kind.Descriptor().Set(fields...)
		}
	}
	return known
}

// ReadAbout reads what another says of itself. The error is [ErrMalformed].
func ReadAbout(body []byte) (*About, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	var about About
	if err := decoder.Decode(&about); err != nil || !IsInstance(about.Instance) {
		return nil, ErrMalformed
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, ErrMalformed
	}
	return &about, nil
}

// IsInstance reports whether a text can be the name of a OneLondon: up to 40 small letters, digits and hyphens.
func IsInstance(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && (c != '-' || i == 0) {
			return false
		}
	}
	return text != "" && len(text) <= 40
}
