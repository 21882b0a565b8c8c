package clinical

import (
	"regexp"
	"strings"
)

// MaskNHSNumbers puts something else in the place of each NHS number in a text. Candidates is how a number may be written there; what
// fails the check digit stays.
func MaskNHSNumbers(text string, candidates *regexp.Regexp, instead string) string {
	return candidates.ReplaceAllStringFunc(text, func(found string) string {
		digits := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, found)
		if _, err := ParseNHSNumber(digits); err != nil {
			return found
		}
		return instead
	})
}
