package plot

import (
	"slices"
	"strings"
	"time"

	"onelondon/internal/cohort"
)

// distinct are the values of some dimensions of a result, in the order in which its rows have them. A row's order is only told
// among rows that agree on the dimensions before: a value that the first of them lack is put where the later ones have it.
func distinct(result *cohort.Result, dimensions []int) []string {
	var all []string
	at := 0 // behind the value that was met last
	before := ""
	for i := range result.Rows {
		key := result.Rows[i].Key
		if len(dimensions) > 0 {
			if prefix := strings.Join(key[:dimensions[0]], "\x00"); prefix != before {
				before, at = prefix, 0
			}
		}
		value := join(key, dimensions)
		if found := slices.Index(all, value); found >= 0 {
			at = max(at, found+1)
			continue
		}
		all = slices.Insert(all, at, value)
		at++
	}
	return unknownLast(all)
}

func unknownLast(all []string) []string {
	if found := slices.Index(all, "unknown"); found >= 0 {
		return append(slices.Delete(all, found, found+1), "unknown")
	}
	return all
}

// The keys of periods.
const (
	monthly = "2006-01"
	yearly  = "2006"
)

// periods are years or months in order, with those between that the result lacks: a gap has to be seen. Anything else is kept in
// its order.
func periods(keys []string) []string {
	known := slices.Clone(keys)
	slices.Sort(known)
	known = slices.DeleteFunc(known, func(key string) bool { return key == "unknown" })
	if len(known) == 0 {
		return keys
	}
	layout, years, months := yearly, 1, 0
	if len(known[0]) == len(monthly) {
		layout, years, months = monthly, 0, 1
	}
	first, err := time.Parse(layout, known[0])
	last, wrong := time.Parse(layout, known[len(known)-1])
	if err != nil || wrong != nil {
		return keys
	}
	var all []string
	for at := first; !at.After(last) && len(all) < 12*200; at = at.AddDate(years, months, 0) {
		all = append(all, at.Format(layout))
	}
	return all
}

// periodName is a period's key in words: "Jan 2025" for a month, the year for a year.
func periodName(key string) string {
	if at, err := time.Parse(monthly, key); err == nil {
		return at.Format("Jan 2006")
	}
	return key
}
