package clinical

import (
	"errors"
	"time"
)

// Day is a civil day in London, counted from 1970-01-01.
type Day int32

// NoDay stands for a date that was not recorded.
const NoDay Day = -1 << 31

// ErrDay reports text that is not a day.
var ErrDay = errors.New("not a day: write YYYY-MM-DD")

const dayLayout = "2006-01-02"

// ParseDay reads YYYY-MM-DD.
func ParseDay(text string) (Day, error) {
	at, err := time.Parse(dayLayout, text)
	if err != nil {
		return 0, ErrDay
	}
	return DayOf(at), nil
}

// DayOf is the calendar day of t.
func DayOf(t time.Time) Day {
	year, month, day := t.Date()
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86_400)
}

// Day is the first day that d covers; NoDay for a missing date.
func (d DateTime) Day() Day {
	if d.IsZero() {
		return NoDay
	}
	day := d.seconds / 86_400
	if d.seconds%86_400 < 0 {
		day--
	}
	return Day(day)
}

// Time is the beginning of the day, in UTC.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86_400, 0).UTC() }

// String returns YYYY-MM-DD; "" for NoDay.
func (d Day) String() string {
	if d == NoDay {
		return ""
	}
	return d.Time().Format(dayLayout)
}

// MarshalText writes YYYY-MM-DD.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD.
func (d *Day) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDay(string(text))
	return err
}

// Pseudonym stands for a person within one project: an HMAC of the current NHS number under the project's key,
// truncated to 64 bits. It never leaves the process, and is never written to a file unencrypted.
type Pseudonym uint64
