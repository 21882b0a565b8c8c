package gate

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"onelondon/internal/clinical"
)

// Typed makes text that somebody typed safe to keep and to show to others: on one line, without control characters or
// changes of text direction, and without NHS numbers, because the reader may be a different person from the one whose
// number was typed. Text that is not UTF-8 is returned unchanged, to be refused by the caller.
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

// shortened cuts a text, between two characters, to the length that the ledger keeps of a reason.
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
