package gate

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"onelondon/internal/clinical"
)

// Typed is a text that somebody typed, as it may be kept and shown to others: on one line, without characters that steer a
// screen or turn the direction of reading, and without NHS numbers. Whose reason or finding it is may be read by another
// person than the one whose number was typed in. What is not UTF-8 is left as it is, for whoever refuses it.
func Typed(text string) string {
	if text == "" || !utf8.ValidString(text) {
		return text
	}
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.C, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			return ' '
		}
		return r
	}, text)
	return strings.TrimSpace(withoutNumbers(text))
}

var tenDigits = regexp.MustCompile(`[0-9]{10,}|[0-9]{3}[ .-][0-9]{3}[ .-][0-9]{4}`)

func withoutNumbers(text string) string {
	return clinical.MaskNHSNumbers(text, tenDigits, "(an NHS number)")
}

// shortened cuts a text to what the ledger keeps of a reason, between two characters.
func shortened(text string) string {
	if len(text) <= mostReason {
		return text
	}
	cut := mostReason
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut]
}
