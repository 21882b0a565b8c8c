package scalars

import (
	"encoding/hex"
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"onelondon/graph/refusal"
	"onelondon/internal/clinical"
)

// MarshalText writes a text of a record.
func MarshalText(v clinical.Text) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalText reads a text.
func UnmarshalText(v any) (clinical.Text, error) {
	text, err := unmarshalString(v, "not a String")
	return clinical.Text(text), err
}

// MarshalSourceID writes the identifier of a source.
func MarshalSourceID(v clinical.SourceID) graphql.Marshaler { return quoted(string(v)) }

// UnmarshalSourceID reads the identifier of a source.
func UnmarshalSourceID(v any) (clinical.SourceID, error) {
	text, err := unmarshalString(v, "not a String")
	return clinical.SourceID(text), err
}

// MarshalNHSNumber writes the ten digits.
func MarshalNHSNumber(v clinical.NHSNumber) graphql.Marshaler { return quoted(v.Reveal()) }

// UnmarshalNHSNumber reads a number from text; a number without quotes is refused, since JSON would drop leading zeros.
func UnmarshalNHSNumber(v any) (clinical.NHSNumber, error) {
	text, _ := v.(string)
	number, err := clinical.ParseNHSNumber(text)
	if err != nil {
		return clinical.NHSNumber{}, refusal.New(refusal.InvalidNHSNumber, "This is not a valid NHS number: write ten digits as text, of which the last is the modulus 11 check digit.")
	}
	return number, nil
}

// MarshalPartialDateTime writes a date at the precision recorded.
func MarshalPartialDateTime(v clinical.DateTime) graphql.Marshaler { return quoted(v.String()) }

// UnmarshalPartialDateTime reads a date; its precision is what the text shows.
func UnmarshalPartialDateTime(v any) (clinical.DateTime, error) {
	if v == nil {
		return clinical.DateTime{}, nil
	}
	text, ok := v.(string)
	if !ok {
		return clinical.DateTime{}, refusal.New(refusal.BadRequest, clinical.ErrDateTime.Error())
	}
	date, err := clinical.ParseDateTime(text)
	if err != nil {
		return clinical.DateTime{}, refusal.New(refusal.BadRequest, clinical.ErrDateTime.Error())
	}
	return date, nil
}

// MarshalInstant writes a moment in UTC, to the millisecond.
func MarshalInstant(v time.Time) graphql.Marshaler { return raw(string(AppendInstant(nil, v))) }

// AppendInstant appends a moment as JSON, nothing for the zero time.
func AppendInstant(b []byte, v time.Time) []byte {
	if v.IsZero() {
		return b
	}
	return append(v.UTC().AppendFormat(append(b, '"'), "2006-01-02T15:04:05.000Z"), '"')
}

// UnmarshalInstant reads a moment.
func UnmarshalInstant(v any) (time.Time, error) {
	if v == nil {
		return time.Time{}, nil
	}
	text, _ := v.(string)
	moment, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, refusal.New(refusal.BadRequest, "not an Instant: expected an ISO 8601 date and time with an offset")
	}
	return moment, nil
}

// MarshalDecimal writes a number with exactly the digits of the source.
func MarshalDecimal(v clinical.Decimal) graphql.Marshaler { return raw(string(v)) }

// UnmarshalDecimal reads a number.
func UnmarshalDecimal(v any) (clinical.Decimal, error) {
	if v == nil {
		return "", nil
	}
	text, err := unmarshalNumber(v)
	if err != nil {
		return "", err
	}
	number, ok := clinical.ParseDecimal(text)
	if !ok {
		return "", refusal.New(refusal.BadRequest, "not a Decimal: expected a plain number")
	}
	return number, nil
}

// MarshalMilliseconds writes a span of time in milliseconds with microseconds as decimals, null for none.
func MarshalMilliseconds(v time.Duration) graphql.Marshaler {
	return raw(string(AppendMilliseconds(nil, v)))
}

// AppendMilliseconds appends a span of time as a JSON number of milliseconds, nothing for zero.
func AppendMilliseconds(b []byte, v time.Duration) []byte {
	if v <= 0 {
		return b
	}
	return strconv.AppendFloat(b, float64(v.Microseconds())/1000, 'f', -1, 64)
}

// UnmarshalMilliseconds reads a span of time from a number of milliseconds.
func UnmarshalMilliseconds(v any) (time.Duration, error) {
	number, err := UnmarshalDecimal(v)
	if err != nil || number == "" {
		return 0, err
	}
	value, err := strconv.ParseFloat(string(number), 64)
	if err != nil {
		return 0, refusal.New(refusal.BadRequest, "not a Decimal: expected a plain number")
	}
	return time.Duration(value * float64(time.Millisecond)), nil
}

// MarshalCursor writes a place in a list.
func MarshalCursor(v string) graphql.Marshaler { return quoted(v) }

// UnmarshalCursor reads a place in a list. What it means is the gate's business.
func UnmarshalCursor(v any) (string, error) {
	text, err := unmarshalString(v, "")
	if err != nil {
		return "", refusal.New(refusal.InvalidCursor, "not a Cursor: expected what an earlier page gave")
	}
	return text, nil
}

// MarshalEmergencyGrant writes a grant.
func MarshalEmergencyGrant(v string) graphql.Marshaler { return quoted(v) }

// UnmarshalEmergencyGrant reads a grant. Whether it holds is the gate's business.
func UnmarshalEmergencyGrant(v any) (string, error) {
	return unmarshalString(v, "not an EmergencyGrant: expected what breakGlass gave")
}

// UnmarshalRevision reads a revision of the register of preferences; none is 0, which demands nothing.
func UnmarshalRevision(v any) (uint64, error) {
	if v == nil {
		return 0, nil
	}
	text, err := unmarshalNumber(v)
	if err != nil {
		return 0, refusal.New(refusal.BadRequest, "not a revision: expected a whole number")
	}
	revision, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, refusal.New(refusal.BadRequest, "not a revision: expected a whole number")
	}
	return revision, nil
}

// MarshalDigest writes a digest in hexadecimal.
func MarshalDigest(v [32]byte) string { return hex.EncodeToString(v[:]) }

func unmarshalString(v any, message string) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	}
	return "", refusal.New(refusal.BadRequest, message)
}

func unmarshalNumber(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case int:
		return strconv.Itoa(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	}
	if number, ok := v.(interface{ String() string }); ok {
		return number.String(), nil
	}
	return "", refusal.New(refusal.BadRequest, "not a Decimal: expected a plain number")
}

// MarshalString writes words of this server; empty ones stay empty.
func MarshalString(v string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { write(w, AppendString(nil, v)) })
}

// UnmarshalString reads words.
func UnmarshalString(v any) (string, error) { return unmarshalString(v, "not a String") }

// MarshalID writes an identity.
func MarshalID(v string) graphql.Marshaler { return MarshalString(v) }

// UnmarshalID reads an identity.
func UnmarshalID(v any) (string, error) { return unmarshalString(v, "not an ID") }
