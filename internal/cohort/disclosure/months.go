package disclosure

import "time"

// mostInTime is how many months or years are filled in at most.
const mostInTime = 2_400

// between fills in what lies between the first and the last of months ("2026-01") or years ("2026") in order. What is neither
// is left as it is.
func between(found []string) []string {
	if len(found) == 0 {
		return found
	}
	layout, years, months := "2006-01", 0, 1
	if len(found[0]) == len("2006") {
		layout, years, months = "2006", 1, 0
	}
	first, err := time.Parse(layout, found[0])
	last, lastErr := time.Parse(layout, found[len(found)-1])
	if err != nil || lastErr != nil {
		return found
	}
	var filled []string
	for at := first; !at.After(last); at = at.AddDate(years, months, 0) {
		if filled = append(filled, at.Format(layout)); len(filled) > mostInTime {
			return found
		}
	}
	return filled
}
