package clinical

import (
	"errors"
	"log/slog"
)

// ErrNHSNumber reports text that is not a valid NHS number. It never quotes the text.
var ErrNHSNumber = errors.New("not a valid NHS number: ten digits whose last is the modulus 11 check digit")

// NHSNumber identifies one person: ten digits, the last a modulus 11 check digit (NHS Data Dictionary, nhs_number_de).
// The zero value is no number. It masks itself wherever it is printed or logged; only [NHSNumber.Reveal] gives the digits.
type NHSNumber struct{ digits string }

// ParseNHSNumber parses ten digits, plain or grouped 3-3-4 by single spaces or hyphens, and verifies the check digit.
// The error is always [ErrNHSNumber] and reveals nothing of the text. Ten zeros have a valid check digit, but are
// refused: they were never issued, and systems write them for people whose number they do not know.
func ParseNHSNumber(text string) (NHSNumber, error) {
	switch len(text) {
	case 10:
	case 12:
		if text[3] != text[7] || text[3] != ' ' && text[3] != '-' {
			return NHSNumber{}, ErrNHSNumber
		}
		text = text[:3] + text[4:7] + text[8:]
	default:
		return NHSNumber{}, ErrNHSNumber
	}
	sum := 0
	for i := range 10 {
		digit := int(text[i]) - '0'
		if digit < 0 || digit > 9 {
			return NHSNumber{}, ErrNHSNumber
		}
		if i < 9 {
			sum += digit * (10 - i)
		}
	}
	// A remainder of 1 would need check digit 10, which does not exist: such numbers are never issued.
	if check := (11 - sum%11) % 11; check == 10 || check != int(text[9]-'0') {
		return NHSNumber{}, ErrNHSNumber
	}
	if text == "0000000000" {
		return NHSNumber{}, ErrNHSNumber
	}
	return NHSNumber{digits: text}, nil
}

// IsZero reports whether n is no number at all.
func (n NHSNumber) IsZero() bool { return n.digits == "" }

// Reveal returns the ten digits. Only drivers and encoders call it; the result must not be logged or put in an error.
func (n NHSNumber) Reveal() string { return n.digits }

// String masks the number, so that formatting it by accident discloses nothing.
func (n NHSNumber) String() string { return "NHS number (masked)" }

// GoString masks the number under %#v as well.
func (n NHSNumber) GoString() string { return n.String() }

// LogValue masks the number in structured logs.
func (n NHSNumber) LogValue() slog.Value { return slog.StringValue(n.String()) }

// MarshalText masks the number, so that encoding a struct that contains one does not disclose it. Encoders that mean to
// disclose it call Reveal.
func (n NHSNumber) MarshalText() ([]byte, error) { return []byte(n.String()), nil }
