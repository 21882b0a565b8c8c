package london

import (
	"math/rand/v2"
	"time"

	"onelondon/internal/clinical"
)

// today is the day on which the demo's London stands still. It is fixed, so that the same seed makes the same bytes whenever
// it is run.
func today() time.Time { return time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC) }

// dice throws for one person; each person has dice of their own, so that more people do not change the earlier ones.
type dice struct{ *rand.Rand }

func newDice(seed, stream uint64) dice { return dice{rand.New(rand.NewPCG(seed, stream))} }

// chance comes true perThousand times in a thousand.
func (d dice) chance(perThousand int) bool { return d.IntN(1000) < perThousand }

// between is a number from low to high, both included.
func (d dice) between(low, high int) int {
	if high <= low {
		return low
	}
	return low + d.IntN(high-low+1)
}

// pick takes one of a list.
func pick[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// moment is a time in working hours on a day between two dates.
func (d dice) moment(from, to time.Time) time.Time {
	days := max(1, int(to.Sub(from).Hours()/24))
	day := from.AddDate(0, 0, d.IntN(days))
	return time.Date(day.Year(), day.Month(), day.Day(), 8+d.IntN(10), 5*d.IntN(12), 0, 0, time.UTC)
}

func onDay(t time.Time) clinical.DateTime { return clinical.NewDateTime(t, clinical.PrecisionDay) }
func atMinute(t time.Time) clinical.DateTime {
	return clinical.NewDateTime(t, clinical.PrecisionMinute)
}

func date(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

func clock(year, month, day, hour, minute int) time.Time {
	return time.Date(year, time.Month(month), day, hour, minute, 0, 0, time.UTC)
}
