package scalars_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"onelondon/graph/refusal"
	"onelondon/graph/scalars"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

func written(m graphql.Marshaler) string {
	var b strings.Builder
	m.MarshalGQL(&b)
	return b.String()
}

func TestMissingValuesAreNull(t *testing.T) {
	for name, m := range map[string]graphql.Marshaler{
		"text": scalars.MarshalText(""), "source": scalars.MarshalSourceID(""), "NHS number": scalars.MarshalNHSNumber(clinical.NHSNumber{}),
		"date": scalars.MarshalPartialDateTime(clinical.DateTime{}), "instant": scalars.MarshalInstant(time.Time{}),
		"decimal": scalars.MarshalDecimal(""), "milliseconds": scalars.MarshalMilliseconds(0), "cursor": scalars.MarshalCursor(""),
		"status": scalars.MarshalRecordStatus(""), "system": scalars.MarshalCodeSystem(""), "class": scalars.MarshalEncounterClass(""),
		"gender": scalars.MarshalAdministrativeGender(""), "outcome": scalars.MarshalSourceOutcome(""), "health": scalars.MarshalSourceHealth(""),
	} {
		if m != graphql.Null {
			t.Errorf("missing %s is written as %s", name, written(m))
		}
	}
}

func TestValuesAreWrittenAsTheSchemaSays(t *testing.T) {
	number, err := clinical.ParseNHSNumber("943 476 5919")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 22, 23, 4, 5, 67e6, time.FixedZone("", 3600))
	for want, m := range map[string]graphql.Marshaler{
		`"Asthma"`:                   scalars.MarshalText("Asthma"),
		`"9434765919"`:               scalars.MarshalNHSNumber(number),
		`"2026-11"`:                  scalars.MarshalPartialDateTime(clinical.NewDateTime(at, clinical.PrecisionMonth)),
		`"2026-11-22T22:04:05.067Z"`: scalars.MarshalInstant(at),
		`5.10`:                       scalars.MarshalDecimal("5.10"),
		`1.5`:                        scalars.MarshalMilliseconds(1500 * time.Microsecond),
		`0.001`:                      scalars.MarshalMilliseconds(time.Microsecond + 1),
		`"IN_PROGRESS"`:              scalars.MarshalRecordStatus(clinical.StatusOngoing),
		`"ALLERGY_INTOLERANCE"`:      scalars.MarshalRecordKind(clinical.KindAllergyIntolerance),
		`"CARE_PLAN"`:                scalars.MarshalRecordKind(clinical.KindCarePlan),
		`"TIMED_OUT"`:                scalars.MarshalSourceOutcome(gate.TimedOut),
		`""`:                         scalars.MarshalString(""),
	} {
		if got := written(m); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestWhatCannotBeReadIsRefusedWithoutQuotingIt(t *testing.T) {
	const mark = "9434765918"
	reads := map[string]func(any) error{
		"NHSNumber":       func(v any) error { _, err := scalars.UnmarshalNHSNumber(v); return err },
		"PartialDateTime": func(v any) error { _, err := scalars.UnmarshalPartialDateTime(v); return err },
		"Instant":         func(v any) error { _, err := scalars.UnmarshalInstant(v); return err },
		"RecordKind":      func(v any) error { _, err := scalars.UnmarshalRecordKind(v); return err },
		"RecordStatus":    func(v any) error { _, err := scalars.UnmarshalRecordStatus(v); return err },
		"CodeSystem":      func(v any) error { _, err := scalars.UnmarshalCodeSystem(v); return err },
	}
	for name, read := range reads {
		for _, given := range []any{mark, "x" + mark, json.Number(mark), int64(9434765918), []any{mark}, map[string]any{mark: 1}, true} {
			err := read(given)
			var refused *refusal.Error
			if !errors.As(err, &refused) || strings.Contains(err.Error(), mark) {
				t.Errorf("%s of %T: error is %v", name, given, err)
			}
		}
	}
	for _, given := range []any{[]any{mark}, true, map[string]any{}} {
		if _, err := scalars.UnmarshalDecimal(given); err == nil || strings.Contains(err.Error(), mark) {
			t.Errorf("Decimal of %T: error is %v", given, err)
		}
		if _, err := scalars.UnmarshalText(given); err == nil || strings.Contains(err.Error(), mark) {
			t.Errorf("String of %T: error is %v", given, err)
		}
	}
}

func TestWhatWasLeftOutIsReadAsMissing(t *testing.T) {
	date, err := scalars.UnmarshalPartialDateTime(nil)
	if err != nil || !date.IsZero() {
		t.Errorf("date: %v, %v", date, err)
	}
	if status, err := scalars.UnmarshalRecordStatus(nil); err != nil || status != "" {
		t.Errorf("status: %v, %v", status, err)
	}
	if _, err := scalars.UnmarshalNHSNumber(nil); err == nil {
		t.Error("no NHS number was taken for one")
	}
}

func TestDecimalsKeepTheirDigits(t *testing.T) {
	for _, given := range []any{"5.10", json.Number("5.10")} {
		if got, err := scalars.UnmarshalDecimal(given); err != nil || got != "5.10" {
			t.Errorf("%T: %q, %v", given, got, err)
		}
	}
	if got, err := scalars.UnmarshalMilliseconds(json.Number("1.5")); err != nil || got != 1500*time.Microsecond {
		t.Errorf("milliseconds: %v, %v", got, err)
	}
}

// FuzzString writes any bytes as a JSON string that encoding/json reads as the same text, what is not UTF-8 apart.
func FuzzString(f *testing.F) {
	for _, seed := range []string{"", "a", "\"\\/\b\f\n\r\t\x00\x1f\x7f", "é€😀", "\xff\xc3\x28\xed\xa0\x80", "\u2028"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var read string
		got := scalars.AppendString(nil, text)
		if err := json.Unmarshal(got, &read); err != nil {
			t.Fatalf("%q was written as %s: %v", text, got, err)
		}
		if want := strings.ToValidUTF8(text, "\uFFFD"); utf8.ValidString(text) && read != want || !utf8.Valid(got) {
			t.Errorf("%q was read as %q", text, read)
		}
	})
}
