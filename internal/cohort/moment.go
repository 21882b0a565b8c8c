package cohort

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"onelondon/internal/clinical"
)

// Moment is a day, or a distance from the day of the question: "2026-01-31", "-90 days", "-12 months", "-2 years".
type Moment struct {
	day    clinical.Day
	count  int
	period period
}

type period string

// ErrMoment reports text that is not a moment.
var ErrMoment = errors.New(`not a moment: write a day, YYYY-MM-DD, or a distance from the day of the question, such as "-90 days", "-12 months" or "-2 years"`)

// On is a moment on a day.
func On(day clinical.Day) Moment { return Moment{day: day} }

// Days is a moment so many days after the day of the question; before it where negative.
func Days(count int) Moment { return Moment{count: count, period: "days"} }

// ParseMoment reads a moment.
func ParseMoment(text string) (Moment, error) {
	if day, err := clinical.ParseDay(text); err == nil {
		return On(day), nil
	}
	number, unit, found := strings.Cut(text, " ")
	count, err := strconv.Atoi(number)
	if !found || err != nil || count > 36_525 || count < -36_525 {
		return Moment{}, ErrMoment
	}
	switch of := strings.TrimSuffix(unit, "s") + "s"; of {
	case "days", "months", "years":
		return Moment{count: count, period: period(of)}, nil
	}
	return Moment{}, ErrMoment
}

// In is the day that the moment means where the question is asked as at a day. A month that is too short for the day of the month
// ends the count: a month before 31 March is the last day of February.
func (m Moment) In(asAt clinical.Day) clinical.Day {
	switch m.period {
	case "days":
		return asAt + clinical.Day(m.count)
	case "months":
		return inMonths(asAt, m.count)
	case "years":
		return inMonths(asAt, 12*m.count)
	}
	return m.day
}

// inMonths is so many months after a day.
func inMonths(day clinical.Day, months int) clinical.Day {
	year, month, date := day.Time().Date()
	first := time.Date(year, month+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return clinical.DayOf(first.AddDate(0, 0, min(date, last)-1))
}

// String writes the moment as it is read.
func (m Moment) String() string {
	if m.period == "" {
		return m.day.String()
	}
	return fmt.Sprintf("%d %s", m.count, m.period)
}

// MarshalText writes the moment as it is read.
func (m Moment) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads a moment.
func (m *Moment) UnmarshalText(text []byte) (err error) {
	*m, err = ParseMoment(string(text))
	return err
}
