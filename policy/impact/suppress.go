package impact

import (
	"encoding/json"
	"strconv"
)

// suppression is how counts of people are shown: from 1 to threshold not at all, others to the nearest multiple of rounding.
type suppression struct{ threshold, rounding int }

// smallNumbers reads the numbers of disclosure control from a policy's tables: 7 and 5 where it has none (DOMAIN.md 6).
func smallNumbers(tables map[string]any) suppression {
	s := suppression{threshold: 7, rounding: 5}
	table, _ := tables["disclosure"].(map[string]any)
	for name, into := range map[string]*int{"threshold": &s.threshold, "rounding": &s.rounding} {
		if number, ok := table[name].(json.Number); ok {
			if n, err := strconv.Atoi(number.String()); err == nil && n > 0 {
				*into = n
			}
		}
	}
	return s
}

// show is a count as it may be shown.
func (s suppression) show(count int) string {
	switch {
	case count == 0:
		return "0"
	case count <= s.threshold:
		return "1-" + strconv.Itoa(s.threshold)
	}
	return strconv.Itoa((count + s.rounding/2) / s.rounding * s.rounding)
}
