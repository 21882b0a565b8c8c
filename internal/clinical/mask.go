package clinical

import (
	"regexp"
	"strings"
)

// MaskNHSNumbers replaces each NHS number in a text by instead. Candidates matches the ways in which numbers may be
// written there; a match with a wrong check digit is kept.
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
