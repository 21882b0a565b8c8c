package cohort_test

import (
	"errors"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

func TestAMomentIsADayOrADistanceFromTheDayOfTheQuestion(t *testing.T) {
	for _, check := range []struct{ moment, asAt, want string }{
		{"2026-01-31", "2026-11-26", "2026-01-31"},
		{"-90 days", "2026-11-26", "2026-08-28"},
		{"0 days", "2026-11-26", "2026-11-26"},
		{"1 day", "2026-12-31", "2027-01-01"},
		{"-12 months", "2026-11-26", "2025-11-26"},
		{"-1 month", "2026-03-31", "2026-02-28"},
		{"-1 month", "2024-03-30", "2024-02-29"},
		{"-2 years", "2024-02-29", "2022-02-28"},
		{"-4 years", "2024-02-29", "2020-02-29"},
		{"3 months", "2026-11-30", "2027-02-28"},
		{"-11 months", "2026-11-30", "2025-12-30"},
	} {
		asAt, err := clinical.ParseDay(check.asAt)
		if err != nil {
			t.Fatal(err)
		}
		moment, err := cohort.ParseMoment(check.moment)
		if err != nil {
			t.Fatalf("%s: %v", check.moment, err)
		}
		if got := moment.In(asAt).String(); got != check.want {
			t.Errorf("%s of %s: got %s, want %s", check.moment, check.asAt, got, check.want)
		}
		again, err := cohort.ParseMoment(moment.String())
		if err != nil || again != moment {
			t.Errorf("%s: written as %s, which is read as %v, %v", check.moment, moment, again, err)
		}
	}
	for _, text := range []string{"", "today", "days", "-90", "-90 weeks", "-90  days", "1e3 days", "-40000 days", "2026-02-30", "26 November 2026"} {
		if _, err := cohort.ParseMoment(text); !errors.Is(err, cohort.ErrMoment) {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
