package clinical_test

import (
	"testing"
	"time"

	"onelondon/internal/clinical"
)

func TestDatesKeepThePrecisionTheyWereWrittenWith(t *testing.T) {
	for text, want := range map[string]struct {
		precision clinical.Precision
		shown     string
	}{
		"2019":                       {clinical.PrecisionYear, "2019"},
		"2019-04":                    {clinical.PrecisionMonth, "2019-04"},
		"2019-04-03":                 {clinical.PrecisionDay, "2019-04-03"},
		"2019-04-03T10:22":           {clinical.PrecisionMinute, "2019-04-03T10:22"},
		"2019-04-03 10:22:05":        {clinical.PrecisionSecond, "2019-04-03T10:22:05"},
		"2019-04-03T10:22:05.123456": {clinical.PrecisionSecond, "2019-04-03T10:22:05"},
		"2019-04-03T10:22:05Z":       {clinical.PrecisionSecond, "2019-04-03T10:22:05"},
		"2020-02-29":                 {clinical.PrecisionDay, "2020-02-29"},
	} {
		date, err := clinical.ParseDateTime(text)
		if err != nil || date.Precision() != want.precision || date.String() != want.shown {
			t.Errorf("%s: %v, precision %d, shown %s", text, err, date.Precision(), date)
		}
	}
}

func TestWhatIsNoDateIsRefused(t *testing.T) {
	for _, text := range []string{"", "19", "2019-", "2019-4-3", "2019-13-01", "2019-02-30", "2019-04-03T", "2019-04-03T25:00",
		"2019-04-03T10", "2019-04-03T10:22:05+01:00", "03/04/2019", "2019-04-03 10:22:05.", "2019-04-03x", "0000-01-01", "now"} {
		if date, err := clinical.ParseDateTime(text); err == nil {
			t.Errorf("%q was read as %s", text, date)
		}
	}
}

func TestAPartialDateCoversAllOfItsTime(t *testing.T) {
	for text, until := range map[string]string{"2019": "2020-01-01", "2019-12": "2020-01-01", "2020-02-28": "2020-02-29",
		"2019-04-03T23:59": "2019-04-04"} {
		date, err := clinical.ParseDateTime(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := date.Until().Format(time.DateOnly); got != until {
			t.Errorf("%s ends at %s, want %s", text, got, until)
		}
	}
}

func TestDatesCompareByTheFirstMomentTheyCover(t *testing.T) {
	ordered := []string{"", "1999", "2019", "2019-01-02", "2019-04", "2019-04-03T10:22"}
	for i, a := range ordered {
		for j, b := range ordered {
			left, _ := clinical.ParseDateTime(a)
			right, _ := clinical.ParseDateTime(b)
			if got := left.Compare(right); sign(got) != sign(i-j) {
				t.Errorf("%q against %q: %d", a, b, got)
			}
		}
	}
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func TestDecimalsKeepTheirDigits(t *testing.T) {
	for text, want := range map[string]string{"5.10": "5.10", "-0.5": "-0.5", ".5": "0.5", "+7": "7", "007": "7", "0": "0", "000": "0",
		"12345678901234567890.123": "12345678901234567890.123"} {
		if got, ok := clinical.ParseDecimal(text); !ok || string(got) != want {
			t.Errorf("%q reads as %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "-", ".", "1e5", "1,5", "0x1", "NaN", "1 ", "1.2.3", "--1"} {
		if got, ok := clinical.ParseDecimal(text); ok {
			t.Errorf("%q was read as %q", text, got)
		}
	}
}

func FuzzParseDateTime(f *testing.F) {
	f.Add("2019-04-03T10:22:05")
	f.Add("2019-04")
	f.Fuzz(func(t *testing.T, text string) {
		date, err := clinical.ParseDateTime(text)
		if err != nil {
			return
		}
		again, err := clinical.ParseDateTime(date.String())
		if err != nil || again != date {
			t.Fatalf("%q shows as %q, which reads as %v, %v", text, date, again, err)
		}
	})
}

func TestDatesAreWrittenAsTheStandardLibraryWritesThem(t *testing.T) {
	layouts := map[clinical.Precision]string{clinical.PrecisionYear: "2006", clinical.PrecisionMonth: "2006-01",
		clinical.PrecisionDay: "2006-01-02", clinical.PrecisionMinute: "2006-01-02T15:04", clinical.PrecisionSecond: "2006-01-02T15:04:05"}
	first := time.Date(-3, 11, 30, 23, 59, 58, 0, time.UTC)
	for step := range 4000 {
		at := first.Add(time.Duration(step) * (917*24*time.Hour + 7*time.Hour + 11*time.Minute + 13*time.Second))
		for precision, layout := range layouts {
			date := clinical.NewDateTime(at, precision)
			if got, want := date.String(), date.At().Format(layout); got != want {
				t.Fatalf("%v is written as %q, want %q", at, got, want)
			}
		}
	}
}

func TestTheCalendarIsReckonedAsPackageTimeDoes(t *testing.T) {
	for day := time.Date(1, 1, 1, 7, 8, 9, 0, time.UTC); day.Year() < 10_000; day = day.AddDate(0, 0, 1+day.Year()%7) {
		got, err := clinical.ParseDateTime(day.Format("2006-01-02T15:04:05"))
		if err != nil || !got.At().Equal(day) || got.Day() != clinical.DayOf(day) {
			t.Fatalf("%s: %v %v", day, got, err)
		}
	}
	for _, text := range []string{"2019-02-29", "1900-02-29", "2019-04-31", "2019-00-01", "2019-13-01", "2019-01-00", "2019-01-32",
		"2019-01-01T24:00", "2019-01-01T23:60", "2019-01-01T23:59:60"} {
		if _, err := clinical.ParseDateTime(text); err == nil {
			t.Errorf("%s is taken for a date", text)
		}
	}
}
